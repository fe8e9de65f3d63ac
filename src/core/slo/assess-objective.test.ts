import { describe, expect, it } from 'vitest';

import { assessObjective } from './assess-objective.ts';
import type { CounterHistory, SeriesHistory } from './count-events.ts';
import { countEvents } from './count-events.ts';
import { levelOf } from './objective.ts';
import { overrideFault, overrideReasons } from './override-fault.ts';

const hour = 3_600_000;
const now = 1_000 * 24 * hour;

/** A counter that rises by so many each minute, over the hours before now; `since` changes the rate for the last hours. */
function counter(
  hours: number,
  perMinute: number,
  since: { hours: number; perMinute: number } = { hours: 0, perMinute: 0 },
): SeriesHistory {
  let value = 0;
  const points = Array.from({ length: hours * 60 + 1 }, (_, minute) => {
    const left = hours * 60 - minute;
    if (minute > 0) value += left < since.hours * 60 ? since.perMinute : perMinute;
    return { atMs: now - left * 60_000, value };
  });
  return { target: 'app', points };
}

function history(over: Partial<CounterHistory> = {}): CounterHistory {
  return {
    askedAtMs: now,
    sampledAtMs: now,
    total: [counter(720, 600)],
    bad: [counter(720, 0)],
    isBadKnown: true,
    ...over,
  };
}

const objective = { goal: 0.999, windowMs: 720 * hour };

