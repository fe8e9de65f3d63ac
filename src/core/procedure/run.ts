import type { CountClock } from './count-clock.ts';
import type { BadEnd, Plan } from './plan.ts';
import type { RunState } from './run-transitions.ts';
import type { StepState } from './step-transitions.ts';

/** `live` does it, `rehearsal` does it where it harms nobody and on any clock, `dry-run` only lists what would be done. `decide` never looks at it. */
export type RunMode = 'live' | 'rehearsal' | 'dry-run';

/** Who asks for something, in which role. Roles are looked up, never believed. */
export interface Actor {
  person: string;
  role: string;
}

/** A reference to an approval that was given elsewhere (O02). Its signature is verified by whoever hands it in. */
export interface ApprovalReference {
  id: string;
  level: 0 | 1 | 2 | 3;
  planHash: string;
  approver: string;
  expiresAtMs: number;
}

/** A stop that a person or a watch put on. */
export interface Hold {
  id: string;
  /** `end` holds no step back: the run stays open when they are through, so that it can still be taken back. */
  scope: 'global' | 'launch' | 'run' | 'environment' | 'step' | 'asset' | 'end';
  /** The step or asset that is held; null for everything in scope. */
  subject: string | null;
  /** `boundary` lets running steps end; `now` stops them. */
  mode: 'boundary' | 'now';
  /** Whether T-time goes on. Where it stops, T-0 moves by as long as the hold lasts; where it runs, steps become late. */
  count: 'runs' | 'stops';
  cause: 'person' | 'stop-condition' | 'stop-unreadable' | 'return-unreadable' | 'return-crossed';
  /** The stop condition or point of no return that caused it. */
  watch: string | null;
  by: string | null;
  reason: string;
  sinceMs: number;
}

/** What is waited for, until when, what happens then, and who can act (law 10). */
export type Wait = WaitBounds &
  ({ for: 'confirmation' | 'late-start'; onLimit: BadEnd } | { for: 'time'; onLimit: 'done' });

interface WaitBounds {
  role: string | null;
  people: string[];
  sinceMs: number;
  /** Null where the document sets no limit, and where it hangs on the count: `explainRun` says when that is reached as things stand. */
  untilMs: number | null;
}

/** Why somebody did what the plan did not foresee. */
export interface Note {
  by: string;
  reason: string;
  atMs: number;
}

/** One step of one run. */
export interface StepRun {
  id: string;
  part: 'forward' | 'undo';
  state: StepState;
  /** Rises with every start; whoever reports has to show it, so a stale worker is refused. */
  attempt: number;
  /** Starts since a person or a recycle last asked for it. */
  tries: number;
  /** Rises when a recycle repeats it: part of its idempotency key. */
  round: number;
  /** When it came due; null before. */
  dueAtMs: number | null;
  /** No earlier than this again, after a failure that is tried again. */
  notBeforeMs: number | null;
  readyAtMs: number | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
  /** What its bad end did: ended the run, holds it, or called people while the rest goes on. */
  badEnd: BadEnd | null;
  /** Asked to stop, and why; null while nobody did. */
  stopping: StopCause | null;
  stopAskedAtMs: number | null;
  /** Since when a probe looks whether it took effect. */
  probedAtMs: number | null;
  /** A person let it begin although it is late. */
  lateAccepted: boolean;
  wait: Wait | null;
  proof: string | null;
  /** What is known about how it ended. */
  detail: string | null;
  notes: Note[];
}

export type StopCause = 'cancel' | 'hold' | 'timeout' | 'failure';

export type CancelReason = 'user_initiated' | 'timeout' | 'system_shutdown' | 'resource_limit' | 'error' | 'duplicate';

/** Whether the point of no return lies ahead. `unknown` counts as crossed wherever that is the careful answer. */
export interface ReturnPoint {
  state: 'ahead' | 'crossed' | 'unknown';
  by: string | null;
  atMs: number | null;
  announced: boolean;
}

/** How a run that is being stopped or taken back will end. */
export type Ending = 'cancelled' | 'failed' | 'timed_out' | 'rolled_back';

/** One execution of a plan: all that happened, and nothing that was not decided by `decide`. Plain data. */
export interface Run {
  id: string;
  mode: RunMode;
  plan: Plan;
  state: RunState;
  requestedBy: string;
  createdAtMs: number;
  enqueuedAtMs: number | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
  /** The newest instant that was handed in. Time never goes back. */
  nowMs: number;
  approval: ApprovalReference | null;
  /** Null where no step, hold or recycle point hangs on T-0. */
  clock: CountClock | null;
  steps: { [id: string]: StepRun };
  holds: Hold[];
  returnPoint: ReturnPoint;
  ending: Ending | null;
  endingReason: string | null;
  /** Whether what was done is taken back before the end. */
  undoing: boolean;
}

/** States in which a run does its forward steps. */
export const activeStates: readonly RunState[] = ['running', 'held', 'waiting_human', 'outcome_unknown'];

/** States that nothing leaves. */
export const finalStates: readonly RunState[] = [
  'rejected',
  'completed',
  'partial',
  'failed',
  'timed_out',
  'cancelled',
  'rolled_back',
];

/** Whether nothing can happen any more. */
export function isFinal({ state }: Pick<Run, 'state'>): boolean {
  return finalStates.includes(state);
}
