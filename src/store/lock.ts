import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { toStoreError } from './database-error.ts';
import type { Store } from './open-store.ts';
import type { StoreTransaction } from './transaction.ts';
import { failpoint } from './failpoint.ts';

/** Several assets, asked for together. */
export interface LockRequest {
  /** The same in every try of one asker: it keeps its place in the row. */
  asker: string;
  keys: readonly string[];
  /** Who wants them, for people to read: a run, a step. */
  owner: string;
  leaseSeconds: number;
  /** For how long a place in the row stays when its asker does not come again. */
  patienceSeconds: number;
}

/** Assets held together under one lease. */
export interface HeldLocks {
  holder: string;
  owner: string;
  /** For each asset a number that no earlier holder had; hand it to the asset, so that it can refuse whoever shows a lower one. */
  fences: ReadonlyMap<string, number>;
}

/** A row of the list of locks. */
export interface LockState {
  key: string;
  fence: number;
  /** Null while the asset is free; a lease that has run out is free. */
  owner: string | null;
  leaseUntil: Date | null;
  /** Owners that wait, first come first. */
  waiting: string[];
}

/** Returns a name for an asker that nobody else has. */
export function createAsker(): string {
  return randomUUID();
}

/**
 * Takes every asset of a request, or none and a place in the row of each. Returns null when somebody holds one of them or came earlier.
 * Never waits for a holder: ask again with the same `asker`.
 */
export async function takeLocks(store: Store, request: LockRequest): Promise<HeldLocks | null> {
  const { asker, keys, owner, leaseSeconds, patienceSeconds } = request;
  if (keys.length === 0) return { holder: asker, owner, fences: new Map() };
  failpoint('lock-take.before');
  try {
    const { rows } = await sql<{ locked_key: string; locked_fence: string }>`
      select locked_key, locked_fence from tminus.take_asset_locks(${[...new Set(keys)]}::text[], ${asker}::uuid, ${owner},
        ${leaseSeconds} * interval '1 second', ${patienceSeconds} * interval '1 second')`.execute(store.tables);
    failpoint(rows.length === 0 ? 'lock-take.waits' : 'lock-take.after');
    if (rows.length === 0) return null;
    return {
      holder: asker,
      owner,
      fences: new Map(rows.map((row) => [row.locked_key, Number(row.locked_fence)] as const)),
    };
  } catch (error) {
    throw toStoreError(error, `locks of ${owner}`);
  }
}

/**
 * Extends the leases of the holders given, and no others: name only those that live in memory.
 * Returns the holders that still hold all they had; a lease that has run out is lost, even when nobody took the asset since.
 */
export async function renewLocks(
  store: Store,
  held: readonly HeldLocks[],
  leaseSeconds: number,
): Promise<ReadonlySet<string>> {
  const { holders, keys } = toColumns(held);
  if (keys.length === 0) return wholeHolders(held, []);
  failpoint('lock-renew.before');
  try {
    // Rows are locked in the order in which they are taken; any other order could wait for a taker that waits for us.
    const { rows } = await sql<{ holder: string; count: number }>`
      with mine as materialized (
        select key from tminus.asset_lock where key = any (${keys}::text[]) and holder = any (${holders}::uuid[]) order by key collate "C" for update
      ), renewed as (
        update tminus.asset_lock as l set lease_until = clock_timestamp() + ${leaseSeconds} * interval '1 second'
          from mine where l.key = mine.key and l.holder = any (${holders}::uuid[]) and l.lease_until > clock_timestamp()
          returning l.holder
      ) select holder, count(*)::int as count from renewed group by holder`.execute(store.tables);
    failpoint('lock-renew.after');
    return wholeHolders(held, rows);
  } catch (error) {
    throw toStoreError(error, 'renewal of locks');
  }
}