describe('error budget', () => {
  it.each([
    [0.51, 'green'],
    [0.5, 'approval'],
    [0.2, 'approval'],
    [0.1999, 'freeze'],
    [0.1, 'freeze'],
    [0.0999, 'incident'],
    [-3, 'incident'],
    [Number.NaN, 'incident'],
  ])('T27 with %d of it left the level is %s', (left, level) => {
    expect(levelOf(left)).toBe(level);
  });

  it('T12 counts what is left from raw counters, and how fast each pair burns', () => {
    // 0.03 % of the events bad all the time, 2 % in the last two hours: 20 times too many.
    const bad = [counter(720, 0.18, { hours: 2, perMinute: 12 })];
    const assessed = assessObjective(objective, history({ bad }));
    expect(assessed).toMatchObject({ state: 'known', level: 'green' });
    if (assessed.state !== 'known') return;
    expect(assessed.left).toBeCloseTo(1 - (718 * 60 * 0.18 + 120 * 12) / (720 * 60 * 600 * 0.001), 6);
    expect(assessed.pairs.map(({ pair, isBurning }) => [pair.name, isBurning])).toEqual([
      ['fast', true],
      ['slow', true],
      ['steady', false],
    ]);
    expect(assessed.pairs[0]?.long).toBeCloseTo(20, 6);
    expect(assessed.pairs[1]?.long).toBeCloseTo((2 * 20 + 4 * 0.3) / 6, 6);
  });

  it('T12 where good events are counted, the others are bad; more good ones than events are of something else', () => {
    const good = [counter(720, 599.82, { hours: 2, perMinute: 588 })];
    const bad = [counter(720, 0.18, { hours: 2, perMinute: 12 })];
    const [one, other] = [
      assessObjective(objective, history({ bad: [], good })),
      assessObjective(objective, history({ bad })),
    ];
    if (one.state !== 'known' || other.state !== 'known') throw new Error('expected both to be known');
    expect(one.left).toBeCloseTo(other.left, 6);
    expect(one.pairs.map(({ isBurning }) => isBurning)).toEqual([true, true, false]);
    const beyond = (perMinute: number) =>
      assessObjective(objective, history({ bad: [], good: [counter(720, perMinute)] }));
    expect(beyond(610)).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/more good events/) as string,
    });
    // What began again between two steps may be counted short.
    expect(beyond(600.3)).toMatchObject({ state: 'known', left: 1, counted: { bad: 0 } });
    expect(assessObjective(objective, history({ bad: [], good: [], isBadKnown: false }))).toMatchObject({
      reason: expect.stringMatching(/nothing counts the good events/) as string,
    });
  });

  it('T12 what ended no longer burns: the short window says so', () => {
    const bad = [{ ...counter(720, 0, { hours: 0.75, perMinute: 30 }) }];
    const points = bad[0]!.points.map(({ atMs, value }) => ({
      atMs,
      value: atMs > now - 10 * 60_000 ? (bad[0]!.points.at(-11)?.value ?? 0) : value,
    }));
    const assessed = assessObjective(objective, history({ bad: [{ target: 'app', points }] }));
    const [fast] = assessed.state === 'known' ? assessed.pairs : [];
    expect(fast).toMatchObject({ short: 0, isBurning: false });
    expect(fast?.long).toBeGreaterThan(14.4);
  });

  it('T27 of an objective of 100 % one bad event is too many', () => {
    expect(assessObjective({ ...objective, goal: 1 }, history())).toMatchObject({ left: 1, level: 'green' });
    const bad = [
      {
        target: 'app',
        points: [
          { atMs: now - 700 * hour, value: 0 },
          { atMs: now - hour * 300, value: 1 },
        ],
      },
    ];
    expect(assessObjective({ ...objective, goal: 1 }, history({ bad }))).toMatchObject({ left: -1, level: 'incident' });
  });

  it.each([
    ['no counter of events', { total: [] }, /nothing counts the events/],
    ['no counter of bad events', { bad: [], isBadKnown: false }, /nothing counts the bad events/],
    ['samples that are old', { sampledAtMs: now - 6 * 60_000 }, /360 s old/],
    ['samples of no time', { sampledAtMs: Number.NaN }, /NaN s old/],
    [
      'a history of two hours',
      { total: [counter(2, 600)], bad: [counter(2, 0)] },
      /counts of 120 min, expected at least 360 min/,
    ],
    ['no event at all', { total: [counter(720, 0)] }, /no event in the window/],
  ])('T12 %s is unknown, and never a budget', (_, over, reason) => {
    expect(assessObjective(objective, history(over))).toEqual({
      state: 'unknown',
      reason: expect.stringMatching(reason),
    });
  });

  it('T12 a counter that began again counts from 0, and the first error of a process that was there counts whole', () => {
    const at = (minute: number, value: number) => ({ atMs: now - minute * 60_000, value });
    const total = [{ target: 'app', points: [at(50, 100), at(40, 160), at(30, 20), at(20, 50)] }];
    const bad = [
      { target: 'app', points: [at(20, 3)] },
      { target: 'other', points: [at(20, 9)] },
    ];
    expect(countEvents(history({ total, bad }), hour)).toEqual({ total: 60 + 20 + 30, bad: 3 });
    expect(countEvents(history({ total, bad }), 35 * 60_000)).toEqual({ total: 20 + 30, bad: 3 });
  });
});

describe('override of a budget', () => {
  it.each(overrideReasons.map((word) => [word]))('T27 %s with incident and post-mortem sets it aside', (word) => {
    expect(overrideFault(`${word}: incident INC-12, post-mortem https://wiki.example/pm-12`)).toBeNull();
  });

  it.each([
    ['we need this out', /set aside for security_vulnerability/],
    ['security_vulnerability without a colon, incident INC-1, post-mortem PM-1', /set aside for/],
    ['urgent_feature: incident INC-12, post-mortem PM-12', /set aside for/],
    ['gdpr_compliance_fix: post-mortem PM-12', /names no incident/],
    ['gdpr_compliance_fix: incident, post-mortem PM-12', /names no incident/],
    ['production_outage_fix: incident INC-12', /names no post-mortem/],
    ['production_outage_fix: incident INC-12, post-mortem', /names no post-mortem/],
  ])('T27 "%s" does not', (reason, why) => {
    expect(overrideFault(reason)).toMatch(why);
  });
});
