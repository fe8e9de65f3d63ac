import type { CountClock } from './count-clock.ts';
import type { RefusalCode } from './refusals.ts';
import type { RunMove } from './run-transitions.ts';
import type { ApprovalReference, Hold, ReturnPoint, Run, StepRun, StopCause } from './run.ts';
import type { StepMove } from './step-transitions.ts';

/** What a move sets beside the state. */
export type StepFields = Partial<Omit<StepRun, 'id' | 'part' | 'state'>>;
export type RunFields = Partial<
  Pick<Run, 'enqueuedAtMs' | 'startedAtMs' | 'endedAtMs' | 'ending' | 'endingReason' | 'undoing'>
>;

/** An input that changes nothing, and why. */
export interface Refused {
  kind: 'refused';
  code: RefusalCode;
  /** Lower case, no full stop: the thing, expected and got. */
  reason: string;
}

/**
 * One thing that `decide` wants: a fact to be kept (`apply` knows it), or work for the engine (`dispatch`, `probe`, `stop_step`, `announce`, `call`).
 * Every one of them is an event; those that are work are sent in the same transaction as the facts.
 */
export type Change = { atMs: number } & (
  | { kind: 'run_created'; run: Run }
  | { kind: 'run_moved'; move: RunMove; reason: string; set: RunFields }
  | { kind: 'step_moved'; step: string; move: StepMove; reason: string; set: StepFields }
  | { kind: 'step_set'; step: string; reason: string; set: StepFields }
  | { kind: 'step_added'; step: StepRun }
  | { kind: 'approval_given'; approval: ApprovalReference }
  | { kind: 'hold_put'; hold: Hold }
  | { kind: 'hold_lifted'; hold: string; by: string | null; reason: string }
  | { kind: 'clock_moved'; clock: CountClock; cause: string; t0Ms: number | null }
  | { kind: 'return_moved'; returnPoint: ReturnPoint; reason: string }
  | { kind: 'dispatch'; step: string; key: string }
  | { kind: 'probe'; step: string; attempt: number; key: string }
  | { kind: 'stop_step'; step: string; attempt: number; cause: StopCause }
  | {
      kind: 'announce';
      what: 'return_ahead' | 'return_crossed' | 'return_unknown' | 't0_moved' | 'late' | 'ending';
      text: string;
    }
  | { kind: 'call'; step: string | null; people: string[]; text: string }
  | Refused
);
