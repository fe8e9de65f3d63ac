import type { FaultDatabase, Place, PlaceOptions } from './place.ts';
import { openPlace } from './place.ts';
import type { FaultPoint } from './points.ts';
import { createRandom } from './random-plan.ts';
import { runCases } from './run-case.ts';
import type { CaseResult, FaultCase } from './run-case.ts';
import { runStoreCase } from './run-store-case.ts';

/** What a matrix is made of. */
export interface MatrixOptions {
  points: readonly FaultPoint[];
  seeds: readonly number[];
  /** Places that are worked at side by side, each with a database and processes of its own. */
  places: number;
  /** Processes that die in a place at once. */
  victims: number;
  create: (kind: 'migrated' | 'empty') => Promise<FaultDatabase>;
  report?: (result: CaseResult) => void;
}

interface Waiting extends FaultCase {
  /** Of the trial, which counts up when nobody came by the point; the seed of the case stays. */
  tries: number;
  turn: number;
}

/** A run in which nobody came by the point is no trial: another is made from the same seed. */
const mostTries = 8;
const stepBetweenTries = 1_000_000;

/** Leases of assets are renewed often, so that the renewal is a place to die at, too. */
const options: PlaceOptions = { lockTimes: { renewSeconds: 0.1 } };

/** Runs every point with every seed, one seed after the other, in an order that the first seed makes, and returns how each ended. */
export async function runMatrix(matrix: MatrixOptions): Promise<CaseResult[]> {
  const { points, seeds, places } = matrix;
  const random = createRandom(seeds[0] ?? 1);
  const waiting = points
    .flatMap(({ name, role }) => seeds.map((seed): Waiting => ({ point: name, role, seed, tries: 1, turn: random() })))
    .toSorted((a, b) => a.seed - b.seed || a.turn - b.turn);
  const results: CaseResult[] = [];
  await Promise.all(Array.from({ length: places }, () => workAt(matrix, waiting, results)));
  return results;
}

async function workAt(matrix: MatrixOptions, waiting: Waiting[], results: CaseResult[]): Promise<void> {
  let place: Place | null = null;
  for (let group = takeGroup(waiting, matrix.victims); group.length > 0; group = takeGroup(waiting, matrix.victims)) {
    place = await freshPlace(place, matrix);
    const ended = await runGroup(place, group, matrix);
    for (const [nr, result] of ended.entries()) {
      const one = group[nr]!;
      if (isUntried(result) && one.tries < mostTries) {
        waiting.unshift({ ...one, tries: one.tries + 1 });
        continue;
      }
      results.push(result);
      matrix.report?.(result);
    }
    // What went wrong must not spoil the cases after it.
    if (ended.some(({ violations, slow }) => violations.length > 0 || slow.length > 0)) place = await leave(place);
  }
  await place?.close();
}

function isUntried({ killed, violations, slow }: CaseResult): boolean {
  return !killed && violations.length === 0 && slow.length === 0;
}

/** What dies in a store alone goes alone. */
function takeGroup(waiting: Waiting[], victims: number): Waiting[] {
  const first = waiting.shift();
  if (first === undefined) return [];
  if (isOfStore(first)) return [first];
  const group = [first];
  for (let nr = 0; group.length < victims && nr < waiting.length;)
    if (isOfStore(waiting[nr]!)) nr += 1;
    else group.push(...waiting.splice(nr, 1));
  return group;
}

function isOfStore({ role }: Pick<FaultCase, 'role'>): boolean {
  return role === 'appender' || role === 'migrator';
}

async function runGroup(place: Place, group: readonly Waiting[], { create }: MatrixOptions): Promise<CaseResult[]> {
  const own = group.map(({ point, role, seed, tries }) => ({
    point,
    role,
    seed: seed + (tries - 1) * stepBetweenTries,
  }));
  const [first] = own;
  if (first === undefined || !isOfStore(first)) return runCases(place, own);
  const database = await create(first.role === 'migrator' ? 'empty' : 'migrated');
  return [await runStoreCase(database, { name: first.point, role: first.role }, first.seed)];
}

/** Cases that share a place: the checks read everything that happened there, so that one used for long would be slow. */
const casesPerPlace = 30;

async function freshPlace(place: Place | null, { create }: MatrixOptions): Promise<Place> {
  if (place !== null && place.orders.length < casesPerPlace) return place;
  await place?.close();
  const next = await openPlace(await create('migrated'), options);
  await next.start('worker').ready;
  return next;
}

async function leave(place: Place): Promise<null> {
  await place.close();
  return null;
}
