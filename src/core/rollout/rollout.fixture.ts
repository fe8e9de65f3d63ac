import type { Place } from '../launch/place.ts';
import { beginRollout } from './begin-rollout.ts';
import { decideRollout } from './decide-rollout.ts';
import type { CounterSample, MeasureReading } from './measure-reading.ts';
import type { Measure, Rollout, RolloutPhase } from './rollout.ts';
import type { Look, RolloutAction, RolloutDecision, RolloutEvent, RolloutInput } from './rollout-input.ts';
import type { RolloutState } from './rollout-state.ts';

/** A Saturday at 14:00 UTC. */
export const t0 = Date.parse('2026-03-07T14:00:00Z');
export const intervalMs = 10_000;
const minute = 60_000;
const at: Place = { file: 'LAUNCH.md', line: 1, column: 1 };

export const lea = { person: 'lea', automation: false };

/** A measure of errors that are one in a hundred. */
export function measure(changes: Partial<Measure> = {}): Measure {
  return {
    id: 'errors',
    title: 'errors',
    source: 'prom',
    counts: { kind: 'events', total: 't', bad: 'b' },
    by: null,
    margin: 1.5,
    exclude: 3,
    gating: true,
    cap: 0.05,
    phases: null,
    ...changes,
  };
}

export function phase(weight: number, changes: Partial<RolloutPhase> = {}): RolloutPhase {
  return {
    id: `at-${weight}`,
    weight,
    minTimeMs: 5 * minute,
    maxTimeMs: 40 * minute,
    minRequests: 200,
    warmupMs: minute,
    bakeMs: 0,
    conditions: [],
    note: null,
    ...changes,
  };
}

export function rollout(changes: Partial<Rollout> = {}): Rollout {
  return {
    id: 'shift',
    title: 'Shift',
    routers: ['edge'],
    phases: [phase(10), phase(50), phase(100, { bakeMs: 60 * minute })],
    measures: [measure()],
    shadow: null,
    intervalMs,
    onFail: 'rollback',
    retry: 'new-candidate',
    wayBack: 'back',
    at,
    ...changes,
  };
}

/** What the world does: routers that take weights, counters that rise, and everything else that decides. */
export interface World {
  state: RolloutState;
  nowMs: number;
  routers: { [router: string]: { weight: number; requests: { stable: number; canary: number } } };
  /** Bad events to a thousand requests. */
  perMille: { stable: number; canary: number };
  /** Requests of all arms in one look. */
  requests: number;
  counters: { stable: { total: number; bad: number }; canary: { total: number; bad: number } };
  facts: Pick<Look, 'unmetConditions' | 'outsideWindow' | 'incidents' | 'returnPoint'>;
  /** What stands in the way of an action; the router does nothing then. */
  isStuck: (router: string) => boolean;
  /** Last words on what a look brings. */
  twist: (seen: Look, world: World) => Look;
  actions: RolloutAction[];
  events: RolloutEvent[];
}

export function openWorld(declared: Rollout, changes: Partial<World> = {}): World {
  return {
    state: beginRollout(declared, { candidateSha256: 'c1', dispersions: { errors: 1 }, nowMs: t0 }),
    nowMs: t0,
    routers: Object.fromEntries(
      declared.routers.map((router) => [router, { weight: 0, requests: { stable: 0, canary: 0 } }]),
    ),
    perMille: { stable: 10, canary: 10 },
    requests: 2_000,
    counters: { stable: { total: 0, bad: 0 }, canary: { total: 0, bad: 0 } },
    facts: { unmetConditions: [], outsideWindow: null, incidents: [], returnPoint: 'ahead' },
    isStuck: () => false,
    twist: (seen) => seen,
    actions: [],
    events: [],
    ...changes,
  };
}

/** One look: traffic of an interval passes, the rollout decides, what it asks of routers is done. Events are spread evenly: these tests are about decisions, not about chance. */
export function look(world: World): RolloutDecision<RolloutState> {
  world.nowMs += intervalMs;
  const weight = Object.values(world.routers)[0]!.weight;
  for (const arm of ['stable', 'canary'] as const) {
    const total = Math.round((world.requests * (arm === 'canary' ? weight : 100 - weight)) / 100);
    const counter = world.counters[arm];
    counter.total += total;
    counter.bad = Math.max(counter.bad, Math.floor(counter.bad + (total * world.perMille[arm]) / 1_000));
    for (const router of Object.values(world.routers)) router.requests[arm] += total;
  }
  return hear(world, { kind: 'tick', atMs: world.nowMs, ...world.twist(lookOf(world), world) });
}

function lookOf({ routers, nowMs, counters, facts, state }: World): Look {
  const sample = (arm: 'stable' | 'canary'): CounterSample => ({ arm, stratum: '', atMs: nowMs, ...counters[arm] });
  const reading: MeasureReading = { state: 'read', samples: [sample('stable'), sample('canary')] };
  return {
    routers: Object.fromEntries(
      Object.entries(routers).map(([router, { weight, requests }]) => [
        router,
        { atMs: nowMs, weight, requests: { ...requests }, healthy: { stable: true, canary: true }, detail: 'ok' },
      ]),
    ),
    measures: Object.fromEntries(state.rollout.measures.map(({ id }) => [id, reading])),
    ...facts,
  };
}

export function hear(world: World, input: RolloutInput): RolloutDecision<RolloutState> {
  const decision = decideRollout(world.state, input);
  world.state = decision.state;
  world.actions.push(...decision.actions);
  world.events.push(...decision.events);
  for (const action of decision.actions)
    if (action.kind === 'set_weight' && !world.isStuck(action.router))
      world.routers[action.router]!.weight = action.weight;
  return decision;
}

/** Looks until something is so, and says whether it ever was. */
export function lookUntil(world: World, isSo: (state: RolloutState) => boolean, looks = 2_000): boolean {
  for (let count = 0; count < looks; count += 1) {
    look(world);
    if (isSo(world.state)) return true;
  }
  return false;
}
