import type { RolloutAction, RolloutEvent, RolloutRefusal } from './rollout-input.ts';
import type { HoldCause, RolloutState } from './rollout-state.ts';

/** One input being decided: a copy of the state that may be changed, and what was said and asked for so far. */
export interface Turn {
  state: RolloutState;
  actions: RolloutAction[];
  events: RolloutEvent[];
}

type WithoutNumber<Action> = Action extends RolloutAction ? Omit<Action, 'number'> : never;
type WithoutTime<Event> = Event extends RolloutEvent ? Omit<Event, 'atMs'> : never;

/** Asks for work, under the next number. */
export function ask({ state, actions }: Turn, action: WithoutNumber<RolloutAction>): void {
  state.actions += 1;
  actions.push({ number: state.actions, ...action });
}

/** Says what happened, for the journal. */
export function say({ state, events }: Turn, event: WithoutTime<RolloutEvent>): void {
  events.push({ atMs: state.nowMs, ...event });
}

/** Says why an input is refused, and that nothing else happened. */
export function refuse(turn: Turn, code: RolloutRefusal, reason: string): void {
  say(turn, { kind: 'refused', code, reason });
}

/** Asks every router for a weight. */
export function askWeight(turn: Turn, weight: number, reason: string): void {
  const { state } = turn;
  const before = state.weight.asked;
  state.weight = { asked: weight, before, askedAtMs: state.nowMs, againAtMs: state.nowMs, asks: 1 };
  say(turn, { kind: 'weight_asked', weight, before, reason });
  for (const { router, weight: read } of state.routers) ask(turn, { kind: 'set_weight', router, weight, before: read });
}

/** Holds the rollout for a person and calls one; the same cause twice is once. A move under way is given up: all routers have a weight or none does. */
export function hold(turn: Turn, { cause, reason, by }: { cause: HoldCause; reason: string; by: string | null }): void {
  const { state } = turn;
  if (state.stands === 'held' && state.hold?.cause === cause) return;
  if (state.stands === 'moving') askWeight(turn, state.weight.before, reason);
  state.stands = 'held';
  state.hold = { cause, reason, by, atMs: state.nowMs };
  say(turn, { kind: 'held', cause, reason, by });
  if (by === null) ask(turn, { kind: 'notify', urgency: 'page', text: `held: ${reason}` });
}
