import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import type { RolloutAction } from '../core/rollout/rollout-input.ts';
import type { RolloutStanding, RolloutState } from '../core/rollout/rollout-state.ts';
import type { MetricSource, Rollout, Router } from '../core/rollout/rollout.ts';
import type { Store } from './open-store.ts';
import { toChained } from './rollout-entry.ts';
import type { NewShiftEntry } from './rollout-entry.ts';
import type { ShiftRow } from './rollout-tables.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** What a shift moves and by what it is judged, as the documents declared it when it began. */
export interface DeclaredShift {
  rollout: Rollout;
  routers: readonly Router[];
  sources: readonly MetricSource[];
}

/** One rollout carried out for a candidate, as it is kept. */
export interface Shift {
  id: string;
  launch: string;
  environment: string;
  /** Id of the rollout in the documents. */
  rollout: string;
  planHash: string;
  candidateSha256: string;
  requester: string;
  reason: string;
  declared: DeclaredShift;
  setting: object;
  routers: string[];
  createdAt: string;
  state: RolloutState;
  /** What was decided, and is not known to be done. */
  pending: readonly RolloutAction[];
  stands: RolloutStanding;
  /** What a person has seen who read it. */
  version: number;
  /** Entries of its journal, and the digest of the last. */
  entries: number;
  head: string;
  /** Milliseconds since the epoch, by the clock of the store; null when it has ended. */
  lookAtMs: number | null;
  endedAt: string | null;
}

/** What one decision writes. */
export interface ShiftWrite {
  state: RolloutState;
  pending: readonly RolloutAction[];
  /** Whether a person who saw it before has seen something else. */
  moved: boolean;
  /** When it is looked at next, where it goes on. */
  lookAtMs: number;
  entries: readonly NewShiftEntry[];
  nowMs: number;
}

/** Whether nothing can happen to a rollout that stands so. */
export function isOver(stands: RolloutStanding): boolean {
  return stands === 'completed' || stands === 'rolled-back' || stands === 'aborted';
}

