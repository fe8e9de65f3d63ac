import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Takes the pictures anew that tests/web/visual.test.ts holds the cockpit to. Look at what changed before it is committed. */
const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'tests/web/visual.test.ts'], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, TMINUS_BASELINES: '1' },
});
process.exitCode = run.status ?? 1;
