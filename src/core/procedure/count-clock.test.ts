import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  advanceClock,
  clockAtOffset,
  clockFor,
  countAt,
  expectedT0,
  resumeCount,
  stopCount,
  wallOf,
} from './count-clock.ts';
import type { CountClock } from './count-clock.ts';
import type { BuiltInHold } from './plan.ts';

const hold = (id: string, atMs: number, forMs: number, release: BuiltInHold['release'] = 'clock'): BuiltInHold => ({
  id,
  title: id,
  atMs,
  forMs,
  release,
});
const holds = [hold('a', -1_000, 300), hold('b', -400, 50)];

function at(clock: CountClock, nowMs: number): CountClock {
  return advanceClock(clock, nowMs).at(-1)?.clock ?? clock;
}

describe('the count', () => {
  it('C14 T-time stands still in a built-in hold while wall time goes on', () => {
    const clock = clockFor(10_000, 0, holds);
    expect(clock.tMs).toBe(-9_650);
    expect(countAt(at(clock, 8_650), 8_650)).toBe(-1_000);
    expect(countAt(at(clock, 8_949), 8_949)).toBe(-1_000);
    expect(countAt(at(clock, 8_951), 8_951)).toBe(-999);
    expect(countAt(at(clock, 10_000), 10_000)).toBe(0);
  });

  it('C14 a hold that a person has to end moves T-0 by as long as it lasts beyond its plan', () => {
    const clock = at(clockFor(1_000, 0, [hold('go', -500, 100, 'person')]), 900);
    expect(countAt(clock, 900)).toBe(-500);
    expect(expectedT0(clock, 900)).toBe(1_400);
    expect(expectedT0(resumeCount(clock, 'go', 900), 900)).toBe(1_400);
  });

  it('C14 a hold of unknown length leaves T-0 unknown, and moves it by its length', () => {
    const stopped = stopCount(clockFor(1_000, 0, []), { id: 'h', untilMs: null, release: 'person' }, 200);
    expect(expectedT0(stopped, 300)).toBeNull();
    expect(countAt(stopped, 999)).toBe(-800);
    expect(expectedT0(resumeCount(stopped, 'h', 350), 350)).toBe(1_150);
  });

  it('C14 a clock made inside a planned hold has the rest of it before it', () => {
    const clock = clockFor(1_000, 0, [hold('a', -900, 300)]);
    expect(clock).toEqual({ tMs: -900, wallMs: 0, stops: [{ id: 'a', untilMs: 100, release: 'clock' }], ahead: [] });
    expect(expectedT0(clock, 0)).toBe(1_000);
  });

  it('C14 a hold that lies wholly before the start is over, also where the count begins at its very offset', () => {
    const clock = clockFor(9, 0, [hold('a', -9, 1)]);
    expect(clock).toEqual({ tMs: -9, wallMs: 0, stops: [], ahead: [] });
    expect(expectedT0(clock, 0)).toBe(9);
  });

  it('C14 two holds at one offset come one after the other and are both counted', () => {
    const twins = [hold('a', -10, 5), hold('b', -10, 7)];
    const clock = clockFor(30, 0, twins);
    expect(expectedT0(clock, 0)).toBe(30);
    expect(countAt(at(clock, 30), 30)).toBe(0);
    expect(clockFor(15, 0, twins).stops.map(({ id }) => id)).toEqual(['b']);
    expect(clockFor(20, 0, twins).stops.map(({ id }) => id)).toEqual(['a']);
  });

  it('C14 a recycle holds again in the holds that lie ahead', () => {
    const clock = at(clockFor(10_000, 0, holds), 9_800);
    const back = clockAtOffset(clock, -1_000, 9_800, holds);
    expect(back.ahead.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(expectedT0(back, 9_800)).toBe(9_800 + 1_000 + 350);
  });

  const anyHolds = fc
    .array(fc.record({ atMs: fc.integer({ min: -5_000, max: -1 }), forMs: fc.integer({ min: 1, max: 900 }) }), {
      maxLength: 6,
    })
    .map((list) => list.map(({ atMs, forMs }, index) => hold(`h${index}`, atMs, forMs)));

  it('C14 T-0 comes when it was asked for, whatever the holds and however often somebody looks', () => {
    fc.assert(
      fc.property(
        anyHolds,
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 30 }),
        (some, t0Ms, gaps) => {
          let clock = clockFor(t0Ms, 0, some);
          let nowMs = 0;
          for (const gap of gaps) {
            nowMs = Math.min(t0Ms, nowMs + gap);
            const before = clock;
            clock = at(clock, nowMs);
            expect(expectedT0(clock, nowMs)).toBe(t0Ms);
            const tMs = countAt(clock, nowMs);
            expect(wallOf(before, tMs, nowMs)).toBeLessThanOrEqual(nowMs);
          }
          expect(countAt(at(clock, t0Ms), t0Ms)).toBe(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
