import type { Generated, GeneratedAlways } from 'kysely';

import type { BatchState } from '../core/dataset/import/batch.ts';

/** Tables of imports and comparisons. */
export interface ImportTables {
  import_batch: ImportBatchRow;
  import_move: ImportMoveRow;
  reconcile_report: ReconcileReportRow;
}

/** A comparison that somebody asked a server for; rows are only added. */
export interface ReconcileReportRow {
  id: GeneratedAlways<string>;
  launch: string;
  environment: string;
  dataset: string;
  plan_hash: Buffer;
  started_by: string;
  report_sha256: Buffer;
  at: Generated<Date>;
}

/** One import of a dataset. */
export interface ImportBatchRow {
  id: string;
  launch: string;
  environment: string;
  dataset: string;
  plan_hash: Buffer;
  candidate_sha256: Buffer;
  mode: 'full' | 'delta';
  requester: string;
  report: object;
  report_sha256: Buffer;
  created_at: Generated<Date>;
  state: Generated<BatchState>;
  approval: object | null;
  fence: string | null;
  result: object | null;
  watermark: string | null;
}

/** A move of a batch; rows are only added. */
export interface ImportMoveRow {
  id: GeneratedAlways<string>;
  batch: string;
  from_state: BatchState;
  to_state: BatchState;
  person: string | null;
  detail: string;
  at: Generated<Date>;
}
