import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ProductError } from '../core/error/product-error.ts';
import type { Shell } from '../cli/shell.ts';

/** Returns the folder of the built web UI; in a checkout it is built first where its sources have changed, which takes some seconds. */
export async function findWebRoot({ installation, terminal }: Shell): Promise<string | null> {
  const built = join(installation, 'web/dist');
  const build = join(installation, 'scripts/build-web.ts');
  const canBuild = existsSync(build) && existsSync(join(installation, 'node_modules/vite/package.json'));
  if (canBuild) {
    if (!existsSync(join(built, 'index.html'))) terminal.err('the cockpit is built; this takes some seconds, once\n');
    await runBuild(build);
  }
  return existsSync(join(built, 'index.html')) ? built : null;
}

async function runBuild(build: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [build]);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new ProductError('internal', `cockpit: expected that it can be built, got\n${stderr.trim()}`, {
      hint: 'mend what is named, or serve the API alone with --no-ui',
      cause,
    });
  }
}
