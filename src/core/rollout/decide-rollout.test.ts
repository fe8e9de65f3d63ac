import { describe, expect, it } from 'vitest';

import { decideRollout } from './decide-rollout.ts';
import { hear, lea, look, lookUntil, measure, openWorld, phase, rollout, t0 } from './rollout.fixture.ts';
import type { World } from './rollout.fixture.ts';

const minute = 60_000;

function weightsAsked(world: World): number[] {
  return world.events.flatMap((event) => (event.kind === 'weight_asked' ? [event.weight] : []));
}

function refusedBy(decision: ReturnType<typeof hear>): string | null {
  const [event] = decision.events;
  return event?.kind === 'refused' ? event.code : null;
}

describe('a good canary', () => {
  it('T28 O26 goes up phase by phase, each on PASS after its time and its requests, and is completed after the bake', () => {
    const world = openWorld(rollout());
    expect(lookUntil(world, ({ stands }) => stands === 'completed')).toBe(true);
    expect(weightsAsked(world)).toEqual([10, 50, 100]);
    const reports = world.state.reports;
    expect(reports.map(({ phase: id, ended }) => [id, ended])).toEqual([
      ['at-10', 'passed'],
      ['at-50', 'passed'],
      ['at-100', 'passed'],
    ]);
    for (const { verdicts, fromMs, toMs } of reports) {
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['PASS']);
      expect(toMs - fromMs).toBeGreaterThanOrEqual(5 * minute);
    }
    expect(reports[2]!.toMs - reports[2]!.fromMs).toBeGreaterThanOrEqual(60 * minute);
    expect(world.actions.at(-2)).toMatchObject({ kind: 'drain', arm: 'stable' });
  });

  it('O27 success is refused before the bake ends, to a person, too', () => {
    const world = openWorld(rollout());
    expect(lookUntil(world, ({ phase: index, stands }) => index === 2 && stands === 'watching')).toBe(true);
    for (let count = 0; count < 100; count += 1) look(world);
    expect(world.state.verdicts[0]!.verdict).toBe('PASS');
    expect(world.state.stands).toBe('watching');
    const promoted = hear(world, { kind: 'promote', atMs: world.nowMs, by: lea, reason: 'it is late' });
    expect(refusedBy(promoted)).toBe('barred');
    expect(promoted.events[0]).toMatchObject({ reason: expect.stringContaining('60 min under watch') });
  });

  it('T28 too few requests hold at the end of the time, and never promote', () => {
    const phases = [phase(10, { minRequests: 5_000 }), phase(100)];
    const world = openWorld(rollout({ phases }), { requests: 20 });
    expect(lookUntil(world, ({ stands }) => stands === 'held')).toBe(true);
    expect(world.state.hold).toMatchObject({ cause: 'inconclusive', by: null });
    expect(weightsAsked(world)).toEqual([10]);
    for (let count = 0; count < 500; count += 1) look(world);
    expect(world.state.stands).toBe('held');
    expect(weightsAsked(world)).toEqual([10]);
  });

  it('O26 requests that went to the canary are counted exactly from counters of the router, and a reset is said', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index }) => index === 1);
    expect(world.state.exposed).toEqual({ requests: world.routers['edge']!.requests.canary, exact: true });
    const before = world.state.exposed.requests;
    world.routers['edge']!.requests = { stable: 0, canary: 0 };
    look(world);
    expect(world.state.exposed.exact).toBe(false);
    expect(world.state.exposed.requests).toBe(before + world.routers['edge']!.requests.canary);
  });
});

