import { createHash } from 'node:crypto';

import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowQuery, WriteTarget } from '../../../core/dataset/datastore-kind.ts';
import { decideGone, goneFaults } from '../../../core/dataset/import/decide-gone.ts';
import type { GoneCounts, GoneOutcome, GonePlan } from '../../../core/dataset/import/decide-gone.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { toRuleTable } from '../../../kinds/checks/data-rules/rule-table.ts';
import { countTakenAlong } from '../fix/count-cascades.ts';
import { assertToken } from './apply-chunk.ts';
import type { Writer } from './apply-chunk.ts';
import { findGone } from './find-gone.ts';
import { toShownKey } from './shown-key.ts';
import { ledgerQuery, writeLedger, writeOf } from './ledger.ts';
import type { LedgerChange, LedgerRow } from './ledger.ts';
import type { ImportGround } from './open-ground.ts';
import type { ReportProgress } from './progress.ts';
import type { FindRows } from './read-ledger.ts';
import type { Untouched } from './scan.ts';
import { readHashes } from './verify-batch.ts';

const mostNamed = 100;

/** Counts what deleting would do, and changes nothing. */
export async function planGone(ground: ImportGround, untouched: Untouched, signal: AbortSignal): Promise<GonePlan> {
  const counts: GoneCounts = { deleted: 0, absent: 0, edited: 0 };
  const digest = createHash('sha256');
  const keys: string[] = [];
  const takesAlong = new Map<string, GonePlan['takesAlong'][number]>();
  let kept = 0;
  for await (const { gone, there } of untouched.ledger ? [] : findGone(ground)) {
    signal.throwIfAborted();
    kept += there;
    const decided = await decideAll(ground, gone, (query, wanted) => ground.target.rows(query, wanted));
    for (const { entry, outcome } of decided) {
      counts[outcome] += 1;
      digest.update(`${entry.sourceKey}\t${outcome}\n`);
      if (outcome === 'deleted' && keys.length < mostNamed) keys.push(toShownKey(ground, entry.targetKey));
    }
    for (const taken of await findTakenAlong(ground, decided)) {
      const name = `${taken.table} ${taken.column}`;
      takesAlong.set(name, { ...taken, rows: taken.rows + (takesAlong.get(name)?.rows ?? 0) });
    }
  }
  return { counts, kept, keys, takesAlong: [...takesAlong.values()], sha256: digest.digest('hex') };
}

/**
 * Deletes rows whose records are gone from the source: each only where it still is what the import left there, with its ledger, and never more of them than the dry run
 * showed. Throws `import_refused` where there would be more, or where rows of other tables would go with them.
 */
export async function deleteGone(
  ground: ImportGround,
  { plan, writer, signal, progress }: { plan: GonePlan; writer: Writer; signal: AbortSignal; progress: ReportProgress },
): Promise<GoneCounts> {
  const counts: GoneCounts = { deleted: await countDeleted(ground, writer.batch), absent: 0, edited: 0 };
  const total = plan.counts.deleted;
  for await (const { gone } of findGone(ground)) {
    signal.throwIfAborted();
    if (gone.length === 0) continue;
    const decided = await deleteChunk(ground, gone, { writer, left: total - counts.deleted });
    for (const { outcome } of decided) counts[outcome] += 1;
    progress({ phase: 'delete', done: counts.deleted, total, lagMs: null });
  }
  return counts;
}

/** Rows that a batch has deleted so far: it may have been killed and taken up again. */
function countDeleted({ target, ledgerName }: ImportGround, batch: string): Promise<number> {
  const ofBatch = { column: 'batch', operator: '==' as const, values: [batch], text: '' };
  const deleted = { column: 'wrote', operator: '==' as const, values: ['delete'], text: '' };
  return target.count(ledgerQuery(ledgerName, [ofBatch, deleted]));
}

