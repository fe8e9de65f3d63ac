import type { Generated, GeneratedAlways } from 'kysely';

/** The tables of the schema `tminus`, as the migrations leave them; `schema.sql` is the same from the database's side. */
export interface Tables {
  schema_migration: { number: number; name: string; sha256: Buffer; applied_at: Generated<Date> };
  blob: { sha256: Buffer; bytes: Buffer; size: GeneratedAlways<number> };
  launch_snapshot: { sha256: Buffer; plan_hash: Buffer; launch: string; body: Buffer; created_at: Generated<Date> };
  launch_document: { snapshot: Buffer; path: string; sha256: Buffer };
  log: { id: GeneratedAlways<string>; launch: string; origin: string; verifier: string; created_at: Generated<Date> };
  log_head: { log: string; size: string; root: Buffer; frontier: Buffer };
  log_entry: LogEntryRow;
  checkpoint: { log: string; size: string; root: Buffer; note: string; created_at: Generated<Date> };
}

/** One entry as it is stored; bigint columns arrive as text from the driver. */
export interface LogEntryRow {
  log: string;
  index: string;
  id: Buffer;
  kind: 'evidence' | 'waiver' | 'approval' | 'decision';
  criterion: string | null;
  observed_at: Date;
  leaf_hash: Buffer;
  body: Buffer;
}
