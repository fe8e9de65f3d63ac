import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { findProcesses } from '../../process-tree.ts';
import { shKind } from './kind.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-step-sh-'));
afterAll(() => rmSync(workspace, { recursive: true }));

const canary = 'canary-"7c1f\\e04b/93+d2=';
/** Prints what other users of the machine may see of the program, and keeps a digest of the secret. */
const careful = `tr '\\0' '\\n' < /proc/$$/cmdline > seen; tr '\\0' '\\n' < /proc/$$/environ >> seen
sha256sum < {{ secret "api/key" }} > digest`;

stepKindContract({
  kind: shKind,
  success: () => ({ written: { script: 'touch done-by-sh' }, given: { workspace }, target: 'touch done-by-sh' }),
  trouble: () => ({ written: { script: 'echo broken >&2; exit 3' }, given: { workspace } }),
  slow: () => ({
    written: { script: 'trap "" TERM; (trap "" TERM; setsid sleep 31.25) & sleep 31.25', grace: '500ms' },
    given: { workspace },
    left: async () => (await findProcesses('none', process.pid)).length,
  }),
  misspelt: { written: { script: 'true', sandbx: 'required' }, wrong: 'sandbx', meant: 'sandbox' },
  forbidden: { none: 'a program opens its own connections; network: none takes all of them away' },
  secret: () => {
    rmSync(join(workspace, 'digest'), { force: true });
    return {
      written: { script: careful },
      given: { workspace, secrets: { 'api/key': canary } },
      canary,
      arrived: () => read('digest').startsWith(createHash('sha256').update(canary).digest('hex')),
      seen: () => Promise.resolve([read('seen')]),
    };
  },
  probe: { none: 'only the program knows whether it took effect' },
});

function read(name: string): string {
  try {
    return readFileSync(join(workspace, name), 'latin1');
  } catch {
    return '';
  }
}
