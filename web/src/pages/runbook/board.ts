/** States of a step, as the engine names them. */
export type StepState =
  | 'pending'
  | 'ready'
  | 'running'
  | 'verifying'
  | 'waiting_human'
  | 'waiting'
  | 'done'
  | 'skipped'
  | 'failed'
  | 'timed_out'
  | 'cancelled'
  | 'unknown';

/** A length of wall time; without an end it is still going on. */
export interface Span {
  beginMs: number;
  endMs: number | null;
}

/** One step, with what the views of the runbook draw of it. */
export interface BoardStep {
  id: string;
  title: string;
  part: 'forward' | 'undo';
  state: StepState;
  human: boolean;
  role: string | null;
  /** Who may do it, by person id. */
  people: readonly string[];
  /** Id of the phase; null for steps of the way back, which have none. */
  phase: string | null;
  needs: readonly string[];
  /** The step that takes it back. */
  undo: string | null;
  /** Planned offset from T-0; null where it begins as soon as it can. */
  offsetMs: number | null;
  /** As forecast, at P50; null where that cannot be told. */
  planned: Span | null;
  /** As it happened; null where it has not begun. */
  actual: Span | null;
  /** How long it took in rehearsals; null where it was not rehearsed. */
  rehearsedMs: number | null;
  attempt: number;
  /** How late it is, or began; null where it is not. */
  lateMs: number | null;
  /** Any delay of it delays the finish, in half of the forecast or more. */
  isCritical: boolean;
  /** What is known about how it ended. */
  detail: string | null;
}

/** A stretch of wall time during which something is held, or will be. */
export interface HoldBand extends Span {
  id: string;
  title: string;
  /** False where the count went on through it. */
  stopsCount: boolean;
}

/** Something at one instant: T-0, a recycle point, the point of no return. */
export interface Mark {
  id: string;
  kind: 't0' | 'recycle' | 'return';
  title: string;
  atMs: number;
}

/** A phase of the document, in its order. */
export interface BoardPhase {
  id: string;
  title: string;
  offsetMs: number | null;
}

/** Everything that is drawn of a run as a whole. */
export interface Board {
  steps: readonly BoardStep[];
  phases: readonly BoardPhase[];
  holds: readonly HoldBand[];
  marks: readonly Mark[];
  /** Null where nothing hangs on T-0. */
  t0Ms: number | null;
  /** What open holds reach to; T-0 and every planned time are counted from it. */
  nowMs: number;
  /** When it ended; null while it goes on. */
  endedMs: number | null;
}
