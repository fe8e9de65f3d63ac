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
  requests: ApprovalRequest[];
  votes: { id: string; body: string }[];
}

/**
 * Reads all of it in one statement, so that everything is of one moment. `run` null reads no approvals.
 * Votes of the log are taken from the oldest request on: one that is older is void anyway.
 */
export async function readAccess(
  store: Store,
  { launch, run }: { launch: string; run: string | null },
  tx?: StoreTransaction,
): Promise<StoredAccess> {
  const { rows } = await sql<Answer>`
    with request as materialized (
      select id, requested_at, body from tminus.approval_request where launch = ${launch} and run = ${run})
    select
      (select coalesce(jsonb_agg(to_jsonb(g)), '[]') from tminus.access_grant g where launch = ${launch}) as grants,
      (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from tminus.access_revocation r where launch = ${launch}) as revocations,
      (select coalesce(jsonb_agg(to_jsonb(n)), '[]') from (
        select distinct on (id) id, people from tminus.access_group where launch = ${launch} order by id, number desc) n) as groups,
      (select coalesce(jsonb_agg(body order by requested_at, id), '[]') from request) as requests,
      (select coalesce(jsonb_agg(jsonb_build_object('id', encode(e.id, 'hex'), 'body', convert_from(e.body, 'UTF8')) order by e.index), '[]')
        from tminus.log_entry e
        where e.kind = 'action-vote' and e.log = (select l.id from tminus.log l where l.launch = ${launch})
          and e.observed_at >= (select min(requested_at) from request)) as votes`.execute(pickTables(store, tx));
  const answer = rows[0] as Answer;
  const wanted = new Set(answer.requests.map(({ id }) => id));
  return {
    grants: answer.grants.map(toGrant),
    revocations: answer.revocations.map(({ grant_id, revoked_at }) => ({ grant: grant_id, at: toUtc(revoked_at) })),
    groups: answer.groups,
    requests: answer.requests,
    votes: answer.votes.flatMap((row) => toVote(row)).filter(({ entry }) => wanted.has(entry.statement.request)),
  };
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
