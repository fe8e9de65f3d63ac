import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { DatastoreTransaction, RowChange } from '../../../core/dataset/datastore-kind.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { decideUndo } from '../../../core/dataset/import/decide-record.ts';
import type { UndoOutcome } from '../../../core/dataset/import/decide-record.ts';
import { takeFence } from '../../../store/import-batch.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';
import { assertToken } from './apply-chunk.ts';
import { readWholeRow } from './delete-gone.ts';
import { takeToken, writeLedger, writeOf } from './ledger.ts';
import type { LedgerChange, LedgerRow } from './ledger.ts';
import { makeMove } from './make-move.ts';
import { openGround, rowHash } from './open-ground.ts';
import type { ImportGround, ImportSetting } from './open-ground.ts';
import type { ReportProgress } from './progress.ts';
import { countEntries, readLedger } from './read-ledger.ts';
import { readHashes } from './verify-batch.ts';
import { toShownKey } from './shown-key.ts';
import { whileAlone } from './while-alone.ts';

/** What taking a batch back came to. */
export interface UndoResult {
  counts: { [outcome in UndoOutcome]: number };
  /** Keys of the target, at most 100, of rows that people have edited since: they stay, and somebody has to look. */
  edited: string[];
}

const mostNamed = 100;

/**
 * Takes back exactly what a batch wrote: its rows are deleted, what it updated is as before, what it deleted is there again, and its entries are gone from the ledger. A row that a person has edited since
 * stays and is named. Stopped or killed, it goes on where it was: each chunk stands whole.
 */
export async function rollBackImport(
  store: Store,
  setting: ImportSetting,
  { batch, person, progress }: { batch: ImportBatch; person: string | null; progress: ReportProgress },
): Promise<UndoResult> {
  return await whileAlone(store, batch, async () => {
    const ground = await openGround(setting, { access: 'write', since: null });
    try {
      const token = await takeFence(store, batch.id);
      await takeToken(ground.target, ground.ledgerName, { token, batch: batch.id });
      const result = await undoAll({ setting, ground, batch: batch.id, token, progress });
      const { deleted, restored, edited } = result.counts;
      const detail = `${deleted} deleted, ${restored} restored, ${edited} left since people have edited them`;
      await makeMove(store, batch, {
        move: 'roll-back',
        person,
        detail,
        write: { result: { ...batch.result, undo: result } },
      });
      return result;
    } finally {
      await ground.close();
    }
  });
}

interface Undoing {
  setting: ImportSetting;
  ground: ImportGround;
  batch: string;
  token: number;
  progress: ReportProgress;
}

async function undoAll({ setting, ground, batch, token, progress }: Undoing): Promise<UndoResult> {
  const total = await countEntries(ground, batch);
  const result: UndoResult = {
    counts: { deleted: 0, restored: 0, forgotten: 0, edited: 0, gone: 0, later: 0 },
    edited: [],
  };
  let done = 0;
  for await (const entries of readLedger(ground, batch)) {
    setting.signal.throwIfAborted();
    for (const { entry, outcome } of await undoChunk(ground, entries, { batch, token })) {
      result.counts[outcome] += 1;
      if (outcome === 'edited' && result.edited.length < mostNamed)
        result.edited.push(toShownKey(ground, entry.targetKey));
    }
    done += entries.length;
    progress({ phase: 'roll back', done, total, lagMs: null });
  }
  return result;
}

async function undoChunk(
  ground: ImportGround,
  entries: readonly LedgerRow[],
  { batch, token }: { batch: string; token: number },
): Promise<{ entry: LedgerRow; outcome: UndoOutcome }[]> {
  const { target, writeTarget, ledgerName } = ground;
  const places = writeTarget.key.map((name) => writeTarget.columns.findIndex((column) => column.name === name));
  return await writeOf(target)(async (transaction) => {
    await assertToken(transaction, ledgerName, token);
    const written = entries
      .filter(({ wrote }) => wrote !== 'nothing')
      .map(({ targetKey }) => parseCanonLine(targetKey));
    const query = { ...writeTarget, where: [], order: 'any' as const, after: null };
    const rows = written.length === 0 ? [] : await transaction.lockRows(query, written);
    const found = new Map(
      rows.map((row) => [toCanonLine(places.map((place) => row[place] ?? null)).slice(0, -1), row]),
    );
    const decided = entries.map((entry) => {
      const row = found.get(entry.targetKey) ?? null;
      const targetHash = row === null ? null : rowHash(toCanonLine(row));
      return { entry, row, outcome: decideUndo(entry, { batch, wrote: entry.wrote, targetHash }) };
    });
    const changes = decided.flatMap(toChange);
    const refused = changes.length === 0 ? [] : await transaction.change(writeTarget, changes);
    if (refused.length > 0)
      throw new Error(`${writeTarget.table}: expected locked rows to stay as they are, got others`);
    const gone = decided.filter(({ entry, outcome }) => outcome === 'restored' && entry.wrote === 'delete');
    await bringBack(
      ground,
      transaction,
      gone.map(({ entry }) => entry),
    );
    await writeLedger(
      transaction,
      ledgerName,
      decided.map(({ entry }) => toForgotten(entry)),
    );
    return decided;
  });
}

/** How a row becomes what it was; one that the batch deleted is brought back whole, which is more than the import writes. */
function toChange({
  entry,
  row,
  outcome,
}: {
  entry: LedgerRow;
  row: CanonRow | null;
  outcome: UndoOutcome;
}): RowChange[] {
  const key = parseCanonLine(entry.targetKey);
  if (outcome === 'deleted') return [{ operation: 'delete', key, before: row, after: null }];
  if (outcome === 'restored' && entry.wrote !== 'delete')
    return [{ operation: 'update', key, before: row, after: parseCanonLine(entry.before ?? '') }];
  return [];
}

/** Writes deleted rows as they were, with what no import writes of them. Throws where one does not become what it was: a trigger that changes it shows. */
async function bringBack(
  ground: ImportGround,
  transaction: DatastoreTransaction,
  entries: readonly LedgerRow[],
): Promise<void> {
  if (entries.length === 0) return;
  const keys = entries.map(({ targetKey }) => parseCanonLine(targetKey));
  for (const [at, { before }] of entries.entries()) {
    const { target, row } = readWholeRow(before ?? '{}', ground);
    const change: RowChange = { operation: 'insert', key: keys[at] ?? [], before: null, after: row };
    const refused = await transaction.change(target, [change]);
    if (refused.length > 0) throw new Error(`${target.table}: expected no row of a deleted key, got one`);
  }
  const hashes = await readHashes(ground, keys, (query, wanted) => transaction.lockRows(query, wanted));
  if (entries.some(({ targetKey, previous }) => hashes.get(targetKey) !== previous?.targetHash))
    throw new Error(`${ground.writeTarget.table}: expected rows to come back as they were, got others`);
}

/** The entry of a batch that was taken back gives way to what stood before it. */
function toForgotten(entry: LedgerRow): LedgerChange {
  const { sourceKey, previous } = entry;
  return { from: entry, to: previous === null ? null : { sourceKey, pack: null, ...previous } };
}
