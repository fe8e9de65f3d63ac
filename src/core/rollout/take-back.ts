import type { RolloutState } from './rollout-state.ts';
import { endPhase } from './next-phase.ts';
import { strayRouters } from './read-routers.ts';
import { ask, askWeight, hold, say } from './turn.ts';
import type { Turn } from './turn.ts';

/** Why a rollout is taken back. */
export type BackCause = NonNullable<RolloutState['outcome']>['cause'];

/** Looks in a row in which the router found the canary dead. */
const deadLooks = 3;
/** A weight that is not taken is asked for again after so long, and a person is called after so long. */
const againMs = 1_000;
const callAfterMs = 10_000;

/** What speaks for taking the canary back at once; null where nothing does. */
export function dangerOf(state: RolloutState): { cause: BackCause; reason: string } | null {
  // A person is going back step by step, and what would be begun here is what they are doing.
  if (state.hold?.cause === 'lowered') return null;
  const failed = state.verdicts.find(({ gating, verdict }) => gating && verdict === 'FAIL');
  if (failed !== undefined)
    return { cause: 'failed', reason: `measure ${failed.measure}: ${failed.reason.replaceAll('_', ' ')}` };
  const dead = state.weight.asked > 0 ? state.routers.find((router) => router.deadLooks >= deadLooks) : undefined;
  if (dead !== undefined)
    return {
      cause: 'liveness',
      reason: `router ${dead.router} found the canary dead at ${dead.deadLooks} looks in a row`,
    };
  const incident = state.seen?.incidents.find(({ onCanary }) => onCanary);
  return incident === undefined
    ? null
    : { cause: 'incident', reason: `incident ${incident.id} is on the canary: ${incident.title}` };
}

/**
 * Takes the canary back: weight 0 first, everything else afterwards. Only where that is harmless: behind the point of no return, or where nobody knows whether it is
 * behind, the way back is prepared and a person decides; and no traffic is sent to a stable arm that is dead.
 */
export function takeBack(turn: Turn, why: { cause: BackCause; reason: string; by: string | null }): void {
  const { state } = turn;
  const { cause, reason, by } = why;
  // With no traffic on the canary there is nothing that going back could lose.
  const hasTraffic = Math.max(state.weight.asked, ...state.routers.map(({ weight }) => weight ?? 0)) > 0;
  if (state.returnPoint !== 'ahead' && hasTraffic) return refuseBack(turn, why);
  if (state.routers.some(({ stableDead }) => stableDead) && hasTraffic)
    return hold(turn, { cause: 'stable_unhealthy', reason: `${reason}; the stable arm is dead, too`, by: null });
  if (cause !== 'person' && state.rollout.onFail === 'hold') return hold(turn, { cause: 'failed', reason, by: null });
  const wasWatched = state.stands === 'watching' || state.stands === 'held';
  state.stands = 'going-back';
  state.hold = null;
  state.outcome = { cause, reason, by, atMs: state.nowMs };
  say(turn, { kind: 'going_back', cause, reason, by });
  askWeight(turn, 0, reason);
  ask(turn, { kind: 'notify', urgency: cause === 'person' ? 'tell' : 'page', text: `going back to 0 %: ${reason}` });
  // Of a phase that a move has left there is a report already.
  if (wasWatched) endPhase(turn, { how: 'left', by, reason });
}

function refuseBack(turn: Turn, { cause, reason }: { cause: BackCause; reason: string }): void {
  const { state } = turn;
  const holdCause = cause === 'person' ? 'aborted_past_return' : 'past_return';
  if (state.hold?.cause === holdCause) return;
  const where = state.returnPoint === 'crossed' ? 'behind' : 'not known to be ahead';
  const why = `${reason}; the point of no return is ${where}, so that a person has to take it back`;
  ask(turn, { kind: 'prepare_way_back', procedure: state.rollout.wayBack, reason: why });
  hold(turn, { cause: holdCause, reason: why, by: null });
}

/** Goes on asking for weight 0 until every router reads it, however long that takes, and then ends. */
export function followBack(turn: Turn): void {
  const { state } = turn;
  const strays = strayRouters(turn);
  if (strays.length > 0)
    return askAgain(
      turn,
      strays.map(({ router }) => router),
    );
  const { cause, reason } = state.outcome!;
  say(turn, { kind: 'weight_reached', weight: 0, phase: null });
  for (const { router } of state.routers) ask(turn, { kind: 'drain', router, arm: 'canary' });
  const procedure = state.rollout.wayBack;
  // What had no traffic has done nothing that a procedure would undo.
  const wasExposed = state.weight.before > 0 || (state.rollout.phases[state.phase]?.weight ?? 0) > 0;
  if (procedure !== null && wasExposed) {
    const isOwn = cause !== 'person' && state.returnPoint === 'ahead';
    ask(turn, { kind: isOwn ? 'begin_way_back' : 'prepare_way_back', procedure, reason });
  }
  state.stands = cause === 'person' ? 'aborted' : 'rolled-back';
  say(turn, { kind: 'ended', stands: state.stands, reason });
}

/** Asks routers again for the weight that they do not have. */
export function askAgain(turn: Turn, routers: readonly string[]): void {
  const { state } = turn;
  const lateMs = state.nowMs - state.weight.askedAtMs;
  const isCall = lateMs >= callAfterMs && state.weight.againAtMs - state.weight.askedAtMs < callAfterMs;
  if (isCall && state.stands === 'going-back')
    ask(turn, {
      kind: 'notify',
      urgency: 'page',
      text: `${routers.join(', ')}: expected weight 0 for ${Math.round(lateMs / 1_000)} s, got another`,
    });
  if (state.nowMs - state.weight.againAtMs < againMs) return;
  state.weight = { ...state.weight, againAtMs: state.nowMs, asks: state.weight.asks + 1 };
  for (const watch of state.routers.filter(({ router }) => routers.includes(router)))
    ask(turn, { kind: 'set_weight', router: watch.router, weight: state.weight.asked, before: watch.weight });
}