async function deleteChunk(
  ground: ImportGround,
  gone: readonly LedgerRow[],
  { writer, left }: { writer: Writer; left: number },
): Promise<GoneRow[]> {
  const { target, wholeTarget, ledgerName } = ground;
  return await writeOf(target)(async (transaction) => {
    await assertToken(transaction, ledgerName, writer.token);
    const decided = await decideAll(ground, gone, (query, keys) => transaction.lockRows(query, keys));
    const going = decided.filter(({ outcome }) => outcome === 'deleted');
    const counts = { deleted: going.length, absent: 0, edited: 0 };
    const plan = { counts, kept: 1, keys: [], takesAlong: await findTakenAlong(ground, going), sha256: '' };
    const more = going.length > left ? [`more records are gone than the dry run showed`] : [];
    const faults = [...more, ...goneFaults(plan)];
    if (faults.length > 0) throw refuse(writer.batch, faults);
    const refused = await transaction.change(
      wholeTarget,
      going.map(({ entry, row }) => ({
        operation: 'delete',
        key: parseCanonLine(entry.targetKey),
        before: row,
        after: null,
      })),
    );
    if (refused.length > 0)
      throw new Error(`${wholeTarget.table}: expected locked rows to stay as they are, got others`);
    await writeLedger(
      transaction,
      ledgerName,
      decided.flatMap((one) => toChange(one, { batch: writer.batch, wholeTarget })),
    );
    return decided;
  });
}

interface GoneRow {
  entry: LedgerRow;
  /** The whole row, with columns that no import writes; null where there is none. */
  row: CanonRow | null;
  outcome: GoneOutcome;
}

/** The row is judged by what the import wrote of it, and kept whole: what it is taken back from has to hold what the application wrote, too. */
async function decideAll(ground: ImportGround, gone: readonly LedgerRow[], find: FindRows): Promise<GoneRow[]> {
  const { wholeTarget } = ground;
  const keys = gone.map(({ targetKey }) => parseCanonLine(targetKey));
  const hashes = await readHashes(ground, keys, find);
  const query: RowQuery = { ...wholeTarget, where: [], order: 'any', after: null };
  const places = wholeTarget.key.map((name) => wholeTarget.columns.findIndex((column) => column.name === name));
  const whole = new Map(
    (keys.length === 0 ? [] : await find(query, keys)).map((row) => [
      toCanonLine(places.map((place) => row[place] ?? null)).slice(0, -1),
      row,
    ]),
  );
  return gone.map((entry) => {
    const row = whole.get(entry.targetKey) ?? null;
    const now = row === null ? null : (hashes.get(entry.targetKey) ?? null);
    return { entry, row, outcome: decideGone(entry.targetHash, now) };
  });
}

async function findTakenAlong(
  { target, wholeTarget, dataset }: ImportGround,
  decided: readonly GoneRow[],
): Promise<GonePlan['takesAlong']> {
  const rows = decided.flatMap(({ row, outcome }) => (outcome === 'deleted' && row !== null ? [row] : []));
  if (rows.length === 0) return [];
  const { table, key } = wholeTarget;
  const asked = await toRuleTable(target, { on: dataset.target?.on ?? '', table, key, where: [] });
  return countTakenAlong(asked, { rows, columns: wholeTarget.columns });
}

/** What a person has edited stays known as it was left, so that the next import finds it again. */
function toChange(
  { entry, row, outcome }: GoneRow,
  { batch, wholeTarget }: { batch: string; wholeTarget: WriteTarget },
): LedgerChange[] {
  if (outcome === 'edited') return [];
  const { sourceKey, pack: _, ...previous } = entry;
  const to: LedgerRow = {
    sourceKey,
    sourceHash: '',
    targetKey: entry.targetKey,
    targetHash: null,
    outcome: 'deleted',
    reason: outcome === 'absent' ? 'absent' : '',
    batch,
    wrote: row === null ? 'nothing' : 'delete',
    before: row === null ? null : toWholeRow(row, wholeTarget),
    previous,
    pack: null,
  };
  return [{ from: entry, to }];
}

/** By name: the table may have another column by the time that the row comes back. */
function toWholeRow(row: CanonRow, { columns }: WriteTarget): string {
  return JSON.stringify(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
}

/** Returns the row that was deleted with where it is written; throws where the table no longer has a column of it. */
export function readWholeRow(before: string, { wholeTarget }: ImportGround): { target: WriteTarget; row: CanonRow } {
  const kept = JSON.parse(before) as { [column: string]: string | null };
  const columns = wholeTarget.columns.filter(({ name }) => Object.hasOwn(kept, name));
  if (columns.length < Object.keys(kept).length)
    throw new ProductError(
      'import_refused',
      `${wholeTarget.table}: expected the columns that it had when rows were deleted, got fewer`,
      { hint: 'bring the columns back, then take the import back' },
    );
  return { target: { ...wholeTarget, columns }, row: columns.map(({ name }) => kept[name] ?? null) };
}

function refuse(batch: string, faults: readonly string[]): ProductError {
  return new ProductError('import_refused', `import ${batch}: expected deletions as shown, got ${faults.join('; ')}`, {
    hint: 'nothing of this chunk was deleted: plan again, or take the import back',
  });
}
