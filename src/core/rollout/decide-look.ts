import { isJudgedIn } from './judge-measure.ts';
import { isBlind, judgeLook } from './judge-look.ts';
import { barsOf, deadlineOf, moveOn } from './next-phase.ts';
import { readRouters, strayRouters } from './read-routers.ts';
import type { Look, RolloutInput } from './rollout-input.ts';
import type { HoldCause, RolloutState } from './rollout-state.ts';
import { askAgain, dangerOf, followBack, takeBack } from './take-back.ts';
import { toSpan } from './to-span.ts';
import { hold, refuse, say } from './turn.ts';
import type { Turn } from './turn.ts';
import { openWatch } from './watch-measure.ts';

/** How long routers may take over a weight, and how often in a row one may refuse it. */
const moveMs = 60_000;
const refusals = 3;
/** Looks of a phase at which a router had another weight: after them it is no accident. */
const driftsAllowed = 3;

/** Takes in a look, and brings the rollout on, holds it or takes it back. */
export function tick(turn: Turn, look: Look): void {
  const { state } = turn;
  const { unmetConditions, outsideWindow, incidents, returnPoint } = look;
  state.seen = { unmetConditions, outsideWindow, incidents };
  state.returnPoint = returnPoint;
  readRouters(turn, look);
  if (state.stands === 'going-back') return followBack(turn);
  if (state.stands === 'moving') followMove(turn);
  else if (state.stands !== 'waiting' && state.phase >= 0) keepWeight(turn);
  if (isWatched(state)) judgeLook(turn, look);
  const danger = state.phase >= 0 || state.weight.asked > 0 ? dangerOf(state) : null;
  if (danger !== null) return takeBack(turn, { ...danger, by: null });
  if (state.stands === 'waiting' || state.stands === 'watching') goOn(turn);
}

function isWatched({ stands }: RolloutState): boolean {
  return stands === 'watching' || stands === 'held';
}

/** Begins the phase once every router has its weight. */
function followMove(turn: Turn): void {
  const { state } = turn;
  const strays = strayRouters(turn);
  if (strays.length === 0) return beginPhase(turn);
  // Time in which nobody looked is nobody's failure.
  if (state.nowMs - state.weight.askedAtMs >= moveMs && state.weight.asks >= refusals)
    return revert(
      turn,
      `${strays.map(({ router }) => router).join(', ')}: expected weight ${state.weight.asked} within ${moveMs / 1_000} s, got another`,
    );
  askAgain(
    turn,
    strays.map(({ router }) => router),
  );
}

function beginPhase(turn: Turn): void {
  const { state } = turn;
  const phase = state.rollout.phases[state.phase + 1]!;
  state.stands = 'watching';
  state.phase += 1;
  state.phaseSinceMs = state.nowMs;
  state.deadlineMs = deadlineOf(phase, state);
  const measures = state.rollout.measures.filter((measure) => isJudgedIn(measure, phase));
  state.watches = measures.map((measure) => openWatch(measure, state.nowMs + phase.warmupMs));
  state.verdicts = [];
  state.judgedAtMs = null;
  state.notes = [];
  state.phaseExposed = { requests: 0, exact: state.exposed.exact };
  state.drifts = 0;
  state.blindSinceMs = null;
  say(turn, { kind: 'weight_reached', weight: phase.weight, phase: phase.id });
}

/** All routers move or none does: those that took the weight go back to the one before. */
function revert(turn: Turn, reason: string): void {
  leaveOut(turn.state);
  hold(turn, { cause: 'router_failed', reason, by: null });
}

/** After its weight was another, a phase goes on with what it knew, and counts nothing of the change. */
function leaveOut(state: RolloutState): void {
  const warmupMs = state.rollout.phases[state.phase]?.warmupMs ?? 0;
  state.watches = state.watches.map((watch) => ({
    ...watch,
    baselines: [],
    recent: [],
    skip: 2,
    countFromMs: Math.max(watch.countFromMs, state.nowMs + warmupMs),
    countedMs: null,
    sinceMs: null,
  }));
}

