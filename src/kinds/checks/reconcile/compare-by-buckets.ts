import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { BucketHash, Bucketing, HashQuery } from '../../../core/dataset/datastore-kind.ts';
import { compareRows } from '../../../core/dataset/reconcile/compare-rows.ts';
import { addsUp } from './adds-up.ts';
import type { ComparedCounts, ComparedSide, Comparison, ComparisonSink } from './comparison.ts';

/** Buckets whose leaves are asked for in one statement. */
const bucketsAtOnce = 500;
/** Rows that are fetched whole in one statement. */
const rowsAtOnce = 500;
/** Where more buckets than this share differ, reading everything costs less than looking into each. */
const worthIt = 0.2;

export interface BucketOutcome {
  counts: ComparedCounts;
  sides: { source: BucketHash[]; target: BucketHash[] };
  /** Rows whose hashes differ although their values are the same: the engines' doing, and no difference. */
  falseAlarms: number;
  /** Why hashes say nothing here, so that the caller streams instead and forgets what was found so far; null where they do. */
  abandoned: string | null;
}

/** How both sides are hashed. */
export interface Hashing {
  form: 'portable' | 'native';
  bucketing: Bucketing;
  /** Whether hashes of the sample were seen to follow its values. */
  proven: boolean;
}

/**
 * Compares both sides by hashes that they make themselves: one scan each, then the rows of the buckets that differ, and only those. Hashes that do not add up, and rows
 * that were hashed and are not found, prove nothing.
 */
export async function compareByBuckets(
  comparison: Comparison,
  sink: ComparisonSink,
  { form, bucketing, proven }: Hashing,
): Promise<BucketOutcome> {
  const { source, target } = comparison;
  const queryOf = (side: ComparedSide): HashQuery => ({ ...side.query, form, bucketing: bucketingOf(bucketing, side) });
  const [from, to] = await Promise.all([bucketsOf(source, queryOf(source)), bucketsOf(target, queryOf(target))]);
  const differing = findDiffering(from, to);
  const total = Math.max(from.length, to.length);
  const outcome: BucketOutcome = {
    counts: countsOf(from, to),
    sides: { source: from, target: to },
    falseAlarms: 0,
    abandoned:
      differing.length > Math.max(bucketsAtOnce, total * worthIt)
        ? 'so many buckets differ that reading everything costs less'
        : null,
  };
  // A bucket of ranges is read again at little cost; one of hashes takes a whole scan, and the sample has tried the same statement.
  const tried = proven && bucketing.by === 'hash';
  if (!tried && outcome.abandoned === null) outcome.abandoned = await findDoubt(comparison, queryOf, { from, to });
  return outcome.abandoned === null ? await lookInto(comparison, sink, { outcome, differing, queryOf }) : outcome;
}

interface Differing {
  outcome: BucketOutcome;
  differing: readonly number[];
  queryOf: (side: ComparedSide) => HashQuery;
}

/** Fetches the rows of buckets that differ, and only those whose hashes do. */
async function lookInto(
  comparison: Comparison,
  sink: ComparisonSink,
  { outcome, differing, queryOf }: Differing,
): Promise<BucketOutcome> {
  const { source, target } = comparison;
  const { source: from, target: to } = outcome.sides;
  const moved = { source: sizeOf(from), target: sizeOf(to) };
  for (let at = 0; at < differing.length; at += bucketsAtOnce) {
    comparison.signal.throwIfAborted();
    const some = differing.slice(at, at + bucketsAtOnce);
    const [left, right] = await Promise.all([
      leavesOf(source, queryOf(source), some),
      leavesOf(target, queryOf(target), some),
    ]);
    moved.source += sizeOf([...left.values()]);
    moved.target += sizeOf([...right.values()]);
    const keys = findKeys(left, right);
    const isWhole = left.size === sumOf(onlyOf(from, some)) && right.size === sumOf(onlyOf(to, some));
    if (!isWhole || keys.length < some.length)
      return { ...outcome, abandoned: 'rows do not account for the hashes of their buckets' };
    const { same, unseen } = await compareKeysOf(comparison, sink, { keys, moved });
    if (unseen.length > 0)
      return { ...outcome, abandoned: `${unseen.length} rows that were hashed are not found by their key` };
    outcome.falseAlarms += same;
    sink.progress(Math.round((outcome.counts.compared * (at + some.length)) / differing.length));
  }
  outcome.counts = { ...outcome.counts, sourceBytes: moved.source, targetBytes: moved.target };
  return outcome;
}

/** Reads one bucket of each side row by row: its hash has to be that of its rows, and rows that differ have to have hashes that do. */
async function findDoubt(
  { source, target }: Comparison,
  queryOf: (side: ComparedSide) => HashQuery,
  { from, to }: { from: readonly BucketHash[]; to: readonly BucketHash[] },
): Promise<string | null> {
  for (const [side, hashes] of [[source, from] as const, [target, to] as const]) {
    const one = hashes.find(({ count }) => count > 1) ?? hashes[0];
    if (one === undefined) continue;
    const leaves = await leavesOf(side, queryOf(side), [one.bucket]);
    if (!addsUp(one, [...leaves.values()])) return 'the hash of a bucket is not that of its rows';
  }
  return null;
}

function onlyOf(side: readonly BucketHash[], buckets: readonly number[]): BucketHash[] {
  const asked = new Set(buckets);
  return side.filter(({ bucket }) => asked.has(bucket));
}

