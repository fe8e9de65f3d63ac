import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { HashQuery } from '../../../core/dataset/datastore-kind.ts';
import { findSystematic } from '../../../core/dataset/reconcile/guess-transformation.ts';
import type { SystematicDifference } from '../../../core/dataset/reconcile/guess-transformation.ts';
import { addsUp } from './adds-up.ts';
import type { ComparedSide, Comparison } from './comparison.ts';

const hashedRows = 500;
/** Share of rows whose hashes may differ although their values are the same: an engine writes `1e20`, the other `1e+20`. */
const bearable = 0.02;

/** What a sample of both sides says before anything large is read. */
export interface Calibration {
  /** Rows of the source that were sampled, and how many of them stand on the other side. */
  sampled: number;
  paired: number;
  systematic: SystematicDifference[];
  /** Keys of the sample, for the bounds of buckets. */
  keys: CanonRow[];
  /** True where rows with unequal values have unequal hashes, and nearly all with equal values equal ones; null where it could not be tried. */
  hashesAgree: boolean | null;
  /** Why a side makes no hashes of these columns; null where it does, or was not asked. */
  unhashable: string | null;
}

/** How much is looked at. */
export interface CalibrationTerms {
  /** Rows of the sample. */
  size: number;
  /** Hashes to try; null for none. */
  form: 'portable' | 'native' | null;
  /** Tries them even where a column differs systematically, which else ends the comparison. */
  full: boolean;
}

/** Compares sampled rows value by value, and the hashes that the engines make of them with what that came to. */
export async function calibrate(comparison: Comparison, { size, form, full }: CalibrationTerms): Promise<Calibration> {
  const { source, target, keyLength, mapRow, seed, columns } = comparison;
  const none = { sampled: 0, paired: 0, systematic: [], keys: [], hashesAgree: null, unhashable: null };
  if (keyLength === 0 || size === 0) return none;
  const read = await source.session.sample(source.query, size, seed);
  const here = read.map((row) => (mapRow === null ? row : mapRow(row))).filter((row) => row !== null);
  // What the sample left out is counted again when everything is read.
  for (const reason of comparison.skipped.keys()) comparison.skipped.set(reason, 0);
  const keys = here.map((row) => row.slice(0, keyLength));
  const there = new Map(
    (await target.session.rows({ ...target.query, order: 'any' }, keys)).map((row) => [
      toCanonLine(row.slice(0, keyLength)),
      row,
    ]),
  );
  const pairs = here.flatMap((row) => {
    const other = there.get(toCanonLine(row.slice(0, keyLength)));
    return other === undefined ? [] : [[row, other] as const];
  });
  const valuesOf = (at: number): (readonly [CanonValue, CanonValue])[] =>
    pairs.map(([row, other]) => [row[at] ?? null, other[at] ?? null] as const);
  const systematic = findSystematic(columns, valuesOf).filter(({ column }) => !isTolerated(comparison, column));
  return {
    sampled: read.length,
    paired: pairs.length,
    systematic,
    keys,
    ...(form === null || mapRow !== null || (systematic.length > 0 && !full)
      ? { hashesAgree: null, unhashable: null }
      : await tryHashes(comparison, pairs.slice(0, hashedRows), form)),
  };
}

function isTolerated({ dataset }: Comparison, column: string): boolean {
  return dataset.tolerances.some((one) => one.column === column);
}

/** Law of push-down: hashes are equal only where values are. Tried on real rows, because engines, versions and settings differ. */
async function tryHashes(
  comparison: Comparison,
  pairs: readonly (readonly [CanonRow, CanonRow])[],
  form: 'portable' | 'native',
): Promise<Pick<Calibration, 'hashesAgree' | 'unhashable'>> {
  try {
    return { hashesAgree: await compareHashes(comparison, pairs, form), unhashable: null };
  } catch (error) {
    if (!isUnhashable(error)) throw error;
    return { hashesAgree: null, unhashable: error.message };
  }
}

/** True for what a side says that cannot make hashes of what it was asked for, although it makes some. */
export function isUnhashable(error: unknown): error is DatastoreTrouble {
  return error instanceof DatastoreTrouble && error.code === 'not_hashable';
}

async function compareHashes(
  comparison: Comparison,
  pairs: readonly (readonly [CanonRow, CanonRow])[],
  form: 'portable' | 'native',
): Promise<boolean | null> {
  const { source, target, keyLength } = comparison;
  // Each column of the key is asked for by itself, so that several bring more rows than were sampled.
  const tried = pairs.slice(0, Math.ceil(hashedRows ** (1 / keyLength)));
  if (tried.length === 0) return null;
  const keys = tried.map(([row]) => row.slice(0, keyLength));
  const [from, to] = await Promise.all([source, target].map((side) => hashesOf(side, keys, form)));
  if (!from || !to) return false;
  let falseAlarms = 0;
  for (const [row, other] of tried) {
    const key = toCanonLine(row.slice(0, keyLength));
    const [one, two] = [from.get(key), to.get(key)];
    if (one === undefined || two === undefined) return false;
    const isSame = toCanonLine(row) === toCanonLine(other);
    // A difference that hashes hide is never found again; one that they invent is gone once its rows are read.
    if (one === two && !isSame) return false;
    if (one !== two && isSame) falseAlarms += 1;
  }
  return falseAlarms <= tried.length * bearable;
}

/** Null where the hash of all of these rows is not that of each of them: such hashes do not follow the values. */
async function hashesOf(
  { session, query }: ComparedSide,
  keys: readonly CanonRow[],
  form: 'portable' | 'native',
): Promise<Map<string, bigint> | null> {
  if (session.leaves === null || session.buckets === null) return null;
  const chosen = query.key.map((column, at): RowCondition => {
    const values = [...new Set(keys.map((key) => key[at] ?? ''))];
    return { column, operator: 'in', values, text: `${column} in sample` };
  });
  const asked: HashQuery = {
    ...query,
    where: [...query.where, ...chosen],
    form,
    bucketing: { by: 'hash', buckets: 1 },
  };
  const [leaves, buckets] = [await session.leaves(asked, [0]), await session.buckets(asked)];
  const [all] = buckets;
  if (all === undefined || buckets.length !== 1 || !addsUp(all, leaves)) return null;
  return new Map(leaves.map(({ key, hash }) => [toCanonLine(key), hash]));
}
