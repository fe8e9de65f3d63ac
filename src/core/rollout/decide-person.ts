import { lower } from './lower.ts';
import type { Lowering } from './lower.ts';
import { barsOf, deadlineOf, moveOn } from './next-phase.ts';
import type { RolloutActor, RolloutInput } from './rollout-input.ts';
import { takeBack } from './take-back.ts';
import { askWeight, hold, refuse, say } from './turn.ts';
import type { Turn } from './turn.ts';

type InputOf<Kind> = Extract<RolloutInput, { kind: Kind }>;
type Decision = { by: RolloutActor; reason: string };

/** Takes a note that a phase asks for. */
export function note(turn: Turn, { by, text }: InputOf<'note'>): void {
  if (isRefused(turn, { by, reason: text })) return;
  const { state } = turn;
  state.notes = [...state.notes, { by: by.person, text, atMs: state.nowMs }];
  say(turn, { kind: 'noted', by: by.person, text });
}

/** Keeps the weight where it is until a person says otherwise. */
export function personHold(turn: Turn, { by, reason }: Decision): void {
  if (isRefused(turn, { by, reason })) return;
  const { stands } = turn.state;
  if (stands === 'moving') return refuse(turn, 'moving', 'hold: the routers are taking a weight');
  if (stands === 'going-back') return refuse(turn, 'going_back', 'hold: it is going back');
  // A person who holds what is held for another reason would hide that reason.
  if (stands !== 'held') hold(turn, { cause: 'person', reason, by: by.person });
}

/** Goes on from a hold: the phase has its whole time again. */
export function resume(turn: Turn, { by, reason }: Decision): void {
  if (isRefused(turn, { by, reason })) return;
  const { state } = turn;
  if (state.stands !== 'held') return refuse(turn, 'not_held', `resume: it is ${state.stands}`);
  const phase = state.rollout.phases[state.phase];
  // Lowered to what no phase has: the phase that it goes on from has its own weight.
  if (state.hold?.cause === 'lowered' && phase !== undefined && phase.weight !== state.weight.asked)
    askWeight(turn, phase.weight, reason);
  state.stands = phase === undefined ? 'waiting' : 'watching';
  state.hold = null;
  state.drifts = 0;
  state.blindSinceMs = null;
  state.deadlineMs = phase === undefined ? null : deadlineOf(phase, state);
  say(turn, { kind: 'resumed', by: by.person, reason });
}

/** Goes on to the next phase by the word of a person. What failed is not promoted, and neither is what a condition, a window, an incident or the bake bars (O19, O27). */
export function promote(turn: Turn, { by, reason }: Decision): void {
  if (isRefused(turn, { by, reason })) return;
  const { state } = turn;
  if (state.stands === 'moving') return refuse(turn, 'moving', 'promote: the routers are taking a weight');
  if (state.stands === 'going-back') return refuse(turn, 'going_back', 'promote: it is going back');
  if (state.phase === -1) return refuse(turn, 'not_begun', 'promote: no phase has begun');
  const failed = state.verdicts.find(({ gating, verdict }) => gating && verdict === 'FAIL');
  // Behind the point of no return forward may be the only way.
  if (failed !== undefined && state.returnPoint === 'ahead')
    return refuse(turn, 'verdict_fail', `measure ${failed.measure}: expected no FAIL, got one`);
  const bars = barsOf(state).filter(({ code }) => code !== 'verdict' && code !== 'too_early');
  if (bars.length > 0) return refuse(turn, 'barred', bars.map((bar) => bar.reason).join('; '));
  moveOn(turn, { how: 'promoted', by: by.person, reason });
}

/** Takes the canary back because a person says so, in any phase. */
export function abort(turn: Turn, { by, reason }: Decision): void {
  if (isRefused(turn, { by, reason })) return;
  const { state } = turn;
  if (state.stands === 'going-back') return refuse(turn, 'going_back', 'abort: it is going back');
  takeBack(turn, { cause: 'person', reason, by: by.person });
}

/** Gives the canary less, because a person goes back step by step. */
export function personLower(turn: Turn, lowering: Lowering): void {
  if (!isRefused(turn, lowering)) lower(turn, lowering);
}

function isRefused(turn: Turn, { by, reason }: Decision): boolean {
  if (by.automation) refuse(turn, 'automation', `${by.person}: expected a human, got an automation`);
  else if (reason.trim() === '') refuse(turn, 'reason_missing', 'expected a reason, got none');
  return turn.events.length > 0;
}
