import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runProgram } from './cli/program.ts';
import { openTerminal } from './cli/terminal.ts';
import type { openServer } from './server/open-server.ts';

const installation = dirname(import.meta.dirname);
const { version } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string };

// The first signal ends the work in order: children are killed, the database is shut down. A second one ends it at once; one that comes right behind the
// first is the same wish twice, since a terminal tells everybody in front of it and the launcher passes it on.
const interruption = new AbortController();
const sameWishMs = 1_000;
let askedAt: number | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    const now = performance.now();
    if (askedAt !== null && now - askedAt > sameWishMs) process.exit(130);
    askedAt ??= now;
    interruption.abort();
  });
}

// Whoever reads our output may leave early ("| head"): the work goes on, what is printed then is lost. A disk that is full under a redirect is an error.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`error stdout: expected that the result can be written, got ${error.message}\n`);
  process.once('exit', () => (process.exitCode = 1));
});

process.exitCode = await runProgram(
  {
    terminal: openTerminal(process.stdout, process.stderr, process.env),
    directory: process.cwd(),
    env: process.env,
    installation,
    version,
    // No command waits for what it does not ask for: the tree of commands alone is a tenth of it all.
    loadKinds: async () => (await import('./kinds/checks/kinds.ts')).checkKinds,
    loadStepKinds: async () => (await import('./kinds/steps/kinds.ts')).stepKinds,
    loadReaders: async () => ({
      checks: (await import('./kinds/checks/readers.ts')).checkReaders,
      steps: (await import('./kinds/steps/readers.ts')).stepReaders,
    }),
    signal: interruption.signal,
    openServer: async (...given: Parameters<typeof openServer>) =>
      (await import('./server/open-server.ts')).openServer(...given),
  },
  process.argv.slice(2),
);
