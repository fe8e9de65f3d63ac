import { existsSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { atPlace } from './at-place.ts';
import { cgroupsMissing, memoryLimit } from './cgroup.ts';
import { orderSteps, safeStep, seeThrough, untilCalled } from './see-through.ts';

const missing = await cgroupsMissing([memoryLimit(64)]);
const prlimit = '/usr/bin/prlimit';
const why = (reason: string | null): string => (reason === null ? '' : ` (skipped: ${reason})`);

describe('a worker that gets too little of its machine', () => {
  it.skipIf(missing !== null)(
    `F7 is killed by the kernel for its memory: another does its step, each effect is applied once${why(missing)}`,
    { timeout: 400_000 },
    () =>
      atPlace(async (place, groupOf) => {
        const group = groupOf(memoryLimit(400));
        const small = place.start('worker', null, { within: group.within });
        expect(await small.ready).toBe(true);
        const run = await orderSteps(place, 'hog', [
          safeStep('a', 'once'),
          safeStep('b', 'once hog 500'),
          safeStep('c', 'once'),
        ]);
        expect(await small.exited).toBe('SIGKILL');
        expect(group.felt()).toBeGreaterThan(0);
        await place.start('worker').ready;
        const { run: ended, calls, violations } = await seeThrough(place, run);
        expect(violations).toEqual([]);
        expect([ended.state, ended.steps['b']?.attempt]).toEqual(['completed', 2]);
        expect(calls.filter(({ appliedAtMs }) => appliedAtMs !== null).map(({ step }) => step)).toEqual([
          'a',
          'b',
          'c',
        ]);
      }),
  );

  it(
    'F8 ends itself at the limit of its heap: another does its step, and no log of a step is half written',
    { timeout: 400_000 },
    () =>
      atPlace(async (place) => {
        const small = place.start('worker', null, { nodeOptions: ['--max-old-space-size=96'] });
        expect(await small.ready).toBe(true);
        const run = await orderSteps(place, 'heap', [
          safeStep('a', 'once'),
          safeStep('b', 'once heap 300'),
          safeStep('c', 'once'),
        ]);
        expect(await small.exited).toBe('SIGABRT');
        expect(small.complaints()).toContain('heap out of memory');
        await place.start('worker').ready;
        const { run: ended, calls, logs, violations } = await seeThrough(place, run);
        expect(violations).toEqual([]);
        expect([ended.state, ended.steps['b']?.attempt]).toEqual(['completed', 2]);
        expect(calls.filter(({ appliedAtMs }) => appliedAtMs !== null).map(({ step }) => step)).toEqual([
          'a',
          'b',
          'c',
        ]);
        expect(logs[`${run.id}/b/2`]).toBe(`calls ${run.id}/b\nheld 300 MiB of heap\n`);
      }),
  );

  it.skipIf(!existsSync(prlimit))(
    `F9 without a file descriptor to connect with lives on, and goes on with its step as soon as there are some${why(existsSync(prlimit) ? null : 'prlimit is not installed')}`,
    { timeout: 400_000 },
    () =>
      atPlace(async (place) => {
        const worker = place.start('worker', null, { within: [prlimit, '--nofile=64', '--'] });
        expect(await worker.ready).toBe(true);
        const steps = [safeStep('a', 'once descriptors 5000'), safeStep('b', 'once'), safeStep('c', 'once')];
        const run = await orderSteps(place, 'descriptors', steps);
        await untilCalled(place, run.id, 'a');
        // What it has open it would go on with; so it loses that, too, and finds no descriptor to connect with again.
        await place.engine.store.database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        );
        const { run: ended, calls, logs, violations } = await seeThrough(place, run);
        expect(violations).toEqual([]);
        expect([ended.state, worker.ended()]).toEqual(['completed', null]);
        expect(new Set(calls.map(({ pid }) => pid))).toEqual(new Set([worker.pid]));
        expect(logs[`${run.id}/a/1`]).toMatch(/held [1-9]\d? descriptors, then EMFILE/);
      }),
  );
});