describe('a bad canary', () => {
  it('T28 O26 goes back to 0 at once, and its way back begins when every router reads 0', () => {
    const world = openWorld(rollout(), { perMille: { stable: 10, canary: 100 } });
    expect(lookUntil(world, ({ stands }) => stands === 'going-back')).toBe(true);
    expect(world.state.verdicts[0]).toMatchObject({ verdict: 'FAIL', reason: 'worse_than_margin' });
    expect(world.actions.at(-3)).toMatchObject({ kind: 'set_weight', router: 'edge', weight: 0 });
    expect(world.actions.some(({ kind }) => kind === 'begin_way_back')).toBe(false);
    look(world);
    expect(world.state.stands).toBe('rolled-back');
    expect(world.actions.slice(-2)).toMatchObject([
      { kind: 'drain', arm: 'canary' },
      { kind: 'begin_way_back', procedure: 'back' },
    ]);
  });

  it('O25 a dark canary that fails has had no traffic, and its way back is not begun', () => {
    const world = openWorld(rollout({ phases: [phase(0), phase(100)] }));
    lookUntil(world, ({ phase: index }) => index === 0);
    world.facts.incidents = [{ id: 'i1', title: 'the shadow writes', onCanary: true }];
    expect(lookUntil(world, ({ stands }) => stands === 'rolled-back', 3)).toBe(true);
    expect(world.actions.some(({ kind }) => kind.endsWith('way_back'))).toBe(false);
  });

  it('O26 is taken back where it is held, too', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index, stands }) => index === 1 && stands === 'watching');
    hear(world, { kind: 'hold', atMs: world.nowMs, by: lea, reason: 'lunch' });
    world.perMille.canary = 200;
    expect(lookUntil(world, ({ stands }) => stands === 'rolled-back')).toBe(true);
  });

  it.each(['crossed', 'unknown'] as const)(
    'C16 behind the point of no return (%s) nothing is taken back by itself: a plan is prepared, and a person decides',
    (returnPoint) => {
      const world = openWorld(rollout(), { perMille: { stable: 10, canary: 100 } });
      world.facts.returnPoint = returnPoint;
      expect(lookUntil(world, ({ stands }) => stands === 'held')).toBe(true);
      for (let count = 0; count < 20; count += 1) look(world);
      expect(world.state.hold?.cause).toBe('past_return');
      expect(weightsAsked(world)).toEqual([10]);
      expect(world.actions.filter(({ kind }) => kind === 'prepare_way_back')).toHaveLength(1);
      expect(world.actions.some(({ kind }) => kind === 'begin_way_back')).toBe(false);
      const aborted = hear(world, { kind: 'abort', atMs: world.nowMs, by: lea, reason: 'stop' });
      expect(aborted.state.weight.asked).toBe(10);
    },
  );

  it('O26 no traffic is sent back to a stable arm that is dead', () => {
    const world = openWorld(rollout(), { perMille: { stable: 10, canary: 100 } });
    world.twist = (seen) => ({
      ...seen,
      routers: Object.fromEntries(
        Object.entries(seen.routers).map(([id, reading]) => [
          id,
          { ...reading, healthy: { stable: false, canary: true } },
        ]),
      ),
    });
    expect(lookUntil(world, ({ stands }) => stands === 'held')).toBe(true);
    expect(world.state.hold?.cause).toBe('stable_unhealthy');
    expect(weightsAsked(world)).not.toContain(0);
  });

  it.each([35, 60])(
    'O26 C22 an absolute cap of 3 %% that the stable arm breaks, too, with %i of a thousand, holds and blames nobody',
    (perMille) => {
      const world = openWorld(rollout({ measures: [measure({ cap: 0.03 })] }), {
        perMille: { stable: perMille, canary: perMille },
      });
      expect(lookUntil(world, ({ stands }) => stands === 'held')).toBe(true);
      expect(world.state).toMatchObject({
        phase: 0,
        hold: { cause: 'inconclusive' },
        verdicts: [{ reason: 'above_cap' }],
      });
      expect(weightsAsked(world)).toEqual([10]);
    },
  );

  it('O26 an absolute cap that the canary alone breaks takes it back, whatever the margin', () => {
    const lenient = measure({ cap: 0.03, margin: 50, exclude: 100 });
    const world = openWorld(rollout({ measures: [lenient] }), { perMille: { stable: 10, canary: 80 } });
    expect(lookUntil(world, ({ stands }) => stands === 'rolled-back')).toBe(true);
    expect(world.state.verdicts[0]!.reason).toBe('cap_broken');
  });

  it('T28 with onFail hold it is held, called for, and never promoted', () => {
    const world = openWorld(rollout({ onFail: 'hold' }), { perMille: { stable: 10, canary: 100 } });
    expect(lookUntil(world, ({ stands }) => stands === 'held')).toBe(true);
    for (let count = 0; count < 20; count += 1) look(world);
    expect(world.state.hold?.cause).toBe('failed');
    expect(world.actions.filter(({ kind }) => kind === 'notify')).toHaveLength(1);
    const promoted = hear(world, { kind: 'promote', atMs: world.nowMs, by: lea, reason: 'I know better' });
    expect(refusedBy(promoted)).toBe('verdict_fail');
  });

  it('C22 a canary that the router found dead at three looks goes back', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index }) => index === 0);
    world.twist = (seen) => ({
      ...seen,
      routers: Object.fromEntries(
        Object.entries(seen.routers).map(([id, reading]) => [
          id,
          { ...reading, healthy: { stable: true, canary: false } },
        ]),
      ),
    });
    look(world);
    look(world);
    expect(world.state.stands).toBe('watching');
    look(world);
    expect(world.state.outcome).toMatchObject({ cause: 'liveness' });
    look(world);
    expect(world.state.stands).toBe('rolled-back');
  });
});

