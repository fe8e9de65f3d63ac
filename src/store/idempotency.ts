import { createHash } from 'node:crypto';

import { canonicalize } from '@tminus/verify';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

import { toStoreError } from './database-error.ts';
import type { Store } from './open-store.ts';
import type { Tables } from './tables.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** What somebody wants to be carried out once. */
export interface Submission {
  tenant: string;
  /** Everything that is to happen, as JSON. It is read, never changed; who asks is no part of it. */
  plan: unknown;
  /** The caller's own key, where it has one; null makes the plan its own key. */
  key: string | null;
  /** Name of the run that begins if this is the first. */
  run: string;
}

/**
 * What became of a submission. `first` begins its run; `repeated` belongs to a run that was submitted before;
 * `refused` used a key that stands for another plan, and nothing begins.
 */
export type SubmissionOutcome =
  | { kind: 'first'; run: string }
  | { kind: 'repeated'; run: string; state: 'open' | 'completed' }
  | { kind: 'refused'; run: string; expected: string; got: string };

const windowHours = 24;

/**
 * Returns the key of a submission: SHA-256 over the RFC 8785 form of tenant and plan, or of tenant and the caller's key.
 * The order of fields does not count, and neither does who asks.
 */
export function toSubmissionKey({ tenant, plan, key }: Pick<Submission, 'tenant' | 'plan' | 'key'>): Buffer {
  return digest(key === null ? { tenant, plan } : { tenant, key });
}

/**
 * Decides whether a submission is the first of its key within 24 hours by the database's clock; of any number of equal ones at once exactly one is.
 * One whose run failed or was cancelled may be submitted again. Hand in the transaction that makes the run, so that both stand or neither.
 */
export async function guardSubmission(
  store: Store,
  submission: Submission,
  tx?: StoreTransaction,
): Promise<SubmissionOutcome> {
  const asked = { submission, key: toSubmissionKey(submission), body: digest({ plan: submission.plan }) };
  try {
    // Of two at the same moment the second sees neither its own row nor the one that came first, and asks again.
    for (;;) {
      const answer = await takeOrFind(pickTables(store, tx), asked);
      if (answer !== undefined) return toOutcome(answer, asked);
    }
  } catch (error) {
    throw toStoreError(error, `submission of ${submission.run}`);
  }
}

interface Asked {
  submission: Submission;
  key: Buffer;
  body: Buffer;
}

interface Answer {
  first: boolean;
  run: string;
  body: Buffer;
  state: 'open' | 'completed' | 'failed' | 'cancelled';
}

/**
 * One statement: a repetition, which is what comes when a caller is in trouble, is only read; the rest is one row written. The rule of who may take a key
 * stands twice, because the row may have changed between the look and the write; the second decides.
 */
async function takeOrFind(tables: Kysely<Tables>, { submission, key, body }: Asked): Promise<Answer | undefined> {
  const { tenant, run } = submission;
  const free = sql`(held.submitted_at <= clock_timestamp() - ${windowHours} * interval '1 hour'
    or (held.state in ('failed', 'cancelled') and held.body = ${body}))`;
  const { rows } = await sql<Answer>`
    with known as materialized (
      select run, body, state from tminus.submission as held where tenant = ${tenant} and key = ${key} and not ${free}
    ), taken as (
      insert into tminus.submission as held (tenant, key, body, run)
        select ${tenant}, ${key}, ${body}, ${run} where not exists (select from known)
        on conflict (tenant, key) do update
          set body = excluded.body, run = excluded.run, state = 'open', submitted_at = clock_timestamp() where ${free}
        returning run, body, state
    ) select true as first, * from taken union all select false, * from known`.execute(tables);
  return rows[0];
}

function toOutcome({ first, run, body, state }: Answer, asked: Asked): SubmissionOutcome {
  if (first) return { kind: 'first', run };
  if (!body.equals(asked.body))
    return { kind: 'refused', run, expected: body.toString('hex'), got: asked.body.toString('hex') };
  if (state === 'open' || state === 'completed') return { kind: 'repeated', run, state };
  throw new Error(`submission of ${run}: expected a state that keeps its key, got ${state}`);
}

/** Notes how the run of a submission ended; failed and cancelled ones may be submitted again. Returns whether the run was still open. */
export async function closeSubmission(
  store: Store,
  end: { run: string; state: 'completed' | 'failed' | 'cancelled' },
  tx?: StoreTransaction,
): Promise<boolean> {
  try {
    const changed = await pickTables(store, tx)
      .updateTable('submission')
      .set({ state: end.state })
      .where('run', '=', end.run)
      .where('state', '=', 'open')
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  } catch (error) {
    throw toStoreError(error, `end of ${end.run}`);
  }
}

function digest(value: unknown): Buffer {
  return createHash('sha256').update(canonicalize(value)).digest();
}
