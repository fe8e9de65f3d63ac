import { describe, expect, it } from 'vitest';

import { explainRollout } from './explain-rollout.ts';
import { explainVerdict } from './explain-verdict.ts';
import { look, lookUntil, measure, openWorld, phase, rollout, t0 } from './rollout.fixture.ts';
import type { MeasureVerdict, VerdictReason } from './verdict.ts';

const scene = { rollout: rollout({ phases: [phase(5), phase(100)] }), phase: 0 };

const base: MeasureVerdict = {
  measure: 'errors',
  verdict: 'FAIL',
  reason: 'worse_than_margin',
  gating: true,
  detail: '',
  sinceMs: t0 + 2 * 60_000,
  stable: { total: 19_000, bad: 27 },
  canary: { total: 1_000, bad: 14 },
  compared: { bad: 41, canary: 14, explained: 2.05 },
  logAgainst: Math.log(1_604),
  logFor: -4,
  limit: 240,
  badWindows: 9,
  interval: { low: 2.3, high: null },
  dispersion: 1,
  resets: 0,
};

const verdicts: { [reason in VerdictReason]: Partial<MeasureVerdict> } = {
  worse_than_margin: {},
  cap_broken: {},
  ratio_excluded: { verdict: 'PASS', logFor: Math.log(300) },
  cap_kept: { verdict: 'PASS', canary: { total: 3_000, bad: 0 } },
  too_early: { verdict: 'INCONCLUSIVE' },
  above_cap: { verdict: 'INCONCLUSIVE' },
  not_proven: { verdict: 'INCONCLUSIVE', interval: { low: 0.5, high: 5.2 } },
  no_control: { verdict: 'INCONCLUSIVE' },
  no_samples: { verdict: 'NO_DATA', detail: 'result: []' },
  stale: { verdict: 'NO_DATA', detail: 'canary arm: expected a sample, got none' },
  reset: { verdict: 'NO_DATA', detail: 'a counter fell in 1 of the strata' },
  no_bound: { verdict: 'NO_DATA', detail: 'none' },
  share_mismatch: { verdict: 'NO_DATA', detail: 'expected 5 % of requests, got 1.0 % of 6000' },
  unreadable: { verdict: 'ERROR', detail: 'HTTP 400' },
};

describe('explainVerdict', () => {
  it('C22 says a FAIL in the words of what was counted', () => {
    expect(explainVerdict(base, scene).text).toBe(
      'FAIL: Of 41 errors since 14:02, 14 hit the new version; its 5 % share explains 2. Evidence 1,600 to 1 that it is worse than 1.5x. Limit 240.',
    );
  });

  it.each(Object.entries(verdicts))('C22 %s: has words, what unblocks it, and who can', (reason, changes) => {
    const verdict = { ...base, ...changes, reason: reason as VerdictReason };
    const { text, unblock, who } = explainVerdict(verdict, scene);
    expect(text.startsWith(`${verdict.verdict}: `)).toBe(true);
    expect(text).not.toMatch(/undefined|NaN|null|Infinity/);
    expect(text).toContain(verdict.detail);
    expect(unblock.length).toBeGreaterThan(5);
    expect(who.length).toBeGreaterThan(5);
  });

  it('C22 histograms are about slow requests, and evidence beyond all doubt is not counted out', () => {
    const slow = {
      ...scene,
      rollout: rollout({ measures: [measure({ counts: { kind: 'histogram', buckets: 'h', quantile: 0.9 } })] }),
    };
    const { text } = explainVerdict({ ...base, logAgainst: 900 }, slow);
    expect(text).toContain('Of 41 slow requests');
    expect(text).toContain('more than 1,000,000 to 1');
  });

  it('C22 a measure that is not declared is said to be none', () => {
    expect(explainVerdict({ ...base, measure: 'other' }, scene).text).toBe('measure other is not declared');
  });
});

describe('explainRollout', () => {
  it('C22 says where it stands at every look of a rollout, and what it waits for until it ends', () => {
    const world = openWorld(rollout());
    const headlines = new Set<string>();
    lookUntil(world, (state) => {
      const { headline, waits, measures } = explainRollout(state);
      headlines.add(headline.split(/[;:]/)[0]!);
      expect(headline).not.toMatch(/undefined|NaN|null/);
      for (const { text, unblock, who } of waits) expect([text, unblock, who].every((part) => part !== '')).toBe(true);
      expect(measures).toHaveLength(state.verdicts.length);
      return state.stands === 'completed';
    });
    expect([...headlines]).toEqual([
      'moves from 0 % to 10 %',
      'at-10',
      'moves from 10 % to 50 %',
      'at-50',
      'moves from 50 % to 100 %',
      'at-100',
      'completed',
    ]);
    expect(explainRollout(world.state).waits).toEqual([]);
  });

  it('C22 says why it is held, what brings it on, and how many went to the new version', () => {
    const world = openWorld(rollout({ onFail: 'hold' }), { perMille: { stable: 10, canary: 100 } });
    lookUntil(world, ({ stands }) => stands === 'held');
    look(world);
    const { headline, waits } = explainRollout(world.state);
    expect(headline).toMatch(
      /^held at 10 %: measure errors: worse than margin; [\d,]+ requests went to the new version$/,
    );
    expect(waits).toEqual([
      { text: 'measure errors: worse than margin', unblock: 'abort it', who: 'a person who may move traffic' },
    ]);
  });
});