describe('what bars a phase', () => {
  it('O19 an unmet condition of a conditional GO blocks precisely its phase', () => {
    const phases = [phase(10), phase(50, { conditions: ['replication'] }), phase(100)];
    const world = openWorld(rollout({ phases }));
    world.facts.unmetConditions = ['replication', 'other'];
    expect(lookUntil(world, ({ phase: index }) => index === 0)).toBe(true);
    for (let count = 0; count < 100; count += 1) look(world);
    expect(world.state).toMatchObject({ stands: 'watching', phase: 0, verdicts: [{ verdict: 'PASS' }] });
    expect(world.events.findLast(({ kind }) => kind === 'barred')).toMatchObject({
      reasons: [expect.stringContaining('condition replication')],
    });
    expect(refusedBy(hear(world, { kind: 'promote', atMs: world.nowMs, by: lea, reason: 'now' }))).toBe('barred');
    world.facts.unmetConditions = ['other'];
    look(world);
    expect(world.state.weight.asked).toBe(50);
  });

  it('T29 no phase begins outside a window, and the way back is never barred by one', () => {
    const world = openWorld(rollout());
    world.facts.outsideWindow = {
      reason: 'steps that write: expected tue 10:00-14:00 UTC, got sat',
      opensAtMs: t0 + 10 * minute,
    };
    for (let count = 0; count < 30; count += 1) look(world);
    expect(world.state).toMatchObject({
      stands: 'waiting',
      phase: -1,
      bars: [{ code: 'outside_window', untilMs: t0 + 10 * minute }],
    });
    world.facts.outsideWindow = null;
    lookUntil(world, ({ phase: index }) => index === 0);
    world.facts.outsideWindow = { reason: 'closed', opensAtMs: null };
    world.perMille.canary = 100;
    expect(lookUntil(world, ({ stands }) => stands === 'rolled-back')).toBe(true);
  });

  it('O26 an open critical incident bars, one on the canary takes back', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index }) => index === 0);
    world.facts.incidents = [{ id: 'i1', title: 'mail is down', onCanary: false }];
    for (let count = 0; count < 100; count += 1) look(world);
    expect(world.state).toMatchObject({ stands: 'watching', phase: 0 });
    world.facts.incidents = [{ id: 'i1', title: 'mail is down', onCanary: true }];
    look(world);
    expect(world.state).toMatchObject({ stands: 'going-back', outcome: { cause: 'incident' } });
  });

  it('O26 a phase that asks for a note of a person waits for it', () => {
    const phases = [phase(10, { note: 'feedback' }), phase(100)];
    const world = openWorld(rollout({ phases }));
    lookUntil(world, ({ phase: index }) => index === 0);
    for (let count = 0; count < 100; count += 1) look(world);
    expect(world.state.phase).toBe(0);
    hear(world, { kind: 'note', atMs: world.nowMs, by: lea, text: 'twelve users asked, all content' });
    look(world);
    expect(world.state.weight.asked).toBe(100);
  });

  it('O26 a canary that somebody else has given traffic is not begun', () => {
    const world = openWorld(rollout());
    world.routers['edge']!.weight = 30;
    look(world);
    expect(world.state).toMatchObject({ stands: 'waiting', bars: [{ code: 'weight_not_zero' }] });
  });
});

