import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findInFiles, waitFor } from './run-desk.ts';
import { startSmallLaunch } from './start-small-launch.ts';

const canary = 'cnry-7Hq2vXw9Rk4TzL8p';
const base64 = Buffer.from(canary).toString('base64');
/** Printed beside the secret, more than once since a log is kept in pieces: where it cannot be found, nothing was searched. */
const marker = 'beside-the-secret-stands-this';

const small = startSmallLaunch();
beforeAll(() => small.hold());
afterAll(() => small.stop());

const front = 'secrets:\n  api/canary: { file: .keys/canary }\n  api/absent: { file: .keys/nobody-wrote-this }\n';
const printing = `## Runbook

1. Print what must not be printed {#print}

   \`\`\`sh timeout=1m
   value=$(cat {{ secret "api/canary" }})
   echo "${marker}: $value"
   for n in 1 2 3 4 5; do echo "$n ${marker}"; done
   printf '%s' "$value" | base64
   printf '%s' "$value" | cut -c1-10 | tr -d '\\n'
   sleep 1
   printf '%s' "$value" | cut -c11-
   touch asked
   while [ -e asked ]; do sleep 0.1; done
   echo "$value" >&2
   exit 1
   \`\`\`
`;
const absent = `## Runbook

1. Use a secret that is nowhere {#use}

   \`\`\`sh timeout=1m
   cat {{ secret "api/absent" }}
   \`\`\`
`;

/** Command lines of every process of the machine, as anybody may read them. */
function readCommandLines(): string {
  const lines = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return lines
    .map((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

describe('a secret that a step prints in three ways', { timeout: 300_000 }, () => {
  it.skipIf(process.platform !== 'linux')(
    'O06 O09 is nowhere: not in the log, the events, the database, nor on any command line',
    async () => {
      const { desk } = small;
      writeFileSync(small.at('.keys/canary'), `${canary}\n`, { mode: 0o600 });
      small.write(printing, front);
      const worker = await desk.startWorker();
      const run = await desk.order('alice', 5);
      await waitFor('a step that has printed', () => readdirSync(small.directory).includes('asked'));
      const lines = readCommandLines();
      expect([lines.includes('tminus'), lines.includes(canary), lines.includes(base64)]).toEqual([true, false, false]);
      rmSync(small.at('asked'));
      await desk.untilStep('print', 'failed', { run });
      const log = await desk.tminus('log', run);
      expect(log.stdout).toContain(`${marker}: [masked:api/canary]`);
      const told = [
        log,
        await desk.tminus('log', run, '--json'),
        await desk.tminus('events', run, '--json'),
        await desk.tminus('status', '--json'),
      ];
      for (const { stdout, stderr } of told)
        for (const form of [canary, base64, canary.slice(0, 10), canary.slice(10)])
          expect(stdout + stderr).not.toContain(form);
      await desk.done('alice', 0, 'cancel', run, '--reason', 'seen');
      await desk.stopWorkers();
      // Whatever it still had in memory is on the disk then.
      await small.rest();
      expect(worker.stderrSoFar()).not.toContain(canary);
      const database = small.at('.tminus');
      expect(findInFiles(database, marker)).not.toEqual([]);
      for (const form of [canary, base64, canary.slice(10)]) expect(findInFiles(database, form)).toEqual([]);
    },
  );

  it('O06 a secret that is not there fails the step that needs it, with its name', async () => {
    const { desk } = small;
    small.write(absent, front);
    await desk.startWorker();
    const run = await desk.order('alice', 5);
    const seen = await desk.untilStep('use', 'failed', { run });
    expect(seen.run.steps['use']?.detail).toContain('api/absent');
    await desk.done('alice', 0, 'cancel', run, '--reason', 'seen');
  });
});
