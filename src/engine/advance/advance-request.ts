import type { Change, Refused } from '../../core/procedure/change.ts';
import type { RunInput } from '../../core/procedure/run-input.ts';
import type { Run, StepRun } from '../../core/procedure/run.ts';
import type { StepLength } from '../../store/step-record.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Claim } from '../delivery.ts';

/** An input without its instant: that is the database's, and nobody else's. */
export type TimelessInput = RunInput extends infer One ? (One extends RunInput ? Omit<One, 'atMs'> : never) : never;

/** One input for one run. */
export interface AdvanceRequest {
  run: string;
  input: TimelessInput;
  /** How many events the run had when somebody saw it: decided only where it still has as many, so that of two who saw the same one wins (D16). */
  seen?: number;
  /** Settled in the transaction that decides: a claim that was lost changes nothing. */
  settle?: Claim;
  /** Has to hold in the transaction that decides, and goes on holding. */
  confirm?: Claim;
  /** Asked under the lock of the run, before the decision; a text refuses the input. */
  guard?: (tx: StoreTransaction, run: Run, nowMs: number) => Promise<string | null>;
  /** How long the attempt took that this input ends; kept with the decision, together with those of the same batch. */
  length?: StepLength;
  /** Writes that stand or fall with the decision; only where it was not refused. */
  write?: (tx: StoreTransaction, advanced: { run: Run; changes: readonly Change[] }) => Promise<void>;
  /** Lets the clock of a rehearsal jump, but never while something else is under way that takes real time. */
  leap?: Leap;
}

/** To the next instant at which something happens, or to one that the steps `waits` names do nothing but wait for. */
export type Leap = 'next' | { toMs: number; waits: (step: StepRun) => boolean };

/** What became of an input. */
export type Advanced =
  | { state: 'decided'; run: Run; changes: readonly Change[] }
  | { state: 'refused'; run: Run; refusal: Pick<Refused, 'reason'> & { code: Refused['code'] | 'not_permitted' } }
  /** Somebody else was faster: it has other events now than were seen, and nothing was written. */
  | { state: 'moved'; run: Run; events: number }
  /** The claim was lost: nothing was written, drop the result. */
  | { state: 'stale' }
  | { state: 'unknown_run' };