describe('people', () => {
  it('T28 a person promotes with a reason, and the report says so; nobody without one, and no automation', () => {
    const world = openWorld(rollout(), { requests: 200 });
    expect(refusedBy(hear(world, { kind: 'promote', atMs: t0, by: lea, reason: 'go' }))).toBe('not_begun');
    lookUntil(world, ({ phase: index }) => index === 0);
    expect(refusedBy(hear(world, { kind: 'promote', atMs: world.nowMs, by: lea, reason: ' ' }))).toBe('reason_missing');
    const robot = { person: 'ci', automation: true };
    expect(refusedBy(hear(world, { kind: 'promote', atMs: world.nowMs, by: robot, reason: 'go' }))).toBe('automation');
    hear(world, { kind: 'promote', atMs: world.nowMs, by: lea, reason: 'tenants asked' });
    expect(world.state.reports).toMatchObject([
      { phase: 'at-10', ended: 'promoted', by: 'lea', reason: 'tenants asked' },
    ]);
    expect(world.state.weight.asked).toBe(50);
  });

  it.each([0, 1, 2])('O26 an abort in phase %i sets weight 0 and ends aborted', (index) => {
    const world = openWorld(rollout());
    expect(lookUntil(world, (state) => state.phase === index && state.stands === 'watching')).toBe(true);
    hear(world, { kind: 'abort', atMs: world.nowMs, by: lea, reason: 'press' });
    expect(world.state.stands).toBe('going-back');
    look(world);
    expect(world.state.stands).toBe('aborted');
    expect(world.routers['edge']!.weight).toBe(0);
    expect(refusedBy(hear(world, { kind: 'resume', atMs: world.nowMs, by: lea, reason: 'no' }))).toBe('rollout_ended');
  });

  it('O26 an abort before the first phase, of which nobody knows where the point of no return is, ends', () => {
    const world = openWorld(rollout());
    hear(world, { kind: 'abort', atMs: t0, by: lea, reason: 'not today' });
    look(world);
    expect(world.state.stands).toBe('aborted');
    expect(world.actions.some(({ kind }) => kind.endsWith('way_back'))).toBe(false);
  });

  it('T28 a hold keeps the weight, and resume gives the phase its time again', () => {
    const world = openWorld(rollout());
    lookUntil(world, ({ phase: index }) => index === 0);
    hear(world, { kind: 'hold', atMs: world.nowMs, by: lea, reason: 'lunch' });
    for (let count = 0; count < 600; count += 1) look(world);
    expect(world.state).toMatchObject({ stands: 'held', phase: 0, weight: { asked: 10 } });
    hear(world, { kind: 'resume', atMs: world.nowMs, by: lea, reason: 'back' });
    look(world);
    expect(world.state.weight.asked).toBe(50);
  });
});

describe('inputs', () => {
  it('T28 an instant that is none, and a router of another rollout, are refused', () => {
    const { state } = openWorld(rollout());
    expect(refusedBy(decideRollout(state, { kind: 'hold', atMs: Number.NaN, by: lea, reason: 'x' }))).toBe(
      'time_unreadable',
    );
    expect(refusedBy(decideRollout(state, { kind: 'router_failed', atMs: t0, router: 'none', reason: 'x' }))).toBe(
      'router_unknown',
    );
  });
});
