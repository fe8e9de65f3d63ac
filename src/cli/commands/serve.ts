import { once } from 'node:events';

import type { CommandResult } from '../command-result.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openInBrowser } from '../serve/open-in-browser.ts';
import { readServeOptions } from '../serve/read-serve-options.ts';
import type { ServeOptions } from '../serve/read-serve-options.ts';
import { openShellLog } from '../shell-log.ts';
import type { Shell } from '../shell.ts';

/** Runs the API, the cockpit and, unless told otherwise, one worker until it is interrupted; then ends what is open in order. */
export async function serve(
  given: Shell,
  folders: readonly string[],
  options: GlobalOptions & ServeOptions,
): Promise<CommandResult> {
  const directories = folders.length > 0 ? folders : [toDirectory(given, options)];
  const wish = readServeOptions(options);
  const [first = '.'] = directories;
  const logging = openShellLog(given, options.log);
  const shell: Shell = { ...given, logging };
  const server = await shell
    .openServer(shell, { directories, options: { ...options, directory: first }, wish })
    .catch(async (error: unknown) => {
      await logging.close();
      throw error;
    });
  try {
    logging.say(`cockpit  ${server.url}`);
    const code = await server.setupCode();
    if (code !== null) {
      shell.terminal.err(
        `set up   ${server.url}/setup#${code}\n         once, by whoever installs; the code is good for a day\n`,
      );
    }
    if (wish.open) openInBrowser(code === null ? server.url : `${server.url}/setup#${code}`, shell);
    if (!shell.signal.aborted) await once(shell.signal, 'abort');
    logging.say('ending: streams are closed, what is under way is finished');
  } finally {
    await server.close();
    await logging.close();
  }
  return { exit: 0, json: { url: server.url, state: 'ended' }, text: '' };
}
