import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { rowHash } from './open-ground.ts';
import type { ImportGround } from './open-ground.ts';
import type { ReportProgress } from './progress.ts';
import { findIntact } from './find-intact.ts';
import { toLedgerRows } from './ledger.ts';
import type { LedgerRow } from './ledger.ts';
import { countEntries, readPacks, readRows } from './read-ledger.ts';

/** Whether what a batch wrote is there, row by row. */
export interface Verification {
  outcome: 'pass' | 'fail';
  checked: number;
  missing: number;
  different: number;
  reason: string;
}

/**
 * Reads every row that a batch answers for again and holds it against the ledger: a trigger or a rounding that changed it shows, and so does a row that was deleted and is
 * there. Rows that were written as lines are read as lines, pack by pack; where one pack is not to the byte what was written, its rows are looked up one by one.
 */
export async function verifyBatch(
  ground: ImportGround,
  batch: string,
  { signal, progress }: { signal: AbortSignal; progress: ReportProgress },
): Promise<Verification> {
  const total = await countEntries(ground, batch);
  const found = { checked: 0, missing: 0, different: 0 };
  const tell = (): void => progress({ phase: 'verify', done: found.checked, total, lagMs: null });
  for await (const entries of readRows(ground, batch)) {
    signal.throwIfAborted();
    addFaults(found, await checkEntries(ground, entries));
    found.checked += entries.length;
    tell();
  }
  const intact = await findIntact(ground, batch, signal);
  for await (const pack of readPacks(ground, batch)) {
    signal.throwIfAborted();
    if (pack.rows === null || intact.get(pack.firstKey) !== pack.rows.sha256)
      addFaults(found, await checkEntries(ground, toLedgerRows(pack)));
    found.checked += pack.records;
    tell();
  }
  const isRight = found.missing + found.different === 0;
  const reason = isRight
    ? `${found.checked} records looked at again: what the batch wrote is in the target as it was written`
    : `expected every row as it was written, got ${found.missing} missing and ${found.different} different`;
  return { ...found, outcome: isRight ? 'pass' : 'fail', reason };
}

type Faults = Pick<Verification, 'missing' | 'different'>;

function addFaults(found: Faults, { missing, different }: Faults): void {
  found.missing += missing;
  found.different += different;
}

async function checkEntries(ground: ImportGround, entries: readonly LedgerRow[]): Promise<Faults> {
  const found = { missing: 0, different: 0 };
  const left = entries.filter(
    ({ targetHash, outcome }) => targetHash !== null && ['inserted', 'updated', 'recovered'].includes(outcome),
  );
  const deleted = entries.filter(({ outcome }) => outcome === 'deleted');
  const hashes = await readHashes(
    ground,
    [...left, ...deleted].map(({ targetKey }) => parseCanonLine(targetKey)),
  );
  found.different += deleted.filter(({ targetKey }) => hashes.has(targetKey)).length;
  for (const { targetKey, targetHash } of left) {
    const hash = hashes.get(targetKey);
    if (hash === undefined) found.missing += 1;
    else if (hash !== targetHash) found.different += 1;
  }
  return found;
}

/** Digests of rows of the target by their key as one line; a row that is not there has none. */
export async function readHashes(
  { target, writeTarget }: ImportGround,
  keys: readonly CanonRow[],
  find: typeof target.rows = (query, wanted) => target.rows(query, wanted),
): Promise<Map<string, string>> {
  const places = writeTarget.key.map((name) => writeTarget.columns.findIndex((column) => column.name === name));
  const rows = keys.length === 0 ? [] : await find({ ...writeTarget, where: [], order: 'any', after: null }, keys);
  return new Map(
    rows.map((row) => [toCanonLine(places.map((place) => row[place] ?? null)).slice(0, -1), rowHash(toCanonLine(row))]),
  );
}
