/**
 * What a way back is for. `immediate`: no request for the new version any more, now. `graceful`: step by step, each one measured. `recovery`: data is brought back and accounted
 * for. `switch`: one part of a running process is switched off (F16).
 */
export const rollbackKinds = ['immediate', 'graceful', 'recovery', 'switch'] as const;
export type RollbackKind = (typeof rollbackKinds)[number];

const minuteMs = 60_000;

/** How long one may take from its trigger to verified, where the document does not say (O28, O29, O30, F16). */
export const rollbackLimits: Readonly<Record<RollbackKind, number>> = {
  immediate: 5 * minuteMs,
  graceful: 30 * minuteMs,
  recovery: 60 * minuteMs,
  switch: 5_000,
};

/** What a procedure says of itself that is a way back: a `yaml rollback` under its heading. */
export interface RollbackTerms {
  kind: RollbackKind;
  /** From the trigger to verified. */
  withinMs: number;
  /** Id of the step of the runbook up to which a drill goes forward before; null where nothing has to be done before. */
  after: string | null;
  /** Id of a step of the procedure that counts what there is: before the trigger and after the way back it has to see the same (O30). Null where nothing is counted. */
  ledger: string | null;
  /** What is run in its place behind the point of no return: `same`, or a procedure that keeps what users wrote since; null where it may not be run there (C16). */
  afterReturn: string | null;
  /** Why nothing of what users wrote since has to be kept by an export there; null where nobody says so (C17). */
  unkept: string | null;
  /** Role or person who has to watch a drill and attest it; null where nobody is asked (T31). */
  observer: string | null;
}
