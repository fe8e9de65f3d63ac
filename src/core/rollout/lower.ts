import { beginRollout } from './begin-rollout.ts';
import type { Rollout } from './rollout.ts';
import type { RolloutAction, RolloutActor } from './rollout-input.ts';
import type { RolloutState } from './rollout-state.ts';
import { askWeight, refuse, say } from './turn.ts';
import type { Turn } from './turn.ts';
import { openWatch } from './watch-measure.ts';

/** A weight that a person wants the canary to have, below the one that it has. */
export interface Lowering {
  weight: number;
  by: RolloutActor;
  reason: string;
}

/**
 * Gives the canary less than it has, because a person goes back step by step (O29). It is held there, at the phase that had so much at most: who resumes goes on from that phase.
 * What is measured stands in the journal, and nothing goes back by itself meanwhile: the person who lowers steers. Asked by whoever has seen that it is a human with a reason.
 */
export function lower(turn: Turn, { weight, by, reason }: Lowering): void {
  const { state } = turn;
  if (state.stands === 'going-back') return refuse(turn, 'going_back', 'lower: it is going back to 0 % already');
  if (weight === state.weight.asked && state.hold?.cause === 'lowered') return;
  if (!(weight >= 0 && weight <= state.weight.asked))
    return refuse(
      turn,
      'not_lower',
      `lower: expected a weight from 0 to ${state.weight.asked}, which it has, got ${weight}`,
    );
  holdAt(state, { weight, by, reason });
  say(turn, { kind: 'held', cause: 'lowered', reason, by: by.person });
  askWeight(turn, weight, reason);
}

/**
 * Returns a rollout that nobody watched phase by phase, held at a weight, with what the routers have to be told: to go back step by step from a shift that has ended, and to drill
 * that before there was any.
 */
export function beginHeld(
  rollout: Rollout,
  at: Pick<RolloutState, 'candidateSha256' | 'nowMs'>,
  lowering: Lowering,
): { state: RolloutState; actions: RolloutAction[] } {
  const turn: Turn = { state: beginRollout(rollout, { ...at, dispersions: {} }), actions: [], events: [] };
  holdAt(turn.state, lowering);
  // That this weight may be taken back is what whoever asked for it decided.
  turn.state.returnPoint = 'ahead';
  askWeight(turn, lowering.weight, lowering.reason);
  return { state: turn.state, actions: turn.actions };
}

function holdAt(state: RolloutState, { weight, by, reason }: Lowering): void {
  const { phases, measures } = state.rollout;
  state.phase = Math.max(
    0,
    phases.findLastIndex((phase) => phase.weight <= weight),
  );
  state.stands = 'held';
  state.hold = { cause: 'lowered', reason, by: by.person, atMs: state.nowMs };
  state.phaseSinceMs = state.nowMs;
  state.deadlineMs = null;
  state.drifts = 0;
  state.blindSinceMs = null;
  state.verdicts = [];
  state.bars = [];
  state.watches = measures.map((measure) => openWatch(measure, state.nowMs + (phases[state.phase]?.warmupMs ?? 0)));
}
