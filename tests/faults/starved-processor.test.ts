import { spawn } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { atPlace } from './at-place.ts';
import { cgroupsMissing, processorLimit } from './cgroup.ts';
import { orderSteps, safeStep, seeThrough, untilCalled } from './see-through.ts';

const missing = await cgroupsMissing([processorLimit(5)]);
const why = (reason: string | null): string => (reason === null ? '' : ` (skipped: ${reason})`);

describe('a worker that gets too little of its processor', () => {
  it.concurrent(
    'F6 keeps its step though its event loop stands still for longer than a sign of life may be missing',
    { timeout: 400_000 },
    () =>
      atPlace(async (place) => {
        await place.start('worker').ready;
        const run = await orderSteps(place, 'blocked', [safeStep('a', 'once block 13000'), safeStep('b', 'once')]);
        const first = await untilCalled(place, run.id, 'a');
        await place.start('worker').ready;
        const { run: ended, calls, logs, violations } = await seeThrough(place, run);
        expect(violations).toEqual([]);
        expect([ended.state, ended.steps['a']?.attempt]).toEqual(['completed', 1]);
        expect(calls.filter(({ step }) => step === 'a').map(({ pid }) => pid)).toEqual([first.pid]);
        expect(logs[`${run.id}/a/1`]).toContain('blocked 13000 ms');
      }),
  );

  it.skipIf(missing !== null).concurrent(
    `F11 with a twentieth of a processor, shared with a busy loop, keeps its step, and comes to an end with it${why(missing)}`,
    { timeout: 400_000 },
    () =>
      atPlace(async (place, groupOf) => {
        const group = groupOf(processorLimit(5));
        const slow = place.start('worker');
        await slow.ready;
        const run = await orderSteps(place, 'starved', [safeStep('a', 'once slow 15000'), safeStep('b', 'once')]);
        await untilCalled(place, run.id, 'a');
        const busy = spawn('/bin/sh', ['-c', 'while :; do :; done']);
        group.add(slow.pid);
        group.add(busy.pid!);
        try {
          await place.start('worker').ready;
          const { run: ended, calls, violations } = await seeThrough(place, run);
          expect(violations).toEqual([]);
          expect([ended.state, ended.steps['a']?.attempt]).toEqual(['completed', 1]);
          expect(calls.filter(({ step }) => step === 'a').map(({ pid }) => pid)).toEqual([slow.pid]);
          expect(group.felt()).toBeGreaterThan(100);
        } finally {
          busy.kill('SIGKILL');
        }
      }),
  );
});
