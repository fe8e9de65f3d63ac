import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

import { auditBranches, auditKinds } from './audit-branches.ts';
import type { AuditKind } from './audit-branches.ts';
import type { Store } from './open-store.ts';

/** One thing that somebody did, or was not let do. */
export interface AuditRow {
  kind: AuditKind;
  /** Of its kind; unique together with `kind`. */
  id: string;
  /** RFC 3339 with microseconds: when the store was told. */
  at: string;
  launch: string | null;
  environment: string | null;
  run: string | null;
  /** Who; null where nobody did it, such as time. */
  person: string | null;
  what: string;
  outcome: string | null;
  /** `KIND:ID`, what it is about first. */
  subjects: string[];
  reason: string;
  /** Id of the entry of the log; null for what is none. */
  entry: string | null;
}

/** Where a page ends: the next one begins behind it. */
export type AuditPlace = readonly [at: string, source: string, key: string];

/** Where rows of a launch may be seen. */
export interface AuditView {
  launch: string;
  /** Null for all of them, and for what belongs to none: that is about each. */
  environments: readonly string[] | null;
}

/** Which rows are wanted; what is null does not matter. */
export interface AuditFilter {
  /** Where rows may be seen; rows of no launch are seen by all, but for those of accounts. */
  places: readonly AuditView[];
  /** Whether rows of accounts may be seen. */
  identity: boolean;
  kinds: readonly AuditKind[] | null;
  launch: string | null;
  person: string | null;
  run: string | null;
  outcome: string | null;
  /** `KIND:ID` */
  subject: string | null;
  after: AuditPlace | null;
  limit: number;
}

interface Found extends Omit<AuditRow, 'id'> {
  source: string;
  key: string;
}

/** Returns what was done, the newest first, and where the next page begins; null at the end. One statement, so that all of it is of one moment. */
export async function readAudit(
  store: Store,
  filter: AuditFilter,
): Promise<{ rows: AuditRow[]; next: AuditPlace | null }> {
  const kinds = (filter.kinds ?? auditKinds).filter((kind) => kind !== 'identity' || filter.identity);
  const branches = kinds.flatMap((kind) => auditBranches[kind].map((branch) => narrow(kind, branch, filter)));
  if (branches.length === 0) return { rows: [], next: null };
  const { rows: found } = await sql<Found>`
    select kind, source, key, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, launch, environment, run, person, what, outcome, subjects, reason, entry
      from (${sql.join(branches, sql` union all `)}) one
      order by one.at desc, source desc, key desc limit ${filter.limit + 1}`.execute(store.tables);
  const page = found.slice(0, filter.limit);
  const last = found.length > page.length ? page.at(-1) : undefined;
  return {
    rows: page.map(({ source, key, ...row }) => ({ ...row, id: `${source}/${key}` })),
    next: last === undefined ? null : [last.at, last.source, last.key],
  };
}

/** The rows of a source that suit, no more of them than the page can take: sources are long, and pages are short. */
function narrow(kind: AuditKind, branch: RawBuilder<unknown>, filter: AuditFilter): RawBuilder<unknown> {
  const wanted = [
    seen(filter.places),
    ...equal('launch', filter.launch),
    ...equal('person', filter.person),
    ...equal('run', filter.run),
    ...equal('outcome', filter.outcome),
    ...(filter.subject === null ? [] : [sql`${filter.subject} = any (subjects)`]),
    ...(filter.after === null
      ? []
      : [
          sql`(at, source, key) < (${filter.after[0]}::timestamptz, ${filter.after[1]}::text, ${filter.after[2]}::text)`,
        ]),
  ];
  return sql`(select ${kind}::text as kind, branch.* from (${branch}) branch where ${sql.join(wanted, sql` and `)}
    order by at desc, source desc, key desc limit ${filter.limit + 1})`;
}

function seen(places: readonly AuditView[]): RawBuilder<unknown> {
  const whole = places.flatMap(({ launch, environments }) => (environments === null ? [launch] : []));
  const parts = places.flatMap(({ launch, environments }) => (environments ?? []).map((one) => [launch, one] as const));
  return sql`(launch is null or launch = any (${whole}::text[]) or (launch, environment) in (select * from unnest(
    ${parts.map(([launch]) => launch)}::text[], ${parts.map(([, environment]) => environment)}::text[])))`;
}

function equal(column: string, value: string | null): RawBuilder<unknown>[] {
  return value === null ? [] : [sql`${sql.ref(column)} = ${value}`];
}
