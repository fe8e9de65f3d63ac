import { randomBytes } from 'node:crypto';

import type { JsonObject } from '@tminus/verify';
import { sql } from 'kysely';

import type { AcceptanceRow } from '../core/acceptance/acceptance-record.ts';
import type { Store } from './open-store.ts';

/** Where a pass is gone through. */
export interface PassPlace {
  launch: string;
  environment: string;
}

/** A pass as it is kept. */
export interface StoredPass extends PassPlace {
  id: string;
  person: string;
  /** RFC 3339 with microseconds. */
  startedAt: string;
  endedAt: string | null;
  /** What was signed; null while it is open, and where it was given up for a newer one. */
  record: JsonObject | null;
  /** Id of the entry of the log that says so. */
  entry: string | null;
}

/** Something that the server showed to the person of an open pass. */
export type Sight =
  | { kind: 'home'; work: string[][]; isWaitingKnown: boolean }
  | { kind: 'work' | 'document'; subject: string };

const utc = (column: string) =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Begins a pass. One that the person has open at this place is given up for it. */
export async function insertPass(store: Store, { launch, environment }: PassPlace, person: string): Promise<string> {
  const id = `p-${randomBytes(8).toString('hex')}`;
  return store.tables.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`tminus acceptance ${launch} ${environment} ${person}`}))`.execute(
      tx,
    );
    await sql`
      update tminus.acceptance_pass set ended_at = clock_timestamp()
       where launch = ${launch} and environment = ${environment} and person = ${person} and ended_at is null`.execute(
      tx,
    );
    await sql`
      insert into tminus.acceptance_pass (id, launch, environment, person)
      values (${id}, ${launch}, ${environment}, ${person})`.execute(tx);
    return id;
  });
}

/** Returns the passes of a launch, the newest first and at most a hundred; with `id` that one, if the launch has it. */
export async function readPasses(store: Store, launch: string, id: string | null): Promise<StoredPass[]> {
  const { rows } = await sql<StoredPass>`
    select id, launch, environment, person, ${utc('started_at')} as "startedAt", ${utc('ended_at')} as "endedAt", record, entry
      from tminus.acceptance_pass where launch = ${launch} and (${id}::text is null or id = ${id})
     order by started_at desc, id limit 100`.execute(store.tables);
  return rows;
}

/** Returns which passes are open, and whose they are. */
export async function readOpenPasses(store: Store): Promise<{ id: string; launch: string; person: string }[]> {
  const { rows } = await sql<{ id: string; launch: string; person: string }>`
    select id, launch, person from tminus.acceptance_pass where ended_at is null`.execute(store.tables);
  return rows;
}

/** Ends an open pass with what was signed; false where it was not open any more. */
export async function endPass(store: Store, id: string, signed: { record: object; entry: string }): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update tminus.acceptance_pass set ended_at = clock_timestamp(), record = ${JSON.stringify(signed.record)}::jsonb, entry = ${signed.entry}
     where id = ${id} and ended_at is null returning id`.execute(store.tables);
  return rows.length === 1;
}

/** Far more than a person looks at in a pass. What comes after it is not kept, and is then missing. */
const mostSights = 5_000;

/** Keeps a sight in a pass that is open. */
export async function insertSight(store: Store, pass: string, sight: Sight): Promise<void> {
  const { kind } = sight;
  const subject = sight.kind === 'home' ? '' : sight.subject;
  const detail = sight.kind === 'home' ? { work: sight.work, isWaitingKnown: sight.isWaitingKnown } : {};
  await sql`
    insert into tminus.acceptance_sight (pass, kind, subject, detail)
    select p.id, ${kind}, ${subject}, ${JSON.stringify(detail)}::jsonb from tminus.acceptance_pass p
     where p.id = ${pass} and p.ended_at is null
       and (select count(*) from tminus.acceptance_sight s where s.pass = p.id) < ${mostSights}`.execute(store.tables);
}

interface SightRow {
  id: string;
  kind: Sight['kind'];
  subject: string;
  detail: { work: string[][]; isWaitingKnown: boolean };
  at: string;
}

/** Returns what was shown in a pass, the oldest first. */
export async function readSights(store: Store, pass: string): Promise<AcceptanceRow[]> {
  const { rows } = await sql<SightRow>`
    select id, kind, subject, detail, ${utc('at')} as at from tminus.acceptance_sight
     where pass = ${pass} order by acceptance_sight.id `.execute(store.tables);
  return rows.map(({ id, kind, subject, detail, at }): AcceptanceRow => {
    const kept = { ref: `sight/${id}`, at };
    if (kind === 'home') return { kind, ...kept, work: detail.work, isWaitingKnown: detail.isWaitingKnown };
    return kind === 'work' ? { kind: 'opened', ...kept, subject } : { kind, ...kept, subject };
  });
}
