import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import { falseClocksMissing, openFalseClock } from './false-clock.ts';
import type { FalseClock } from './false-clock.ts';
import { openPlace, silence } from './place.ts';
import type { Place } from './place.ts';
import { orderSteps, safeStep, seeThrough, sideBySide, untilCalled } from './see-through.ts';

const hour = 3_600;
const reason = falseClocksMissing === null ? '' : ` (skipped: ${falseClocksMissing})`;

/** A clock as a step saw it, in seconds ahead of the database: its own, and the one that the engine told it. */
interface SeenClock {
  step: string;
  pid: number;
  own: number;
  told: number;
}

/** Milliseconds now and then, and else from two seconds to four minutes: few of many looks find a clock that is nearly right. */
const strobeSeconds = (jump: number): number => (jump % 4 === 0 ? 0.004 * 2 ** (jump % 7) : 2 ** (1 + (jump % 8)));

describe.skipIf(falseClocksMissing !== null)(`workers whose clock is wrong${reason}`, () => {
  let place: Place;
  const clocks: FalseClock[] = [];

  beforeEach(async () => {
    place = await openPlace(await createTestDatabase());
  });
  afterEach(async () => {
    await place.close();
    for (const clock of clocks.splice(0)) clock.remove();
  });

  function clockOf(aheadSeconds: number): FalseClock {
    const clock = openFalseClock(aheadSeconds);
    clocks.push(clock);
    return clock;
  }

  async function seenClocks(): Promise<SeenClock[]> {
    const { rows } = await place.engine.store.database.pool.query<SeenClock>(
      `select step, pid, extract(epoch from own_clock - began_at)::float8 as own, extract(epoch from told_clock - began_at)::float8 as told
         from public.call order by id`,
    );
    return rows;
  }

  it(
    'F57 by two hours, either way, change no outcome: T-0, limits and the clock of the steps are the database’s',
    { timeout: 400_000 },
    async () => {
      const ahead = place.start('worker', null, { env: clockOf(2 * hour).env });
      const behind = place.start('worker', null, { env: clockOf(-2 * hour).env });
      expect(await Promise.all([ahead.ready, behind.ready])).toEqual([true, true]);
      const t0Ms = (await place.nowMs()) + 8_000;
      const atZero = { kind: 'offset', offsetMs: 0 } as const;
      const steps = [
        ...sideBySide(16, 'once slow 1000', { limitMs: 30_000 }),
        safeStep('zero', 'once', { needs: ['first'], timer: atZero, limitMs: 30_000 }),
      ];
      const run = await orderSteps(place, 'skewed', steps, { t0Ms });
      const { run: ended, calls, violations } = await seeThrough(place, run);
      expect(violations).toEqual([]);
      expect(ended.state).toBe('completed');
      expect(Object.values(ended.steps).map(({ attempt, state }) => `${state} ${attempt}`)).toEqual(
        steps.map(() => 'done 1'),
      );
      const lateMs = calls.find(({ step }) => step === 'zero')!.beganAtMs - t0Ms;
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(60_000);
      const seen = await seenClocks();
      expect(new Set(seen.map(({ pid, own }) => `${pid} ${Math.round(own / hour)}`))).toEqual(
        new Set([`${ahead.pid} 2`, `${behind.pid} -2`]),
      );
      for (const { told } of seen) expect(Math.abs(told)).toBeLessThan(20);
    },
  );

  it(
    'F58 F60 a clock that steps back by an hour in the middle of a step, and one that jumps about all the time, lose no claim and repeat nothing',
    { timeout: 400_000 },
    async () => {
      const [stepped, strobed] = [clockOf(0), clockOf(0)];
      const first = place.start('worker', null, { env: stepped.env });
      await first.ready;
      const run = await orderSteps(place, 'stepped', [safeStep('a', 'once slow 13000'), safeStep('b', 'once')]);
      await untilCalled(place, run.id, 'a');
      stepped.set(-hour);
      const second = place.start('worker', null, { env: strobed.env });
      await second.ready;
      const other = await orderSteps(place, 'strobed', sideBySide(24, 'once slow 1500'));
      let jump = 0;
      const strobe = setInterval(() => strobed.set((jump % 2 === 0 ? 1 : -1) * strobeSeconds((jump += 1))), 5);
      const one = await seeThrough(place, run);
      const two = await seeThrough(place, other);
      clearInterval(strobe);
      expect(two.violations).toEqual([]);
      for (const { run: ended } of [one, two]) {
        expect(ended.state).toBe('completed');
        expect(Object.values(ended.steps).filter(({ attempt }) => attempt !== 1)).toEqual([]);
      }
      expect(jump).toBeGreaterThan(100);
      const seen = await seenClocks();
      expect(seen.filter(({ pid, own }) => pid === first.pid && Math.abs(own + hour) < 20)).not.toEqual([]);
      expect(seen.filter(({ pid, own }) => pid === second.pid && Math.abs(own) > 1)).not.toEqual([]);
      for (const { told } of seen) expect(Math.abs(told)).toBeLessThan(20);
    },
  );

  it(
    'F62 a machine that was asleep for twelve hours and wakes finds its step taken over, and writes nothing of its own',
    { timeout: 400_000 },
    async () => {
      const clock = clockOf(0);
      const sleeper = place.start('worker', null, { env: clock.env });
      await sleeper.ready;
      const run = await orderSteps(place, 'asleep', [safeStep('a', 'fenced slow 4000'), safeStep('b', 'once')]);
      const first = await untilCalled(place, run.id, 'a');
      sleeper.signal('SIGSTOP');
      place.frozen.push(sleeper.pid);
      const heir = place.start('worker');
      await heir.ready;
      while ((await seenClocks()).length < 2) {
        await silence(place, [sleeper.pid]);
        await pause(100);
      }
      clock.set(12 * hour);
      sleeper.signal('SIGCONT');
      const { run: ended, calls, violations } = await seeThrough(place, run);
      expect(violations).toEqual([]);
      expect([ended.state, ended.steps['a']?.attempt]).toEqual(['completed', 2]);
      const applied = calls.filter(({ appliedAtMs }) => appliedAtMs !== null);
      expect(applied.map(({ step }) => step)).toEqual(['a', 'b']);
      expect(applied[0]?.pid).toBe(heir.pid);
      expect(first.pid).toBe(sleeper.pid);
      // Awake, it works on, by a clock that is half a day ahead.
      heir.tell({ tell: 'stop' });
      await heir.exited;
      const next = await orderSteps(place, 'awake', sideBySide(6, 'once slow 500'));
      expect((await seeThrough(place, next)).run.state).toBe('completed');
      const own = (await seenClocks()).filter(({ pid, step }) => pid === sleeper.pid && step.startsWith('s'));
      expect(own.map(({ own: seconds }) => Math.round(seconds / hour))).toContain(12);
    },
  );
});
