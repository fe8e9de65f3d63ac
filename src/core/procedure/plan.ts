import type { ProofKind, QuoteDeclaration, StepAction } from '../launch/launch.ts';
import type { ActionClass } from './action-classes.ts';

/** What happens when a step failed or ran out of time: the run ends, the run holds, or people are called and the rest goes on. */
export type BadEnd = 'fail' | 'hold' | 'escalate';

/** What happens to a step whose worker died or was stopped in the middle of it. */
export type Interrupted = 'rerun' | 'verify' | 'ask';

/** When a step comes due: at an offset of the count (moves with T-0), at an instant (does not), or as soon as its needs are met. */
export type StepTimer = { kind: 'offset'; offsetMs: number } | { kind: 'at'; atMs: number } | { kind: 'needs' };

/** What a step that only waits is waited for: a length of time, an instant, or an offset of the count (moves with T-0). */
export type Pause =
  | { kind: 'for'; ms: number }
  | { kind: 'until'; atMs: number }
  | { kind: 'until-offset'; offsetMs: number };

/** One step, complete: every default of the documents filled in. */
export interface PlannedStep {
  id: string;
  title: string;
  human: boolean;
  /** Who does it, or answers for it. */
  role: string | null;
  /** Steps that have to be done or skipped before it; the one before it where the document names none. */
  needs: string[];
  timer: StepTimer;
  proof: ProofKind | null;
  action: StepAction | null;
  /** Tells whether an interrupted attempt took effect, where the document has a program for that. */
  probe: StepAction | null;
  /** Set where it only waits: no worker takes it, and time ends it. */
  pause: Pause | null;
  actionClass: ActionClass;
  /** Changes something outside. Only a class that reads is taken to change nothing. */
  writes: boolean;
  reversible: boolean;
  /** The step that takes it back. */
  undo: string | null;
  /** What takes it back after the point of no return: `same` as before, another step (the partial-write variant), or nothing. */
  undoAfterReturn: string | null;
  /** Names of things that a hold can be put on. */
  assets: string[];
  /** How long it may run (machine), or may be waited for (human); null for no limit. */
  limitMs: number | null;
  onFail: BadEnd;
  onTimeout: BadEnd;
  interrupted: Interrupted;
  /** How often it may be begun without a person asking; more than once only where `interrupted` is `rerun`. */
  maxAttempts: number;
  /** Begun later than this after it came due, a person is asked first; null lets it run, shown as late. */
  askWhenLateMs: number | null;
  /** What a recycle does to it once it is done. */
  onRecycle: 'repeat' | 'keep';
}

/** A planned stop of the count: T-time stands still at `atMs` for `forMs` of wall time. */
export interface BuiltInHold {
  id: string;
  title: string;
  /** Offset on the count, negative before T-0. */
  atMs: number;
  forMs: number;
  /** `clock`: goes on by itself. `person`: goes on when somebody who may decide says go, and not before its planned end. */
  release: 'clock' | 'person';
}

/** A point of the count that a run may go back to. */
export interface RecyclePoint {
  id: string;
  title: string;
  atMs: number;
}

/** Something that stops the run when it is seen, and a moment after which the way back is another. Both are looked for by the engine. */
export interface Watch {
  id: string;
  text: string;
  detect: QuoteDeclaration['detect'];
  /** How often it is looked at; null without a check. */
  everyMs: number | null;
}

/** A procedure as it is run: complete, normalized, without anything that happened. */
export interface Plan {
  id: string;
  title: string;
  /** Binds approvals: the plan hash of the launch it was read from. */
  planHash: string;
  environment: { id: string; production: boolean };
  steps: PlannedStep[];
  /** Steps that only the way back uses. */
  undoSteps: PlannedStep[];
  roles: { [role: string]: string[] };
  /** Ids of automations: they close nothing that a person has to close. */
  automations: string[];
  /** Roles that may hold, release, skip, retry, settle an unknown outcome, move T-0, cancel and undo. */
  deciders: string[];
  builtInHolds: BuiltInHold[];
  recyclePoints: RecyclePoint[];
  stops: Watch[];
  pointsOfNoReturn: Watch[];
  /** Begun behind the point of no return: it wants an approval of one level more (C16). Absent elsewhere. */
  pastReturn?: true;
  /** How long the run may wait in the queue, and how long it may last once begun; null for no limit. */
  queueLimitMs: number | null;
  limitMs: number | null;
}

/** Every step of the plan and of the way back, by id. */
export function stepIndex(plan: Plan): Map<string, PlannedStep> {
  return new Map([...plan.steps, ...plan.undoSteps].map((step) => [step.id, step]));
}
