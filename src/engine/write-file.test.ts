import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { afterAll, describe, expect, it } from 'vitest';

import { makeFolder } from './write-file.ts';

const root = mkdtempSync(join(tmpdir(), 'tminus-make-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const racer = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.module).then(({ makeFolder }) => {
    const turns = new Int32Array(workerData.turns);
    const failures = [];
    for (let round = 0; round < workerData.rounds; round += 1) {
      Atomics.add(turns, round, 1);
      // A racer that has no processor is waited for without taking one.
      for (let spins = 0; Atomics.load(turns, round) < workerData.racers; spins += 1)
        if (spins > 100_000) Atomics.wait(turns, round, Atomics.load(turns, round), 1);
      try { makeFolder(workerData.root + '/' + round + '/of/two'); } catch (error) { failures.push(error.message); }
    }
    parentPort.postMessage(failures);
  });
`;

/** Threads that make the same folders in the same moments; returns what failed. */
async function race(racers: number, rounds: number): Promise<string[]> {
  const turns = new SharedArrayBuffer(4 * rounds);
  const module = new URL('write-file.ts', import.meta.url).href;
  const ended = Array.from({ length: racers }, async () => {
    const worker = new Worker(racer, { eval: true, workerData: { module, turns, rounds, racers, root } });
    const failures = await new Promise<string[]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    return failures;
  });
  return (await Promise.all(ended)).flat();
}

describe('a folder that is made', () => {
  it('O03 may be made by two at the same moment', { timeout: 300_000 }, async () => {
    expect(await race(2, 1_000)).toEqual([]);
  });

  it('is refused with words where a file has its name', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow(`${file}: expected a place that can be written, got something of that name`);
    expect(() => makeFolder(join(file, 'below'))).toThrow('expected a place that can be written');
  });
});
