import { sql } from 'kysely';
import type { Generated } from 'kysely';

import type { Store } from './open-store.ts';

/** How far traces were exported. */
export interface TraceExportRow {
  one: Generated<boolean>;
  position: string;
  exported: Generated<string>;
  dropped: Generated<string>;
  trouble: string | null;
  updated_at: Generated<Date>;
}

/** How the export of traces stands. */
export interface TraceExport {
  /** Cursor of the last event whose spans were sent or given up. */
  position: number;
  /** Spans since the first export. */
  exported: number;
  dropped: number;
  /** Why the last try came to nothing; null where it did not. */
  trouble: string | null;
}

/** What one batch came to. */
export interface ExportedBatch {
  position: number;
  exported: number;
  dropped: number;
  trouble: string | null;
}

/** Returns how the export stands; null where nobody has ever exported. */
export async function readTraceExport(store: Store): Promise<TraceExport | null> {
  const row = await store.tables.selectFrom('trace_export').selectAll().executeTakeFirst();
  if (row === undefined) return null;
  const { position, exported, dropped, trouble } = row;
  return { position: Number(position), exported: Number(exported), dropped: Number(dropped), trouble };
}

/** Returns how the export stands, and makes it begin with what happens from now on where nobody has exported before. */
export async function beginTraceExport(store: Store): Promise<TraceExport> {
  await sql`insert into tminus.trace_export (position) select cursor from tminus.event_head on conflict do nothing`.execute(
    store.tables,
  );
  const standing = await readTraceExport(store);
  if (standing === null) throw new Error('trace export: expected a row, got none');
  return standing;
}

/** Notes what a batch came to. A position never goes back: of two that export the same, the second adds nothing. */
export async function noteTraceExport(store: Store, batch: ExportedBatch): Promise<void> {
  const { position, exported, dropped, trouble } = batch;
  await sql`update tminus.trace_export set trouble = ${trouble}, updated_at = clock_timestamp(),
      exported = exported + case when position < ${position} then ${exported}::bigint else 0 end,
      dropped = dropped + case when position < ${position} then ${dropped}::bigint else 0 end,
      position = greatest(position, ${position})`.execute(store.tables);
}

/** How many events of these moves and types stand between two cursors, the second included. */
export async function countEventsBetween(
  store: Store,
  { after, upTo, moves }: { after: number; upTo: number; moves: readonly string[] },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from tminus.event
      where cursor > ${after} and cursor <= ${upTo} and (body->>'move' = any (${[...moves]}::text[]) or type = 'rollout.moved')`.execute(
    store.tables,
  );
  return rows[0]?.count ?? 0;
}

/** What runs are about, for the attributes of their spans. */
export interface TracedRun {
  launch: string;
  procedure: string;
  environment: string;
  mode: string;
  /** Kind of the action of each step; none for steps of people. */
  kinds: { [step: string]: string };
}

/** Returns what a run is about; null where it is not there. */
export async function readTracedRun(store: Store, run: string): Promise<TracedRun | null> {
  const { rows } = await sql<Omit<TracedRun, 'kinds'> & { kinds: TracedRun['kinds'] | null }>`
    select launch, procedure, environment, mode,
        (select jsonb_object_agg(s->>'id', s->'action'->>'kind')
          from jsonb_array_elements((plan->'steps') || (plan->'undoSteps')) as s where s->'action'->>'kind' is not null) as kinds
      from tminus.run where id = ${run}`.execute(store.tables);
  const [row] = rows;
  return row === undefined ? null : { ...row, kinds: row.kinds ?? {} };
}
