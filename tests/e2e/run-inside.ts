import { join } from 'node:path';

import { runProgram } from '../../src/cli/program.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import type { TminusRun } from './run-tminus.ts';

/** Runs the command line in this process: the same commands without the start of a process, for tests that are about neither processes nor signals. */
export async function runInside(
  directory: string,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<TminusRun> {
  const said = { stdout: '', stderr: '' };
  const streamOf = (name: 'stdout' | 'stderr') => ({
    write: (text: string | Uint8Array) =>
      void (said[name] += typeof text === 'string' ? text : Buffer.from(text).toString()),
  });
  const own = { ...process.env, NO_COLOR: '1', CI: 'true', ...env };
  const shell = {
    terminal: openTerminal(streamOf('stdout'), streamOf('stderr'), own),
    directory,
    env: own,
    installation: join(import.meta.dirname, '../..'),
    version: '0.0.0',
    loadKinds: async () => (await import('../../src/kinds/checks/kinds.ts')).checkKinds,
    loadStepKinds: async () => (await import('../../src/kinds/steps/kinds.ts')).stepKinds,
    loadReaders: async () => ({
      checks: (await import('../../src/kinds/checks/readers.ts')).checkReaders,
      steps: (await import('../../src/kinds/steps/readers.ts')).stepReaders,
    }),
    signal: new AbortController().signal,
    openServer: () => Promise.reject(new Error('expected a command that opens no server')),
  };
  return { exit: await runProgram(shell, args), ...said };
}
