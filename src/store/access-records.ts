import { sha256Hex } from '@tminus/verify';
import type { ActionVote, LogEntry, Signed } from '@tminus/verify';
import { sql } from 'kysely';

import type { ApprovalRequest, LoggedActionVote } from '../core/access/approval-request.ts';
import type { Grant } from '../core/access/grant.ts';
import type { AccessRecords } from '../core/access/to-access-scene.ts';
import type { AccessGrantRow } from './access-tables.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** What is stored about the rights of a launch, and about the approvals of one run. */
export interface StoredAccess extends AccessRecords {
  /** Requests of the run, the oldest first. */
  requests: ApprovalRequest[];
  /** Votes on them as they stand in the log. */
  votes: LoggedActionVote[];
}

interface Answer {
  grants: (Omit<AccessGrantRow, 'given_at' | 'expires_at'> & { given_at: string; expires_at: string | null })[];
  revocations: { grant_id: string; revoked_at: string }[];
  groups: { id: string; people: string[] }[];
  requests: { run: string; body: ApprovalRequest }[];
  votes: { id: string; body: string }[];
}

/** Reads what is stored about a launch and one run of it; `run` null reads no approvals. */
export async function readAccess(
  store: Store,
  { launch, run }: { launch: string; run: string | null },
  tx?: StoreTransaction,
): Promise<StoredAccess> {
  return (await readAccessOfRuns(store, { launch, runs: [run] }, tx))[0] as StoredAccess;
}

/**
 * Reads all of it in one statement, so that everything is of one moment, and returns it at the place of each run; null in place of a run reads no
 * approvals. Votes of the log are taken from the oldest request on: one that is older is void anyway.
 */
export async function readAccessOfRuns(
  store: Store,
  { launch, runs }: { launch: string; runs: readonly (string | null)[] },
  tx?: StoreTransaction,
): Promise<StoredAccess[]> {
  const wanted = runs.filter((run) => run !== null);
  const { rows } = await sql<Answer>`
    with request as materialized (
      select id, run, requested_at, body from tminus.approval_request where launch = ${launch} and run = any (${wanted}::text[]))
    select
      (select coalesce(jsonb_agg(to_jsonb(g)), '[]') from tminus.access_grant g where launch = ${launch}) as grants,
      (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from tminus.access_revocation r where launch = ${launch}) as revocations,
      (select coalesce(jsonb_agg(to_jsonb(n)), '[]') from (
        select distinct on (id) id, people from tminus.access_group where launch = ${launch} order by id, number desc) n) as groups,
      (select coalesce(jsonb_agg(jsonb_build_object('run', run, 'body', body) order by requested_at, id), '[]') from request) as requests,
      (select coalesce(jsonb_agg(jsonb_build_object('id', encode(e.id, 'hex'), 'body', convert_from(e.body, 'UTF8')) order by e.index), '[]')
        from tminus.log_entry e
        where e.kind = 'action-vote' and e.log = (select l.id from tminus.log l where l.launch = ${launch})
          and e.observed_at >= (select min(requested_at) from request)) as votes`.execute(pickTables(store, tx));
  return toStoredAccess(rows[0] as Answer, runs);
}

function toStoredAccess(answer: Answer, runs: readonly (string | null)[]): StoredAccess[] {
  const records: AccessRecords = {
    grants: answer.grants.map(toGrant),
    revocations: answer.revocations.map(({ grant_id, revoked_at }) => ({ grant: grant_id, at: toUtc(revoked_at) })),
    groups: answer.groups,
  };
  const votes = answer.votes.flatMap((row) => toVote(row));
  const requests = Map.groupBy(answer.requests, ({ run }) => run);
  return runs.map((run) => {
    const own = run === null ? [] : (requests.get(run) ?? []).map(({ body }) => body);
    const ids = new Set(own.map(({ id }) => id));
    return { ...records, requests: own, votes: votes.filter(({ entry }) => ids.has(entry.statement.request)) };
  });
}

function toGrant(row: Answer['grants'][number]): Grant {
  const { break_glass_reason: reason, confirmed_by: confirmedBy } = row;
  return {
    id: row.id,
    holder: { kind: row.holder_kind, id: row.holder },
    role: row.role,
    launch: row.launch,
    environment: row.environment,
    givenBy: row.given_by,
    givenAt: toUtc(row.given_at),
    expiresAt: row.expires_at === null ? null : toUtc(row.expires_at),
    revokedAt: null,
    delegates: row.delegates,
    breakGlass: reason === null ? null : { reason, confirmedBy },
  };
}

/** Bytes that are not what their id says are no vote. */
function toVote({ id, body }: Answer['votes'][number]): LoggedActionVote[] {
  const entry = JSON.parse(body) as LogEntry;
  const isVote = entry.format === 'tminus/signed/1' && entry.statement.format === 'tminus/action-vote/1';
  return isVote && sha256Hex(body) === id ? [{ id, entry: entry as Signed<ActionVote> }] : [];
}

function toUtc(text: string): string {
  return new Date(text).toISOString();
}