/** What hashes take as text, as they come. */
function sizeOf(hashes: readonly (BucketHash | { key: CanonRow; hash: bigint })[]): number {
  return hashes.reduce((sum, one) => {
    const named = 'key' in one ? toCanonLine(one.key).length : String(one.bucket).length + String(one.count).length + 2;
    return sum + named + String(one.hash).length;
  }, 0);
}

/** The range lies over the column of the key, which may have another name on the other side. */
function bucketingOf(bucketing: Bucketing, { query }: ComparedSide): Bucketing {
  return bucketing.by === 'range' ? { ...bucketing, column: query.key[0] ?? bucketing.column } : bucketing;
}

async function bucketsOf({ session }: ComparedSide, query: HashQuery): Promise<BucketHash[]> {
  if (session.buckets === null)
    throw new Error('buckets: expected a datastore that makes hashes, got one that does not');
  return (await session.buckets(query)).toSorted((a, b) => a.bucket - b.bucket);
}

async function leavesOf(
  { session }: ComparedSide,
  query: HashQuery,
  buckets: readonly number[],
): Promise<Map<string, { key: CanonRow; hash: bigint }>> {
  if (session.leaves === null) throw new Error('leaves: expected a datastore that makes hashes, got one that does not');
  return new Map((await session.leaves(query, buckets)).map((leaf) => [toCanonLine(leaf.key), leaf]));
}

function findDiffering(from: readonly BucketHash[], to: readonly BucketHash[]): number[] {
  const other = new Map(to.map((one) => [one.bucket, one]));
  const differing = from.filter((one) => {
    const there = other.get(one.bucket);
    return there === undefined || there.count !== one.count || there.hash !== one.hash;
  });
  const known = new Set(from.map(({ bucket }) => bucket));
  return [...differing, ...to.filter(({ bucket }) => !known.has(bucket))].map(({ bucket }) => bucket);
}

function countsOf(from: readonly BucketHash[], to: readonly BucketHash[]): ComparedCounts {
  const source = sumOf(from);
  return { source, target: sumOf(to), compared: source, sourceBytes: 0, targetBytes: 0 };
}

function sumOf(side: readonly BucketHash[]): number {
  return side.reduce((total, { count }) => total + count, 0);
}

function findKeys(
  left: Map<string, { key: CanonRow; hash: bigint }>,
  right: Map<string, { key: CanonRow; hash: bigint }>,
): CanonRow[] {
  const keys = [...left].filter(([line, { hash }]) => right.get(line)?.hash !== hash).map(([, { key }]) => key);
  const extra = [...right].filter(([line]) => !left.has(line)).map(([, { key }]) => key);
  return [...keys, ...extra];
}

/** Rows to be fetched, and the bytes that they took, which are added to. */
interface Fetching {
  keys: readonly CanonRow[];
  moved: { source: number; target: number };
}

/** Rows that did not come to a difference. */
export interface FetchedRows {
  /** The same after all. */
  same: number;
  /** Found on neither side: gone since, or never findable by their key. */
  unseen: CanonRow[];
}

/** Fetches these rows on both sides and compares them value by value; differences go to the sink. */
export async function compareKeysOf(
  comparison: Comparison,
  sink: Pick<ComparisonSink, 'add'>,
  { keys, moved }: Fetching,
): Promise<FetchedRows> {
  const all: FetchedRows = { same: 0, unseen: [] };
  for (let at = 0; at < keys.length; at += rowsAtOnce) {
    comparison.signal.throwIfAborted();
    const some = await compareSome(comparison, sink, { keys: keys.slice(at, at + rowsAtOnce), moved });
    all.same += some.same;
    all.unseen.push(...some.unseen);
  }
  return all;
}

async function compareSome(
  comparison: Comparison,
  sink: Pick<ComparisonSink, 'add'>,
  { keys, moved }: Fetching,
): Promise<FetchedRows> {
  const { source, target, columns, dataset, tolerated, mapRow } = comparison;
  const [from, to] = await Promise.all([rowsOf(comparison, source, keys), rowsOf(comparison, target, keys)]);
  moved.source += rowBytes(from);
  moved.target += rowBytes(to);
  const fetched: FetchedRows = { same: 0, unseen: [] };
  for (const key of keys) {
    const [read, there] = [from.get(toCanonLine(key)) ?? null, to.get(toCanonLine(key)) ?? null];
    const here = read === null || mapRow === null ? read : mapRow(read);
    if (read === null && there === null) fetched.unseen.push(key);
    else if (here === null && there === null) fetched.same += 1;
    else if (there === null && here !== null) sink.add({ kind: 'missing', key, source: here, target: null });
    else if (here === null && there !== null) sink.add({ kind: 'extra', key, source: null, target: there });
    else if (here !== null && there !== null) {
      const { values, tolerated: within } = compareRows(here, there, { columns, tolerances: dataset.tolerances });
      for (const column of within) tolerated.set(column, (tolerated.get(column) ?? 0) + 1);
      if (values.length > 0) sink.add({ kind: 'changed', key, source: here, target: there, values });
      else if (within.length === 0) fetched.same += 1;
    }
  }
  return fetched;
}

function rowBytes(rows: Map<string, CanonRow>): number {
  return [...rows.values()].reduce((sum, row) => sum + toCanonLine(row).length, 0);
}

async function rowsOf(
  { keyLength }: Comparison,
  { session, query }: ComparedSide,
  keys: readonly CanonRow[],
): Promise<Map<string, CanonRow>> {
  const rows = await session.rows({ ...query, order: 'any' }, keys);
  return new Map(rows.map((row) => [toCanonLine(row.slice(0, keyLength)), row]));
}
