import { setTimeout as pause } from 'node:timers/promises';

import type { Look } from '../../core/rollout/rollout-input.ts';
import type { RouterAbilities, RouterReading } from '../../core/rollout/router-kind.ts';
import type { MeasureReading } from '../../core/rollout/measure-reading.ts';
import { metricSourceKinds } from '../../kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../kinds/routers/kinds.ts';
import type { DeclaredShift } from '../../store/rollout.ts';
import type { Store } from '../../store/open-store.ts';
import { readClock } from '../../store/store-clock.ts';
import type { Scene } from '../scene.ts';
import { findDeclaredFaults } from './declared-faults.ts';
import { lookOnce } from './look-once.ts';
import type { Seen } from './look-once.ts';
import { openConnections } from './open-connections.ts';
import type { Connections, ConnectionSetting } from './open-connections.ts';
import { readIncidents } from './read-incidents.ts';

/** What a rollout would begin from. */
export interface DeclaredLook {
  routers: { readonly [router: string]: RouterReading | { trouble: string } };
  abilities: { readonly [router: string]: RouterAbilities };
  measures: { readonly [measure: string]: MeasureReading };
  /** What the sources said the second time; null where they were asked once. */
  later: Seen['measures'] | null;
  /** Critical incidents that are open now. */
  incidents: Look['incidents'];
  /** What cannot be opened or read as declared. */
  objections: string[];
}

const patienceMs = 5_000;

/** How often a measure that has no data is asked where traffic is counted, and after how long. */
const tries = 5;
const againMs = 400;

/** How long traffic is counted before a rollout begins, where nobody says otherwise. */
export const countingMs = 10_000;

/** Asks every router and metric source of a rollout, the sources again after `watchMs` where it is given, and changes nothing. */
export async function lookAtDeclared(
  store: Store,
  scene: Scene,
  {
    declared,
    openSecret,
    signal,
    watchMs = null,
  }: {
    declared: DeclaredShift;
    openSecret: ConnectionSetting['openSecret'];
    signal: AbortSignal;
    watchMs?: number | null;
  },
): Promise<DeclaredLook> {
  const now = await readClock(store);
  const kinds = { routers: routerKinds, sources: metricSourceKinds };
  const { measures } = declared.rollout;
  const faults = findDeclaredFaults(declared, { scene, kinds });
  const connections = openConnections(declared, { scene, kinds, openSecret, signal, now });
  try {
    const [seen, incidents] = await Promise.all([
      lookUntilRead(connections, measures, { tries: watchMs === null ? 1 : tries, signal }),
      readIncidents(connections, scene.launch.id, patienceMs),
    ]);
    if (watchMs !== null) await pause(watchMs, undefined, { signal });
    // A source counts from the beginning of its session: both looks have to be of the same one.
    const later = watchMs === null ? null : (await lookUntilRead(connections, measures, { tries, signal })).measures;
    const abilities = Object.fromEntries([...connections.routers].map(([id, session]) => [id, session.abilities]));
    const errors = Object.entries(seen.measures).flatMap(([id, reading]) =>
      reading.state === 'error' ? [`measure ${id} cannot be read: ${reading.reason}`] : [],
    );
    return { ...seen, incidents, later, abilities, objections: [...faults, ...errors] };
  } finally {
    await connections.close();
  }
}

/** Looks again, a little later, where a measure has no data: pages of both arms that are not of one instant are no silence. What cannot be read at all is not asked again. */
async function lookUntilRead(
  connections: Connections,
  measures: DeclaredShift['rollout']['measures'],
  { tries: left, signal }: { tries: number; signal: AbortSignal },
): Promise<Seen> {
  const seen = await lookOnce(connections, measures, patienceMs);
  if (left <= 1 || Object.values(seen.measures).every(({ state }) => state !== 'no_data')) return seen;
  await pause(againMs, undefined, { signal });
  return lookUntilRead(connections, measures, { tries: left - 1, signal });
}
