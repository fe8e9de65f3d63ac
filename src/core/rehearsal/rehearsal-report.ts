import type { Change } from '../procedure/change.ts';
import type { Run } from '../procedure/run.ts';
import type { UndoReport } from '../procedure/undo-report.ts';

/** How one pass of a rehearsal went. */
export interface PassReport {
  id: string;
  title: string;
  run: string;
  /** Made to be taken back: `rolled_back` is its good end. */
  takesBack: boolean;
  state: Run['state'];
  /** For people; `judgeRehearsal` decides. */
  passed: boolean;
  /** Why it did not pass; empty where it did. */
  findings: string[];
  /** What was planted in which step. */
  faults: { readonly [step: string]: string };
  /** Steps whose planted fault did not happen. */
  missed: string[];
  /** Steps that a worker did. Where there is none, people were stood in for in everything, and nothing was tried. */
  worked: string[];
  /** What was done in the place of people. */
  stoodIn: { step: string | null; why: string }[];
  /** How long it took by its own clock, and by the clock on the wall. */
  lastedMs: number;
  tookMs: number;
  /** For people; computed from `log`. */
  wayBack: UndoReport | null;
  /** How many events its run has, and the digest of them in RFC 8785 form. */
  events: { count: number; sha256: string };
  /** The events themselves, for a pass that was taken back: its times are judged by others, too. Null for the others. */
  log: Change[] | null;
}

/** What became of one gate of a procedure on its negative control: a target that is broken. */
export interface ControlReport {
  /** What asks the check: a step, a stop condition or a point of no return. */
  of: string;
  part: 'step' | 'stop' | 'return';
  kind: string;
  /** What became of it there; see `isBlind`. `not_judged` where nobody could hold it against its control. */
  outcome: 'pass' | 'fail' | 'unknown' | 'not_judged';
  reason: string;
}

/** What a rehearsal came to; it counts for this plan and this candidate only. */
export interface RehearsalReport {
  format: 'tminus/rehearsal/1';
  id: string;
  launch: string;
  procedure: string;
  /** Where it was rehearsed; never production. */
  environment: string;
  planHash: string;
  /** The candidate as this environment has it. */
  candidateSha256: string;
  /** The same candidate as each environment of the launch has it: it is rehearsed in one and released in another. */
  candidates: { [environment: string]: string };
  depth: 'quick' | 'full';
  /** Files of the repository that were not as the commit has them: rehearsed, too, and shown by no digest. Null where it could not be told. */
  uncommitted: string[] | null;
  /** RFC 3339, by the database's clock. */
  beganAt: string;
  endedAt: string;
  /** Public key of the store that signed it, as `name+id+key`. */
  signedBy: string;
  /** For people; `judgeRehearsal` decides. */
  passed: boolean;
  /** Ids of the passes that were planned. */
  planned: string[];
  passes: PassReport[];
  controls: ControlReport[];
}

/** What the predicate of an in-toto statement about a rehearsal means. */
export const rehearsalPredicateType = 'tminus:rehearsal/1';
