import type { Actor, ApprovalReference, CancelReason, Hold } from './run.ts';

interface ByPerson {
  by: Actor;
  reason: string;
}

interface OfStep {
  step: string;
}

interface OfAttempt extends OfStep {
  /** As the `step_moved` change of its start said. */
  attempt: number;
}

/** What can happen to a run, each at an instant of the database's clock. */
export type RunInput = { atMs: number } & (
  | { kind: 'approve'; approval: ApprovalReference }
  | ({ kind: 'reject' } & ByPerson)
  | { kind: 'enqueue' }
  | { kind: 'start' }
  | { kind: 'tick' }
  | ({ kind: 'step_started' } & OfStep)
  | ({ kind: 'step_ended'; outcome: 'done' | 'failed' | 'stopped'; detail: string } & OfAttempt)
  | ({ kind: 'step_interrupted'; detail: string } & OfAttempt)
  | ({ kind: 'step_probed'; result: 'applied' | 'not_applied' | 'unfinished' | 'unknown'; detail: string } & OfAttempt)
  | ({ kind: 'confirm'; by: Actor; proof: string } & OfStep)
  | ({ kind: 'decline' } & ByPerson & OfStep)
  | ({ kind: 'permit_late' } & ByPerson & OfStep)
  | ({ kind: 'skip' } & ByPerson & OfStep)
  | ({ kind: 'retry' } & ByPerson & OfStep)
  | ({ kind: 'settle'; outcome: 'done' | 'failed' } & ByPerson & OfStep)
  | ({ kind: 'hold'; hold: Pick<Hold, 'id' | 'scope' | 'subject' | 'mode' | 'count'> } & ByPerson)
  | ({ kind: 'release'; hold: string } & ByPerson)
  | { kind: 'stop_seen'; stop: string; result: 'met' | 'clear' | 'unknown'; detail: string }
  | { kind: 'return_seen'; point: string; result: 'crossed' | 'ahead' | 'unknown'; detail: string }
  | ({ kind: 'retarget'; t0Ms: number } & ByPerson)
  | ({ kind: 'recycle'; point: string } & ByPerson)
  | ({ kind: 'cancel'; cause: CancelReason; takeBack: boolean; approval: ApprovalReference | null } & ByPerson)
  | ({ kind: 'undo'; approval: ApprovalReference | null } & ByPerson)
);

export type InputKind = RunInput['kind'];

/** One input of one kind. */
export type InputOf<Kind extends InputKind> = Extract<RunInput, { kind: Kind }>;
