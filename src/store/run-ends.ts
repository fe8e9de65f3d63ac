import { sql } from 'kysely';

import type { Store } from './open-store.ts';

/** When live runs of a procedure ended well. */
export interface ProcedureEnds {
  firstMs: number;
  lastMs: number;
  /** The run that ended last. */
  lastRun: string;
}

/** Returns by procedure when live runs of a launch in an environment ended well; procedures of which none did are left out. */
export async function readEnds(
  store: Store,
  { launch, environment }: { launch: string; environment: string },
): Promise<Map<string, ProcedureEnds>> {
  const { rows } = await sql<ProcedureEnds & { procedure: string }>`
    select procedure, (extract(epoch from min(ended_at)) * 1000)::float8 as "firstMs", (extract(epoch from max(ended_at)) * 1000)::float8 as "lastMs",
        (array_agg(id order by ended_at desc, id))[1] as "lastRun"
      from tminus.run where launch = ${launch} and environment = ${environment} and mode = 'live' and state = 'completed'
      group by procedure`.execute(store.tables);
  return new Map(rows.map(({ procedure, ...ends }) => [procedure, ends]));
}

/**
 * Returns when each of these procedures or steps was first done live: the procedure by a run that ended well, the step as it stands in a run now, so that one that was
 * taken back is not done. Names of which nothing was done are left out.
 */
export async function readFirstDone(
  store: Store,
  { launch, environment }: { launch: string; environment: string },
  names: readonly string[],
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const { rows } = await sql<{ name: string; atMs: number }>`
    with live as (select * from tminus.run where launch = ${launch} and environment = ${environment} and mode = 'live')
    select name, min(at_ms) as "atMs" from (
      select procedure as name, (extract(epoch from ended_at) * 1000)::float8 as at_ms from live
        where state = 'completed' and procedure = any (${[...names]}::text[])
      union all
      select s.id, (s.body->>'endedAtMs')::float8 from live join tminus.step_run s on s.run = live.id
        where s.state = 'done' and s.id = any (${[...names]}::text[]) and s.body->>'endedAtMs' is not null
    ) as done group by name`.execute(store.tables);
  return new Map(rows.map(({ name, atMs }) => [name, atMs]));
}
