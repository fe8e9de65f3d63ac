import { sql } from 'kysely';

import type { RunMode } from '../core/procedure/run.ts';
import type { Store } from './open-store.ts';
import type { Shift } from './rollout.ts';

/** The first that the store knows of users on the new side of a candidate; null where it knows of none. Moments are milliseconds since the epoch. */
export interface SwitchMoments {
  /** The first that shifts say of traffic of the canary. `seen`: it was given then, by this shift. Else it was there before anybody looked. */
  traffic: { ms: number; seen: boolean } | null;
  /** When a run first crossed a point of no return. */
  crossedMs: number | null;
  /** When the first run of that mode was made. */
  firstRunMs: number | null;
}

type Wanted = Pick<Shift, 'launch' | 'environment' | 'candidateSha256'> & { mode: RunMode };

/** Returns what shifts, and runs of one mode, of a candidate say of the switch. */
export async function readSwitchMoments(store: Store, wanted: Wanted): Promise<SwitchMoments> {
  const { launch, environment, candidateSha256, mode } = wanted;
  const { rows } = await sql<{ crossed: string | null; run: string | null }>`
    select min((body #>> '{returnPoint,atMs}')::numeric) filter (where body #>> '{returnPoint,state}' = 'crossed')::bigint as crossed,
      min((body ->> 'createdAtMs')::numeric)::bigint as run
      from tminus.run
      where launch = ${launch} and environment = ${environment} and mode = ${mode} and setting ->> 'candidateSha256' = ${candidateSha256}`.execute(
    store.tables,
  );
  return {
    traffic: await readFirstTraffic(store, wanted),
    crossedMs: toMs(rows[0]?.crossed),
    firstRunMs: toMs(rows[0]?.run),
  };
}

function toMs(text: string | null | undefined): number | null {
  return text == null ? null : Number(text);
}

/**
 * A weight stands in the journal before it is set, so that no user comes earlier. That it was given here is known where the router had none before, or where a drill gave it; a look that
 * finds traffic which nobody asked for only tells that it was there.
 */
async function readFirstTraffic(
  store: Store,
  { launch, environment, candidateSha256 }: Wanted,
): Promise<SwitchMoments['traffic']> {
  const { rows } = await sql<{ ms: string; seen: boolean }>`
    select floor(extract(epoch from entry.at) * 1000)::bigint as ms,
        entry.kind = 'asked' and coalesce((said ->> 'weight')::numeric > 0, false)
          and coalesce((said ->> 'before')::numeric = 0, shift.setting ->> 'drill' = 'true', false) as seen
      from tminus.rollout_shift shift
      join tminus.rollout_entry entry on entry.shift = shift.id,
      lateral (select convert_from(entry.body, 'UTF8')::jsonb -> 'body' as said) body
      where shift.launch = ${launch} and shift.environment = ${environment} and shift.candidate_sha256 = ${Buffer.from(candidateSha256, 'hex')}
        and entry.kind in ('asked', 'looked')
        and case entry.kind
          when 'asked' then said ->> 'kind' = 'set_weight' and greatest((said ->> 'weight')::numeric, (said ->> 'before')::numeric) > 0
          else exists (select from jsonb_each_text(said -> 'read') as router where router.value::numeric > 0) end
      order by entry.at, seen limit 1`.execute(store.tables);
  const [row] = rows;
  return row === undefined ? null : { ms: Number(row.ms), seen: row.seen };
}
