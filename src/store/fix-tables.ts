import type { Generated, GeneratedAlways } from 'kysely';

import type { FixState } from '../core/dataset/fix/fix-state.ts';

/** Tables of repairs. */
export interface FixTables {
  fix_plan: FixPlanRow;
  fix_move: FixMoveRow;
}

/** One plan that repairs rows of a dataset. */
export interface FixPlanRow {
  id: string;
  launch: string;
  environment: string;
  dataset: string;
  plan_hash: Buffer;
  candidate_sha256: Buffer;
  requester: string;
  plan: object;
  plan_sha256: Buffer;
  created_at: Generated<Date>;
  state: Generated<FixState>;
  approval: object | null;
  result: object | null;
}

/** A move of a plan; rows are only added. */
export interface FixMoveRow {
  id: GeneratedAlways<string>;
  fix: string;
  from_state: FixState;
  to_state: FixState;
  person: string | null;
  detail: string;
  at: Generated<Date>;
}
