import type { Change } from '../procedure/change.ts';
import type { Run } from '../procedure/run.ts';
import type { RollbackKind } from './rollback-terms.ts';

/** One run of a drill, with its events: they are judged by others, too. */
export interface DrillRun {
  run: string;
  state: Run['state'];
  /** Steps in which people were stood in for: their time is not in it. */
  stoodIn: string[];
  /** How many events it has, and the digest of them in RFC 8785 form. */
  events: { count: number; sha256: string };
  log: Change[];
}

/** What the drill of one way back came to; it counts for this plan and this candidate only. */
export interface DrillReport {
  format: 'tminus/drill/1';
  id: string;
  launch: string;
  procedure: string;
  kind: RollbackKind;
  withinMs: number;
  /** Step that counts what there is; null where nothing is counted. */
  ledger: string | null;
  /** Role or person whose word it needs; null where nobody was asked to watch. Absent in reports of before that could be asked. */
  observer?: string | null;
  /** Where it was drilled; never production. */
  environment: string;
  /** Whether that environment is declared as simulated: then it proves nothing (F16). */
  simulated: boolean;
  planHash: string;
  /** The candidate as each environment of the launch has it: it is drilled in one and released in another. */
  candidates: { [environment: string]: string };
  /** Files of the repository that were not as the commit has them; null where it could not be told. */
  uncommitted: string[] | null;
  /** RFC 3339, by the database's clock. */
  beganAt: string;
  endedAt: string;
  /** Public key of the store that signed it, as `name+id+key`. */
  signedBy: string;
  /** For people; `judgeDrill` decides. */
  passed: boolean;
  /** What was done before there was anything to take back; null where nothing has to be. */
  forward: DrillRun | null;
  /** What the ledger saw before the trigger; null where nothing is counted. */
  ledgerBefore: DrillRun | null;
  /** Each step that looks at the end, asked before the trigger: one that is content then can see nothing. */
  controls: { step: string; run: DrillRun }[];
  /** The way back itself: its clock starts with its first event. */
  back: DrillRun;
}

/** What the predicate of an in-toto statement about a drill means. */
export const drillPredicateType = 'tminus:drill/1';
