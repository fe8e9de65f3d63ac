import type { Generated } from 'kysely';

import type { RolloutStanding } from '../core/rollout/rollout-state.ts';

/** Tables of shifts of traffic. */
export interface RolloutTables {
  rollout_shift: ShiftRow;
  rollout_entry: ShiftEntryRow;
}

/** One rollout carried out for a candidate. */
export interface ShiftRow {
  id: string;
  launch: string;
  environment: string;
  rollout: string;
  plan_hash: Buffer;
  candidate_sha256: Buffer;
  requester: string;
  reason: string;
  declared: object;
  setting: object;
  routers: string[];
  created_at: Generated<Date>;
  state: object;
  pending: object;
  stands: RolloutStanding;
  version: Generated<string>;
  entries: Generated<string>;
  head: Generated<Buffer>;
  look_at: Date | null;
  ended_at: Date | null;
}

/** An entry of the journal of a shift; rows are only added. */
export interface ShiftEntryRow {
  shift: string;
  number: string;
  kind: string;
  at: Date;
  body: Buffer;
  sha256: Buffer;
}
