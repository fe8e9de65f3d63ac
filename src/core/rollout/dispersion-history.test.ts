import { describe, expect, it } from 'vitest';

import { noScatter } from './dispersion.ts';
import type { Scatter } from './dispersion.ts';
import { explainDispersion, knownDispersions, learnDispersions } from './dispersion-history.ts';
import type { PastShift } from './dispersion-history.ts';
import { measure, openWorld, phase, rollout, look, lookUntil, t0 } from './rollout.fixture.ts';
import type { MetricSource } from './rollout.ts';
import type { PhaseReport } from './rollout-state.ts';
import { openWatch } from './watch-measure.ts';

const dayMs = 86_400_000;
const at = { file: 'LAUNCH.md', line: 1, column: 1 };
const prom: MetricSource = { id: 'prom', kind: 'prometheus', options: { url: { '*': 'http://a' } }, secret: null, at };
const declared = rollout();
const enough: Scatter = { spanMs: dayMs, windows: 8_640, told: 1_000, sum: 2_500 };

function report(scatter: Scatter, changes: Partial<PhaseReport> = {}): PhaseReport {
  return {
    phase: 'at-10',
    weight: 10,
    ended: 'passed',
    by: null,
    reason: '',
    fromMs: t0 - 2 * dayMs,
    toMs: t0 - dayMs,
    exposed: { requests: 0, exact: true },
    verdicts: [],
    basis: { judgedAtMs: t0, watches: [{ ...openWatch(measure(), t0), scatter }], dispersions: {} },
    ...changes,
  };
}

function past(changes: Partial<PastShift> = {}): PastShift {
  return {
    rollout: declared,
    sources: [prom],
    candidateSha256: 'c1',
    stands: 'completed',
    reports: [report(enough)],
    ...changes,
  };
}

const learn = (shifts: readonly PastShift[]) =>
  learnDispersions({ rollout: declared, sources: [prom] }, shifts, t0)['errors']!;

describe('dispersion from history', () => {
  it('T1 is what completed rollouts of the same declaration showed, with how much that was and since when', () => {
    const found = learn([past()]);
    expect(found).toMatchObject({ kind: 'history', dispersion: 2.5, windows: 8_640, shifts: 1 });
    expect(explainDispersion(found)).toBe(
      'dispersion 2.5, from a history of 8,640 windows of 1 rollouts since 2026-03-05',
    );
    expect(knownDispersions({ errors: found })).toEqual({ errors: 2.5 });
  });

  it('T1 several rollouts add up to a day, and each of them alone is too little', () => {
    const half = past({ reports: [report({ ...enough, spanMs: dayMs / 2 })] });
    expect(learn([half, half])).toMatchObject({ kind: 'history', dispersion: 2.5, shifts: 2 });
    expect(learn([half])).toMatchObject({ kind: 'assumed', dispersion: 4, windows: 8_640 });
    expect(explainDispersion(learn([half]))).toMatch(
      /^dispersion assumed to be 4: history has 8,640 windows .* 12 h, /u,
    );
    expect(knownDispersions({ errors: learn([half]) })).toEqual({});
  });

  it.each<[string, PastShift]>([
    ['nothing', past({ reports: [] })],
    ['a rollout that was taken back', past({ stands: 'rolled-back', reports: [report(enough)] })],
    ['a phase that a person promoted', past({ reports: [report(enough, { ended: 'promoted' })] })],
    ['a phase that was left', past({ reports: [report(enough, { ended: 'left' })] })],
    ['copies of requests', past({ reports: [report(enough, { weight: 0 })] })],
    ['no arm to compare with', past({ reports: [report(enough, { weight: 100 })] })],
    ['half a year ago', past({ reports: [report(enough, { toMs: t0 - 181 * dayMs })] })],
    [
      'another query',
      past({ rollout: rollout({ measures: [measure({ counts: { kind: 'events', total: 't', bad: 'x' } })] }) }),
    ],
    ['another measure', past({ rollout: rollout({ measures: [measure({ id: 'slow' })] }) })],
    ['other strata', past({ rollout: rollout({ measures: [measure({ by: 'route' })] }) })],
    ['another source', past({ sources: [{ ...prom, options: { url: { '*': 'http://b' } } }] })],
    ['another router', past({ rollout: rollout({ routers: ['other'] }) })],
    ['other looks', past({ rollout: rollout({ intervalMs: 60_000 }) })],
    ['too few bad events', past({ reports: [report({ ...enough, told: 29 })] })],
  ])('T7 negative control: of %s nothing is learned, and 4 is assumed', (_, shift) => {
    expect(learn([shift])).toMatchObject({ kind: 'assumed', dispersion: 4 });
  });

  it('T1 a candidate that the rollout before had brought to 100 % is no other version: however it ended, it counts', () => {
    const again = past({ stands: 'rolled-back', reports: [report({ ...enough, sum: 8_000 }, { ended: 'left' })] });
    const before = past({ reports: [] });
    expect(learn([again, before])).toMatchObject({ kind: 'history', dispersion: 8 });
    // With another version brought in between the arms were not the same.
    expect(learn([again, past({ candidateSha256: 'c2', reports: [] }), before])).toMatchObject({ kind: 'assumed' });
  });

  it('T1 every look of a rollout adds a window to the history that it leaves', () => {
    const world = openWorld(rollout({ phases: [phase(10), phase(100)] }));
    expect(lookUntil(world, ({ stands }) => stands === 'completed')).toBe(true);
    const scatter = world.state.reports[0]?.basis?.watches[0]?.scatter ?? noScatter;
    const lasted = (world.state.reports[0]!.toMs - world.state.reports[0]!.fromMs) / 10_000;
    expect(scatter.windows).toBeGreaterThan(10);
    expect(scatter.windows).toBeLessThan(lasted);
    expect(scatter.spanMs).toBe(scatter.windows * 10_000);
    look(world);
  });
});