/** Returns the holders that still hold all they had, and renews nothing. */
export async function findHolders(store: Store, held: readonly HeldLocks[]): Promise<ReadonlySet<string>> {
  const { holders, keys } = toColumns(held);
  if (keys.length === 0) return wholeHolders(held, []);
  const { rows } = await sql<{ holder: string; count: number }>`
    select holder, count(*)::int as count from tminus.asset_lock
      where key = any (${keys}::text[]) and holder = any (${holders}::uuid[]) and lease_until > clock_timestamp()
      group by holder`.execute(store.tables);
  return wholeHolders(held, rows);
}

function toColumns(held: readonly HeldLocks[]): { holders: string[]; keys: string[] } {
  return {
    holders: held.map(({ holder }) => holder),
    keys: held.flatMap(({ fences }) => [...fences.keys()]),
  };
}

/** Those that the database counted as many assets of as they had; who had none has lost none. */
function wholeHolders(
  held: readonly HeldLocks[],
  counted: readonly { holder: string; count: number }[],
): ReadonlySet<string> {
  const counts = new Map(counted.map(({ holder, count }) => [holder, count]));
  const whole = held.filter(({ holder, fences }) => (counts.get(holder) ?? 0) === fences.size);
  return new Set(whole.map(({ holder }) => holder));
}

/** Gives assets back, and places in rows, too. Assets that somebody else holds by now stay theirs; a second call changes nothing. */
export async function releaseLocks(store: Store, { asker, keys }: Pick<LockRequest, 'asker' | 'keys'>): Promise<void> {
  failpoint('lock-release.before');
  try {
    await sql`select tminus.release_asset_locks(${[...keys]}::text[], ${asker}::uuid)`.execute(store.tables);
    failpoint('lock-release.after');
  } catch (error) {
    throw toStoreError(error, 'release of locks');
  }
}

/**
 * Frees assets that an owner still holds in the name of a worker that lost its claim: whoever took the work over need not wait for the lease to run out.
 * Call it in a transaction that has confirmed, or settled, the newest claim of that owner; the fence keeps the old holder out.
 */
export async function freeLocks(
  tx: StoreTransaction,
  { owner, keys }: Pick<LockRequest, 'owner' | 'keys'>,
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    with left_behind as materialized (
      select key from tminus.asset_lock where key = any (${[...keys]}::text[]) and owner = ${owner} order by key collate "C" for update
    ) update tminus.asset_lock as l set holder = null, owner = null, taken_at = null, lease_until = null
        from left_behind where l.key = left_behind.key and l.owner = ${owner}`.execute(tx);
}

/**
 * Tells whether the locks still hold, and keeps them from being taken until `tx` ends: what is written with it was written by the holder.
 * False means that the work has been taken over; write nothing.
 */
export async function confirmLocks(tx: StoreTransaction, held: HeldLocks): Promise<boolean> {
  if (held.fences.size === 0) return true;
  const { rows } = await sql<{ key: string; fence: string }>`
    select key, fence from tminus.asset_lock
      where key = any (${[...held.fences.keys()]}::text[]) and holder = ${held.holder}::uuid and lease_until > clock_timestamp()
      order by key collate "C" for share`.execute(tx);
  failpoint('lock-confirm.after');
  return rows.length === held.fences.size && rows.every((row) => held.fences.get(row.key) === Number(row.fence));
}

/** Returns every asset that is held or waited for, by name. */
export async function readLocks(store: Store): Promise<LockState[]> {
  const { rows } = await sql<{
    key: string;
    fence: string;
    owner: string | null;
    until: Date | null;
    waiting: string[];
  }>`
    select l.key, l.fence, case when l.lease_until > clock_timestamp() then l.owner end as owner,
        case when l.lease_until > clock_timestamp() then l.lease_until end as until,
        array(select w.owner from tminus.asset_lock_wait w where w.key = l.key and w.until > clock_timestamp() order by w.place) as waiting
      from tminus.asset_lock l order by l.key collate "C"`.execute(store.tables);
  return rows
    .map(({ key, fence, owner, until, waiting }) => ({ key, fence: Number(fence), owner, leaseUntil: until, waiting }))
    .filter(({ owner, waiting }) => owner !== null || waiting.length > 0);
}
