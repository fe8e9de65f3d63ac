import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';

import { prepareShopLaunch } from '../../../examples/shop-cutover/prepare-shop-launch.ts';
import { startShop } from '../../../examples/shop-cutover/start-shop.ts';
import { loadPlan } from '../../engine/load-plan.ts';
import type { CommandResult } from '../command-result.ts';
import { openInBrowser } from '../serve/open-in-browser.ts';
import type { ServeWish } from '../serve/read-serve-options.ts';
import type { Shell } from '../shell.ts';
import { openDemoDesk } from './open-demo-desk.ts';

/**
 * Serves the cockpit on a launch that looks done and is not, with two real shops beside it, until it is interrupted. Whoever sits before it can be any of its
 * people, mend the shop, rehearse, vote, run and take back, all by clicking.
 */
export async function serveDemo(shell: Shell, out: string, wish: ServeWish): Promise<CommandResult> {
  const { terminal } = shell;
  // Steps of the launch are programs for Node, and the one on PATH may be too old for them; they inherit it from this process, which is the demo and nothing else.
  process.env['PATH'] = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  terminal.err('the demo is set up: a launch repository, two shops, a database\n');
  const files = await prepareShopLaunch(join(out, 'launch'));
  const shop = await startShop({ directory: files.directory, flawed: true });
  try {
    const { launch } = await loadPlan(files.directory, await shell.loadReaders());
    const server = await shell.openServer(shell, {
      directories: [files.directory],
      options: { directory: files.directory },
      wish,
      openDemo: (identity, url) => openDemoDesk({ shop, files, launch, identity, url }),
    });
    try {
      const { bold } = terminal.palette;
      terminal.err(
        `\n${bold('open')}     ${server.url}/demo\nlaunch   ${files.directory}   a Git repository; "tminus status" works in it, too\nend      Ctrl-C\n`,
      );
      if (wish.open) openInBrowser(`${server.url}/demo`, shell);
      if (!shell.signal.aborted) await once(shell.signal, 'abort');
    } finally {
      await server.close();
    }
  } finally {
    await shop.stop();
  }
  return { exit: 0, json: { out, state: 'ended' }, text: '' };
}
