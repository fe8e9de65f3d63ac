import { createHash } from 'node:crypto';

import { canonicalize } from '@tminus/verify';
import { sql } from 'kysely';

import { toStoreError } from './database-error.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';
import { failpoint } from './failpoint.ts';

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
  const key = toSubmissionKey(submission);
  const body = digest({ plan: submission.plan });
  try {
    // A row may be taken over by somebody else between the two statements; then the first one is asked again.
    for (;;) {
      if (await takeKey({ store, submission, key, body, tx })) return { kind: 'first', run: submission.run };
      const found = await pickTables(store, tx)
        .selectFrom('submission')
        .select(['run', 'body', 'state'])
        .where('tenant', '=', submission.tenant)
        .where('key', '=', key)
        .executeTakeFirst();
      if (found === undefined) continue;
      if (!found.body.equals(body))
        return { kind: 'refused', run: found.run, expected: found.body.toString('hex'), got: body.toString('hex') };
      if (found.state === 'open' || found.state === 'completed')
        return { kind: 'repeated', run: found.run, state: found.state };
    }
  } catch (error) {
    throw toStoreError(error, `submission of ${submission.run}`);
  }
}

interface TakeKey {
  store: Store;
  submission: Submission;
  key: Buffer;
  body: Buffer;
  tx: StoreTransaction | undefined;
}

async function takeKey({ store, submission, key, body, tx }: TakeKey): Promise<boolean> {
  const { tenant, run } = submission;
  const { rows } = await sql<{ run: string }>`
    insert into tminus.submission as held (tenant, key, body, run) values (${tenant}, ${key}, ${body}, ${run})
    on conflict (tenant, key) do update
      set body = excluded.body, run = excluded.run, state = 'open', submitted_at = clock_timestamp()
      where held.submitted_at <= clock_timestamp() - ${windowHours} * interval '1 hour'
         or (held.state in ('failed', 'cancelled') and held.body = excluded.body)
    returning run`.execute(pickTables(store, tx));
  return rows.length === 1;
}

/** Notes how the run of a submission ended; failed and cancelled ones may be submitted again. Returns whether the run was still open. */
export async function closeSubmission(
  store: Store,
  end: { run: string; state: 'completed' | 'failed' | 'cancelled' },
  tx?: StoreTransaction,
): Promise<boolean> {
  try {
    failpoint('submission-close.before');
    const changed = await pickTables(store, tx)
      .updateTable('submission')
      .set({ state: end.state })
      .where('run', '=', end.run)
      .where('state', '=', 'open')
      .executeTakeFirst();
    failpoint('submission-close.after');
    return changed.numUpdatedRows > 0n;
  } catch (error) {
    throw toStoreError(error, `end of ${end.run}`);
  }
}

function digest(value: unknown): Buffer {
  return createHash('sha256').update(canonicalize(value)).digest();
}
