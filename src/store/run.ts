import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

import type { JsonObject } from '@tminus/verify';

import type { Plan } from '../core/procedure/plan.ts';
import type { Run, RunMode, StepRun } from '../core/procedure/run.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** A run as it is stored, with what belongs to it and not to its plan. */
export interface StoredRun {
  launch: string;
  run: Run;
  setting: JsonObject;
  /** How many events it has: another number is another state. */
  events: number;
  /** By how much its clock is ahead of the database's. */
  aheadMs: number;
}

/** A run whose row is locked until the transaction ends. */
export interface LockedRun {
  id: string;
  events: number;
  aheadMs: number;
  /** The database's clock at the moment of the lock, milliseconds. */
  nowMs: number;
}

/** Locks runs in the order of their ids, so that two callers wait for each other in one direction only. Unknown ids are left out. */
export async function lockRuns(tx: StoreTransaction, ids: readonly string[]): Promise<LockedRun[]> {
  const { rows } = await sql<{ id: string; events: string; ahead_ms: string; now_ms: string }>`
    select id, events, ahead_ms, (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms
      from tminus.run where id = any (${[...ids]}::text[]) order by id for update`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    events: Number(row.events),
    aheadMs: Number(row.ahead_ms),
    nowMs: Number(row.now_ms),
  }));
}

interface RunColumns {
  id: string;
  launch: string;
  plan: Plan;
  setting: JsonObject;
  body: Omit<Run, 'plan' | 'steps'>;
  events: string;
  ahead_ms: string;
}

/** Returns runs by id. Within a transaction that has locked them, nobody can change them before it ends. */
export async function loadRuns(
  store: Store,
  ids: readonly string[],
  tx?: StoreTransaction,
): Promise<Map<string, StoredRun>> {
  const tables = pickTables(store, tx);
  const { rows } = await sql<RunColumns>`
    select id, launch, plan, setting, body, events, ahead_ms from tminus.run where id = any (${[...ids]}::text[])`.execute(
    tables,
  );
  const { rows: steps } = await sql<{ run: string; id: string; body: StepRun }>`
    select run, id, body from tminus.step_run where run = any (${[...ids]}::text[]) order by run, position`.execute(
    tables,
  );
  const byRun = Map.groupBy(steps, ({ run }) => run);
  return new Map(rows.map((row) => [row.id, toStoredRun(row, byRun.get(row.id) ?? [])]));
}

function toStoredRun(row: RunColumns, steps: readonly { id: string; body: StepRun }[]): StoredRun {
  const run: Run = { ...row.body, plan: row.plan, steps: Object.fromEntries(steps.map(({ id, body }) => [id, body])) };
  return {
    launch: row.launch,
    run,
    setting: row.setting,
    events: Number(row.events),
    aheadMs: Number(row.ahead_ms),
  };
}

/** A run in a list. */
export interface RunLine {
  id: string;
  launch: string;
  procedure: string;
  mode: RunMode;
  environment: string;
  state: Run['state'];
  requestedBy: string;
  createdAt: Date;
  endedAt: Date | null;
}

/** Which runs are listed. */
export interface RunFilter {
  launch?: string | null;
  environment?: string | null;
  /** Leaves out those that have ended. */
  open?: boolean;
  mode?: RunMode | null;
  /** Only those of these environments; an empty list has none. */
  places?: readonly { launch: string; environment: string }[];
  /** Only those that were made or ended since then. */
  since?: Date;
  /** Begins behind this run. */
  after?: string | null;
  limit?: number;
}

/** Returns the runs of a launch (or of all), newest first; `open` leaves out those that have ended. */
export async function listRuns(
  store: Store,
  { launch = null, environment = null, open = false, mode = null, places, since, after = null, limit = 50 }: RunFilter,
): Promise<RunLine[]> {
  if (places?.length === 0) return [];
  let query = store.tables
    .selectFrom('run')
    .select(['id', 'launch', 'procedure', 'mode', 'environment', 'state', 'requested_by', 'created_at', 'ended_at']);
  if (launch !== null) query = query.where('launch', '=', launch);
  if (environment !== null) query = query.where('environment', '=', environment);
  if (open) query = query.where('ended_at', 'is', null);
  if (mode !== null) query = query.where('mode', '=', mode);
  if (places) query = query.where(isIn(places));
  if (since) query = query.where((is) => is.or([is('created_at', '>', since), is('ended_at', '>', since)]));
  if (after !== null) {
    // By the row itself: an instant that left the database has lost its microseconds.
    query = query.where(
      sql<boolean>`exists (select from tminus.run a where a.id = ${after}
        and (run.created_at < a.created_at or (run.created_at = a.created_at and run.id > a.id)))`,
    );
  }
  return (await query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()).map(toLine);
}

/** Returns the newest live run of each procedure in each of these environments: what failed and then went well is no trouble any more. */
export async function listNewestRuns(
  store: Store,
  places: readonly { launch: string; environment: string }[],
): Promise<RunLine[]> {
  if (places.length === 0) return [];
  const rows = await store.tables
    .selectFrom('run')
    .select(['id', 'launch', 'procedure', 'mode', 'environment', 'state', 'requested_by', 'created_at', 'ended_at'])
    .distinctOn(['launch', 'environment', 'procedure'])
    .where('mode', '=', 'live')
    .where(isIn(places))
    .orderBy('launch')
    .orderBy('environment')
    .orderBy('procedure')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toLine);
}

function isIn(places: readonly { launch: string; environment: string }[]): RawBuilder<boolean> {
  const pairs = places.map((place) => sql`(${place.launch}::text, ${place.environment}::text)`);
  return sql<boolean>`(launch, environment) in (${sql.join(pairs)})`;
}

interface LineRow {
  id: string;
  launch: string;
  procedure: string;
  mode: string;
  environment: string;
  state: string;
  requested_by: string;
  created_at: Date;
  ended_at: Date | null;
}

function toLine(row: LineRow): RunLine {
  return {
    id: row.id,
    launch: row.launch,
    procedure: row.procedure,
    mode: row.mode as RunMode,
    environment: row.environment,
    state: row.state as Run['state'],
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

/** Returns ids of runs that time alone will change now, the longest due first. */
export async function listDueRuns(store: Store, limit: number, tx?: StoreTransaction): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from tminus.run where due_at <= clock_timestamp() order by due_at, id limit ${limit}`.execute(
    pickTables(store, tx),
  );
  return rows.map(({ id }) => id);
}
