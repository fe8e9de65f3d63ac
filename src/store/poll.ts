import { sql } from 'kysely';

import type { Poll } from '../core/approval/poll.ts';
import type { Store } from './open-store.ts';

/** Where a poll is called. */
export interface PollPlace {
  launch: string;
  environment: string;
  gate: string;
}

/** A poll that somebody calls now. */
export interface PollWish extends PollPlace {
  subjectSha256: string;
  openedBy: string;
  seconds: number;
}

interface PollRow {
  id: string;
  launch: string;
  environment: string;
  gate: string;
  subject: string;
  opened_by: string;
  opened_at: Date;
  closes_at: Date;
  closed_by: string | null;
  closed_at: Date | null;
}

/** Opens a poll, and returns it; null where one is open at this gate already. A poll whose time has passed gives way to the new one. */
export async function openPoll(store: Store, wish: PollWish): Promise<Poll | null> {
  const { launch, environment, gate, subjectSha256, openedBy, seconds } = wish;
  await sql`
    update tminus.poll set closed_at = clock_timestamp(), closed_by = opened_by
     where launch = ${launch} and environment = ${environment} and gate = ${gate}
       and closed_at is null and (closes_at <= clock_timestamp() or subject <> ${subjectSha256})`.execute(store.tables);
  const { rows } = await sql<PollRow>`
    insert into tminus.poll (launch, environment, gate, subject, opened_by, closes_at)
    values (${launch}, ${environment}, ${gate}, ${subjectSha256}, ${openedBy}, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (launch, environment, gate) where closed_at is null do nothing returning *`.execute(store.tables);
  return rows[0] === undefined ? null : toPoll(rows[0]);
}

/** Closes the poll that is open at a gate, and returns it; null where none is. */
export async function closePoll(store: Store, place: PollPlace, by: string): Promise<Poll | null> {
  const { rows } = await sql<PollRow>`
    update tminus.poll set closed_at = clock_timestamp(), closed_by = ${by}
     where launch = ${place.launch} and environment = ${place.environment} and gate = ${place.gate} and closed_at is null
     returning *`.execute(store.tables);
  return rows[0] === undefined ? null : toPoll(rows[0]);
}

/** Returns the newest poll at a gate; null where there never was one. */
export async function readPoll(store: Store, { launch, environment, gate }: PollPlace): Promise<Poll | null> {
  const row = await store.tables
    .selectFrom('poll')
    .selectAll()
    .where('launch', '=', launch)
    .where('environment', '=', environment)
    .where('gate', '=', gate)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toPoll(row);
}

/** Returns for each launch with polls a word that changes when one is opened or closed. */
export async function readPollVersions(store: Store): Promise<{ launch: string; version: string }[]> {
  const { rows } = await sql<{ launch: string; version: string }>`
    select launch, max(id) || ' ' || count(closed_at) as version from tminus.poll group by launch`.execute(
    store.tables,
  );
  return rows;
}

function toPoll(row: PollRow): Poll {
  return {
    id: row.id,
    gate: row.gate,
    subjectSha256: row.subject,
    openedBy: row.opened_by,
    openedAtMs: row.opened_at.getTime(),
    closesAtMs: row.closes_at.getTime(),
    closedBy: row.closed_by,
    closedAtMs: row.closed_at?.getTime() ?? null,
  };
}
