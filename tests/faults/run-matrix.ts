import type { FaultDatabase, Place, PlaceOptions } from './place.ts';
import { openPlace } from './place.ts';
import type { FaultPoint } from './points.ts';
import { createRandom } from './random-plan.ts';
import { runCase } from './run-case.ts';
import type { CaseResult } from './run-case.ts';
import { runStoreCase } from './run-store-case.ts';

/** What a matrix is made of. */
export interface MatrixOptions {
  points: readonly FaultPoint[];
  seeds: readonly number[];
  /** Places that are worked at side by side, each with a database and processes of its own. */
  places: number;
  create: (kind: 'migrated' | 'empty') => Promise<FaultDatabase>;
  report?: (result: CaseResult) => void;
}

/** A seed stands for a few runs: one in which nobody came by the point is no trial, and another is made from the same seed. */
const tries = 5;
const stepBetweenTries = 1_000_000;

/** Leases of assets are renewed often, so that the renewal is a place to die at, too. */
const options: PlaceOptions = { lockTimes: { renewSeconds: 0.1 } };

/** Runs every point with every seed, one seed after the other, in an order that the first seed makes, and returns how each ended. */
export async function runMatrix({ points, seeds, places, create, report }: MatrixOptions): Promise<CaseResult[]> {
  const random = createRandom(seeds[0] ?? 1);
  const waiting = points
    .flatMap((point) => seeds.map((seed) => ({ point, seed, turn: random() })))
    .toSorted((a, b) => a.seed - b.seed || a.turn - b.turn);
  const results: CaseResult[] = [];
  await Promise.all(
    Array.from({ length: places }, async () => {
      let place: Place | null = null;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { point, seed } = next;
        place = await freshPlace(place, create);
        const result = await tryCase(place, { point, seed, create });
        results.push(result);
        report?.(result);
        // What went wrong must not spoil the cases after it.
        if (result.violations.length > 0) place = await leave(place);
      }
      await place?.close();
    }),
  );
  return results;
}

async function leave(place: Place): Promise<null> {
  await place.close();
  return null;
}

/** Cases that share a place: the checks read everything that happened there, so that one used for long would be slow. */
const casesPerPlace = 25;

async function freshPlace(place: Place | null, create: MatrixOptions['create']): Promise<Place> {
  if (place !== null && place.orders.length < casesPerPlace) return place;
  await place?.close();
  const next = await openPlace(await create('migrated'), options);
  await next.start('worker').ready;
  return next;
}

async function tryCase(
  place: Place,
  { point, seed, create }: { point: FaultPoint; seed: number; create: MatrixOptions['create'] },
): Promise<CaseResult> {
  const { name, role } = point;
  for (let nr = 0; ; nr += 1) {
    const own = seed + nr * stepBetweenTries;
    const result =
      role === 'appender' || role === 'migrator'
        ? await runStoreCase(await create(role === 'migrator' ? 'empty' : 'migrated'), point, own)
        : await runCase(place, { point: name, role, seed: own });
    if (result.killed || result.violations.length > 0 || nr + 1 === tries) return result;
  }
}