/** Makes a shift with the first entries of its journal. */
export async function insertShift(
  tx: StoreTransaction,
  shift: Omit<Shift, 'id' | 'createdAt' | 'stands' | 'version' | 'entries' | 'head' | 'lookAtMs' | 'endedAt'>,
  first: { entries: readonly NewShiftEntry[]; nowMs: number },
): Promise<Shift> {
  const { launch, environment, rollout, requester, reason, routers } = shift;
  const row = await tx
    .insertInto('rollout_shift')
    .values({
      id: `s-${randomBytes(8).toString('hex')}`,
      launch,
      environment,
      rollout,
      requester,
      reason,
      routers: sql`${routers}::text[]`,
      plan_hash: Buffer.from(shift.planHash, 'hex'),
      candidate_sha256: Buffer.from(shift.candidateSha256, 'hex'),
      declared: toJson(shift.declared),
      setting: toJson(shift.setting),
      state: toJson(shift.state),
      pending: toJson(shift.pending),
      stands: shift.state.stands,
      look_at: toInstant(first.nowMs),
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const { state, pending } = shift;
  return writeShift(tx, toShift(row), { state, pending, moved: false, lookAtMs: first.nowMs, ...first });
}

/** Returns a shift and keeps everybody else from writing it until `tx` ends; null where there is none. */
export async function lockShift(tx: StoreTransaction, id: string): Promise<Shift | null> {
  const row = await tx.selectFrom('rollout_shift').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? toShift(row) : null;
}

/** Writes what was decided about a shift that `tx` has locked, and its entries behind those that stand. */
export async function writeShift(tx: StoreTransaction, shift: Shift, write: ShiftWrite): Promise<Shift> {
  const chained = toChained(shift, write.entries, write.nowMs);
  const { state, pending } = write;
  const lookAtMs = isOver(state.stands) && pending.length === 0 ? null : write.lookAtMs;
  if (chained.length > 0) await tx.insertInto('rollout_entry').values(chained).execute();
  const row = await tx
    .updateTable('rollout_shift')
    .set({
      state: toJson(state),
      pending: toJson(pending),
      stands: state.stands,
      version: String(shift.version + (write.moved ? 1 : 0)),
      entries: String(shift.entries + chained.length),
      head: chained.at(-1)?.sha256 ?? Buffer.from(shift.head, 'hex'),
      look_at: lookAtMs === null ? null : toInstant(lookAtMs),
      ended_at: lookAtMs === null ? toInstant(write.nowMs) : null,
    })
    .where('id', '=', shift.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toShift(row);
}

/** Returns one shift, or null. */
export async function readShift(store: Store, id: string, tx?: StoreTransaction): Promise<Shift | null> {
  const row = await pickTables(store, tx)
    .selectFrom('rollout_shift')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? toShift(row) : null;
}

/** Which shifts are wanted; what is null is no limit. */
export interface ShiftFilter {
  launch: string;
  environment: string | null;
  rollout: string | null;
}

/** Returns shifts of a launch, the newest first. */
export async function listShifts(
  store: Store,
  { launch, environment, rollout }: ShiftFilter,
  { limit = 50, tx }: { limit?: number; tx?: StoreTransaction } = {},
): Promise<Shift[]> {
  let query = pickTables(store, tx).selectFrom('rollout_shift').selectAll().where('launch', '=', launch);
  if (environment !== null) query = query.where('environment', '=', environment);
  if (rollout !== null) query = query.where('rollout', '=', rollout);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(toShift);
}

/** A shift that somebody has to look at now. */
export type DueShift = Pick<Shift, 'id' | 'launch' | 'environment' | 'planHash'>;

/** Returns shifts that are due by the clock of the database, the longest due first. */
export async function listDueShifts(store: Store, limit = 100): Promise<DueShift[]> {
  const rows = await store.tables
    .selectFrom('rollout_shift')
    .select(['id', 'launch', 'environment', 'plan_hash'])
    .where('look_at', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('look_at')
    .limit(limit)
    .execute();
  return rows.map(({ plan_hash, ...row }) => ({ ...row, planHash: plan_hash.toString('hex') }));
}

/** Keeps shifts from being made by others until the transaction ends: two that begin at once would move the same router. */
export async function lockStarts(tx: StoreTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${8_390_876_194_219n.toString()}::bigint)`.execute(tx);
}

/** Returns when a shift is to be looked at next, in milliseconds since the epoch; null where it has ended. */
export async function readLookAt(store: Store, id: string): Promise<number | null> {
  const row = await store.tables.selectFrom('rollout_shift').select('look_at').where('id', '=', id).executeTakeFirst();
  return row?.look_at?.getTime() ?? null;
}

/** Returns where the points of no return of the live runs of a candidate stand, each once. */
export async function readReturnPoints(
  store: Store,
  { launch, environment, candidateSha256 }: Pick<Shift, 'launch' | 'environment' | 'candidateSha256'>,
): Promise<string[]> {
  const { rows } = await sql<{ state: string }>`
    select distinct body #>> '{returnPoint,state}' as state from tminus.run
      where launch = ${launch} and environment = ${environment} and mode = 'live' and setting ->> 'candidateSha256' = ${candidateSha256}`.execute(
    store.tables,
  );
  return rows.map(({ state }) => state);
}

function toShift(row: Selectable<ShiftRow>): Shift {
  const { plan_hash, candidate_sha256, created_at, look_at, ended_at, head, ...rest } = row;
  return {
    ...rest,
    declared: row.declared as DeclaredShift,
    state: row.state as RolloutState,
    pending: row.pending as RolloutAction[],
    planHash: plan_hash.toString('hex'),
    candidateSha256: candidate_sha256.toString('hex'),
    createdAt: created_at.toISOString(),
    version: Number(row.version),
    entries: Number(row.entries),
    head: head.toString('hex'),
    lookAtMs: look_at?.getTime() ?? null,
    endedAt: ended_at?.toISOString() ?? null,
  };
}

function toJson(value: object | readonly unknown[]) {
  return sql<object>`${JSON.stringify(value)}::jsonb`;
}

function toInstant(ms: number) {
  return sql<Date>`to_timestamp(${ms} / 1000.0)`;
}