/** Sets again what somebody, or a reload, has changed. */
function keepWeight(turn: Turn): void {
  const { state } = turn;
  const drifted = strayRouters(turn).filter(({ weight }) => weight !== null);
  for (const { router, weight } of drifted)
    say(turn, { kind: 'weight_drifted', router, expected: state.weight.asked, got: weight! });
  const isSettling = state.nowMs - state.weight.askedAtMs < moveMs;
  if (drifted.length > 0) {
    if (!isSettling) state.drifts += 1;
    leaveOut(state);
    askAgain(
      turn,
      drifted.map(({ router }) => router),
    );
  }
  if (state.drifts > driftsAllowed)
    hold(turn, {
      cause: 'weight_drifts',
      reason: `routers had another weight than ${state.weight.asked} at ${state.drifts} looks`,
      by: null,
    });
  const unread = state.routers.find(({ weight, troubles }) => weight === null && troubles >= refusals);
  if (unread !== undefined && state.stands === 'watching')
    hold(turn, {
      cause: 'router_failed',
      reason: `router ${unread.router}: expected an answer, got ${unread.detail}`,
      by: null,
    });
}

function goOn(turn: Turn): void {
  const { state } = turn;
  const bars = barsOf(state);
  if (bars.length === 0)
    return moveOn(turn, {
      how: 'passed',
      by: null,
      reason: state.phase === -1 ? 'nothing bars its first phase' : 'every measure that gates has PASS',
    });
  const codes = bars.filter(({ code }) => code !== 'verdict').map(({ code, reason }) => ({ code, reason }));
  const before = state.bars.filter(({ code }) => code !== 'verdict').map(({ code }) => code);
  if (codes.map(({ code }) => code).join() !== before.join())
    say(turn, { kind: 'barred', reasons: codes.map(({ reason }) => reason) });
  state.bars = bars;
  if (isBlind(turn)) return hold(turn, { ...missing(state), by: null });
  if (state.deadlineMs !== null && state.nowMs >= state.deadlineMs) hold(turn, { ...overdue(turn), by: null });
}

function missing({ verdicts, blindSinceMs, nowMs }: RolloutState): { cause: HoldCause; reason: string } {
  const blind = verdicts.filter(({ gating, verdict }) => gating && (verdict === 'NO_DATA' || verdict === 'ERROR'));
  const cause = blind.some(({ verdict }) => verdict === 'ERROR') ? 'error' : 'no_data';
  const seconds = Math.round((nowMs - (blindSinceMs ?? nowMs)) / 1_000);
  return {
    cause,
    reason: `no data for ${seconds} s: ${blind.map(({ measure, detail }) => `${measure} (${detail})`).join(', ')}`,
  };
}

/** Why it has not passed in its time. */
function overdue({ state }: Turn): { cause: HoldCause; reason: string } {
  const open = state.verdicts.filter(({ gating, verdict }) => gating && verdict !== 'PASS');
  const phase = state.rollout.phases[state.phase]!;
  if (state.blindSinceMs !== null) return missing(state);
  if (open.length === 0) return { cause: 'barred', reason: state.bars.map(({ reason }) => reason).join('; ') };
  return {
    cause: 'inconclusive',
    reason: `phase ${phase.id}: ${open.map(({ measure }) => measure).join(', ')} not proven in ${toSpan(phase.maxTimeMs)}`,
  };
}

/** A router refused a weight: on the way up everything goes back after the third time, on the way down it is asked again for ever. */
export function routerFailed(turn: Turn, { router, reason }: Extract<RolloutInput, { kind: 'router_failed' }>): void {
  const { state } = turn;
  if (!state.routers.some((watch) => watch.router === router))
    return refuse(turn, 'router_unknown', `router ${router}: expected one of ${state.rollout.routers.join(', ')}`);
  say(turn, { kind: 'router_trouble', router, reason });
  state.routers = state.routers.map((watch) =>
    watch.router === router ? { ...watch, troubles: watch.troubles + 1, detail: reason } : watch,
  );
  const { troubles } = state.routers.find((watch) => watch.router === router)!;
  if (state.stands === 'moving' && troubles >= refusals) revert(turn, `router ${router}: ${reason}`);
}
