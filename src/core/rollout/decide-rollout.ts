import { abort, note, personHold, personLower, promote, resume } from './decide-person.ts';
import { routerFailed, tick } from './decide-look.ts';
import type { RolloutDecision, RolloutInput } from './rollout-input.ts';
import type { RolloutState } from './rollout-state.ts';
import { refuse } from './turn.ts';
import type { Turn } from './turn.ts';

/**
 * What an input makes of a rollout: the state afterwards, work to be journaled before it is done, and what happened. Pure and defined for every state and input: the
 * state is a plain value, and the same inputs give the same state, wherever it was stored and read back in between. Only PASS of every measure that gates, and a
 * person with a reason, bring it on.
 */
export function decideRollout(state: RolloutState, input: RolloutInput): RolloutDecision<RolloutState> {
  const turn: Turn = { state: { ...state }, actions: [], events: [] };
  if (!Number.isFinite(input.atMs)) {
    refuse(turn, 'time_unreadable', 'expected an instant in milliseconds, got none');
    return turn;
  }
  turn.state.nowMs = Math.max(state.nowMs, input.atMs);
  if (isOver(state)) {
    // A look at what has ended changes nothing, and is nobody's mistake.
    if (input.kind !== 'tick')
      refuse(turn, 'rollout_ended', `${input.kind}: rollout ${state.rollout.id} is ${state.stands}`);
    return { ...turn, state };
  }
  hear(turn, input);
  return turn;
}

function isOver({ stands }: RolloutState): boolean {
  return stands === 'completed' || stands === 'rolled-back' || stands === 'aborted';
}

function hear(turn: Turn, input: RolloutInput): void {
  switch (input.kind) {
    case 'tick':
      return tick(turn, input);
    case 'router_failed':
      return routerFailed(turn, input);
    case 'note':
      return note(turn, input);
    case 'hold':
      return personHold(turn, input);
    case 'resume':
      return resume(turn, input);
    case 'promote':
      return promote(turn, input);
    case 'lower':
      return personLower(turn, input);
    case 'abort':
      return abort(turn, input);
  }
}
