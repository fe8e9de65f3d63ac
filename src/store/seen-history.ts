import type { ClientBase } from 'pg';

import { ProductError } from '../core/error/product-error.ts';

/** An event of a run that the database has acknowledged, told by what a second one in its place would not share. */
export interface EventMark {
  run: string;
  number: number;
  type: string;
  /** Milliseconds by the clock of the run, as they were decided. */
  atMs: number;
}

/**
 * What this process knows of the history of its database. A server that takes over may lack the newest of it, and a primary that was replaced may
 * still answer: neither can know that by itself, whoever saw the events can.
 */
export interface SeenHistory {
  /** Remembers events whose commit was acknowledged. */
  note(marks: readonly EventMark[]): void;
  /** Throws a ProductError where the server behind a new connection is a replica, is on an earlier timeline, or lacks an event that was seen. */
  assertKept(client: ClientBase): Promise<void>;
}

/** More than are in flight at once: transactions are not answered in the order of their commits, and the last one answered need not be the newest. */
const keptMarks = 32;

interface Server {
  recovery: boolean;
  /** Rises with every promotion; null where the server does not tell. */
  timeline: number | null;
}

/** Returns a memory that is empty, and lasts as long as the process. */
export function createSeenHistory(): SeenHistory {
  let marks: EventMark[] = [];
  let timeline = 0;
  return {
    note(more) {
      marks = [...marks, ...more].slice(-keptMarks);
    },
    async assertKept(client) {
      const server = await readServer(client);
      if (server.recovery) throw replicaError();
      if (server.timeline !== null && server.timeline < timeline)
        throw wentBack(`timeline ${timeline} or later, got ${server.timeline}: a newer primary has taken its place`);
      const [lost] = await findLost(client, marks);
      if (lost) throw wentBack(`event ${lost.number} of run ${lost.run}, which it acknowledged, got another history`);
      timeline = Math.max(timeline, server.timeline ?? 0);
    },
  };
}

/** Returns the refusal of a server that is not the primary. */
export function replicaError(): ProductError {
  return new ProductError('store_unavailable', 'database: expected a primary server, got a replica', {
    hint: 'point DATABASE_URL at the primary: no decision is read from a replica',
  });
}

function wentBack(found: string): ProductError {
  return new ProductError('store_went_back', `database: expected ${found}`, {
    hint: 'find out what was lost before anything goes on; then start this process again',
  });
}

async function readServer(client: ClientBase): Promise<Server> {
  const { rows } = await client.query<{ recovery: boolean }>('select pg_is_in_recovery() as recovery');
  const recovery = rows[0]?.recovery !== false;
  return { recovery, timeline: recovery ? null : await readTimeline(client) };
}

/** The first eight digits of the name of a WAL file. Services that keep their WAL to themselves refuse to tell it. */
async function readTimeline(client: ClientBase): Promise<number | null> {
  try {
    const { rows } = await client.query<{ wal: string }>('select pg_walfile_name(pg_current_wal_lsn()) as wal');
    return Number.parseInt(rows[0]?.wal.slice(0, 8) ?? '', 16) || null;
  } catch (error) {
    if (/^(0A000|42501|42883|55000)$/.test((error as { code?: string }).code ?? '')) return null;
    throw error;
  }
}

async function findLost(client: ClientBase, marks: readonly EventMark[]): Promise<EventMark[]> {
  if (marks.length === 0) return [];
  const { rows } = await client.query<{ run: string; number: string; type: string; ms: string }>(
    `select run, number, type, round(extract(epoch from at) * 1000) as ms from tminus.event
       join unnest($1::text[], $2::bigint[]) as seen (run, number) using (run, number)`,
    [marks.map(({ run }) => run), marks.map(({ number }) => number)],
  );
  const kept = new Set(rows.map(({ run, number, type, ms }) => toKey({ run, type, number: +number, atMs: +ms })));
  return marks.filter((mark) => !kept.has(toKey(mark)));
}

function toKey({ run, number, type, atMs }: EventMark): string {
  return JSON.stringify([run, number, type, Math.round(atMs)]);
}
