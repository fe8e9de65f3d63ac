import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from 'pg';

/** Sessions that are only coming into being may be those of other databases, and are not waited for any longer. */
const patienceMs = 2_000;

/**
 * Ends every session of a database that began before now, but for that of the client, and returns once they are gone: whoever works there afterwards has
 * the settings that the database has now. A session reads them before it can be ended, so that to end those that are there is not enough.
 */
export async function endSessions(client: Client): Promise<void> {
  const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now');
  for (const began = performance.now(); ; await pause(20)) {
    const asked = await client.query<{ ours: number; coming: number }>(
      `with old as materialized (select pid, datname is not null as known from pg_stat_activity
           where backend_type = 'client backend' and pid <> pg_backend_pid() and backend_start <= $1::timestamptz
             and coalesce(datname = current_database(), true)),
         ended as materialized (select pg_terminate_backend(pid) from old where known)
       select (select count(*) from ended)::int as ours, (select count(*) from old where not known)::int as coming`,
      [rows[0]!.now],
    );
    const { ours, coming } = asked.rows[0]!;
    if (ours === 0 && (coming === 0 || performance.now() - began > patienceMs)) break;
  }
  // Their ends lie there unread: each turn of the event loop reads some.
  for (let turn = 0; turn < 5; turn += 1) await pause(20);
}
