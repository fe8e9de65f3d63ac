import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

import { readProcess, stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { findProcesses } from '../../process-tree.ts';
import { commandKind } from './kind.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-step-command-'));
afterAll(() => rmSync(workspace, { recursive: true }));
const canary = 'canary-"7c1f\\e04b/93+d2=';
let visible: Promise<string>[] = [];

stepKindContract({
  kind: commandKind,
  success: () => ({ written: { argv: ['touch', 'by-command'] }, given: { workspace }, target: 'touch by-command' }),
  trouble: () => ({ written: { argv: ['tminus-has-no-such-program'] }, given: { workspace } }),
  slow: () => ({
    written: { argv: ['sleep', '31.25'], grace: '500ms' },
    given: { workspace },
    left: async () => (await findProcesses('none', process.pid)).length,
  }),
  misspelt: { written: { argv: ['true'], netwrk: 'none' }, wrong: 'netwrk', meant: 'network' },
  forbidden: { none: 'a program opens its own connections; network: none takes all of them away' },
  secret: () => {
    rmSync(join(workspace, 'copy'), { force: true });
    visible = [];
    return {
      written: {
        argv: ['sh', '-c', 'cat "$1" > copy; echo ready; sleep 0.4', 'sh', '{{ secret "api/key" }}'],
        env: { KEY_FILE: '{{ secret "api/key" }}' },
      },
      given: { workspace, secrets: { 'api/key': canary }, onLog: () => visible.push(look()) },
      canary,
      arrived: () => read('copy') === canary,
      seen: () => Promise.all(visible),
    };
  },
  probe: { none: 'only the program knows whether it took effect' },
});

/** Everything that this process has started by now, as others see it. */
async function look(): Promise<string> {
  const all = await findProcesses('none', process.pid);
  return (await Promise.all(all.map(({ pid }) => readProcess(pid).catch(() => '')))).join('\n');
}

function read(name: string): string {
  try {
    return readFileSync(join(workspace, name), 'latin1');
  } catch {
    return '';
  }
}
