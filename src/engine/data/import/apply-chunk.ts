import { setImmediate } from 'node:timers/promises';

import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { DatastoreTransaction, RowChange } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { RecordOutcome } from '../../../core/dataset/import/decide-record.ts';
import type { ReadRecord } from '../../../core/dataset/import/record-reader.ts';
import { holdsToken, writeLedger, writeOf } from './ledger.ts';
import type { LedgerChange, LedgerRow } from './ledger.ts';
import type { ImportGround } from './open-ground.ts';
import { packEntries, packLines } from './make-packs.ts';
import type { NewEntry } from './make-packs.ts';
import { packTarget } from './pack.ts';
import type { FindRows } from './read-ledger.ts';
import { decideRecords, finderOf } from './scan.ts';
import type { DecidedRecord, SourceChunk, Untouched } from './scan.ts';

/** Who writes: the batch, and the right of this process to write for the dataset. */
export interface Writer {
  batch: string;
  token: number;
}

/** How records of a chunk ended that follow each other. */
export interface AppliedRun {
  outcome: RecordOutcome;
  reason: string;
  records: number;
  /** Rows of the target that were written for them. */
  wrote: number;
}

/** Imports one chunk: rows and ledger in one transaction, or nothing (F34). Where nothing is to be written, nothing is locked either. */
export async function applyChunk(
  ground: ImportGround,
  { chunk, packs }: ReadyChunk,
  means: { writer: Writer; untouched: Untouched },
): Promise<AppliedRun[]> {
  const { plainKeys } = chunk;
  if (packs !== null && plainKeys !== null) {
    await insertPlain(ground, { chunk, packs }, means.writer);
    return [{ outcome: 'inserted', reason: '', records: plainKeys.length, wrote: plainKeys.length }];
  }
  return (await applyRecords(ground, chunk.read(), means)).map((one) => ({
    ...outcomeIn(one, means.writer.batch),
    records: 1,
    wrote: one.decision.write === 'nothing' ? 0 : 1,
  }));
}

/** A chunk with all that can be made of it before it is its turn. */
export interface ReadyChunk {
  chunk: SourceChunk;
  /** Rows of packs, as lines; null where records have to be decided first. */
  packs: Buffer | null;
}

/** Makes what needs no look at the target. It lets others have their turn in between: the chunk before is being sent. */
export async function prepareChunk(
  { ledgerName, mapping, packs }: ImportGround,
  chunk: SourceChunk,
  { writer, untouched }: { writer: Writer; untouched: Untouched },
): Promise<ReadyChunk> {
  const { plainKeys } = chunk;
  if (!untouched.ledger || !untouched.target || plainKeys === null) return { chunk, packs: null };
  if (!(await packs.isFree(plainKeys[0] ?? '', plainKeys.at(-1) ?? '')))
    throw new Error('the ledger: expected no packs where nothing was ever imported, got one');
  const lines: string[] = [];
  for (const row of packLines({ ...chunk, plainKeys }, { dataset: ledgerName, batch: writer.batch, mapping })) {
    lines.push(toCanonLine(row));
    await setImmediate();
  }
  return { chunk, packs: Buffer.from(lines.join('')) };
}

/** Lines of the source are rows of the target as they are, and nothing that could be found stands there: they are handed on whole. */
async function insertPlain(
  { target, ledgerName, writeTarget }: ImportGround,
  { chunk, packs }: { chunk: SourceChunk; packs: Buffer },
  writer: Writer,
): Promise<void> {
  await writeOf(target)(async (transaction) => {
    await assertToken(transaction, ledgerName, writer.token);
    await transaction.insertRows(writeTarget, [chunk.lines]);
    await transaction.insertRows(packTarget, [packs]);
  });
}

/** Rows that are to be written are looked at again under their locks, so that what a person did since the first look is seen. */
async function applyRecords(
  ground: ImportGround,
  records: readonly ReadRecord[],
  { writer, untouched }: { writer: Writer; untouched: Untouched },
): Promise<DecidedRecord[]> {
  const { target, ledgerName } = ground;
  // Where nothing can be found, the look under locks is the only one.
  const isNew = untouched.ledger && untouched.target;
  const seen = isNew
    ? []
    : await decideRecords(ground, records, {
        findLedger: finderOf(target, untouched.ledger),
        findTarget: finderOf(target, untouched.target),
      });
  const open = isNew ? records : seen.flatMap(({ record, decision }) => (decision.entry === null ? [] : [record]));
  if (open.length === 0) return seen;
  const written = await writeOf(target)(async (transaction) => {
    await assertToken(transaction, ledgerName, writer.token);
    const lock: FindRows = (query, keys) => transaction.lockRows(query, keys);
    const decided = await decideRecords(ground, open, {
      findLedger: untouched.ledger ? null : lock,
      findTarget: untouched.target ? null : lock,
    });
    await writeRows(transaction, ground, decided);
    await writeLedger(transaction, ledgerName, await packNew(transaction, ground, { decided, writer }));
    return decided;
  });
  if (isNew) return written;
  const byKey = new Map(written.map((one) => [one.record, one]));
  return seen.map((one) => byKey.get(one.record) ?? one);
}

/** Writes new entries as packs where they lie apart from all others; returns the changes that are left. */
async function packNew(
  transaction: DatastoreTransaction,
  { packs, ledgerName, mapping }: ImportGround,
  { decided, writer }: { decided: readonly DecidedRecord[]; writer: Writer },
): Promise<readonly LedgerChange[]> {
  const changes = decided.flatMap((one) => toChange(one, writer.batch));
  const added = decided.flatMap((one) => toNew(one, writer.batch));
  const rows = await packEntries(added, packs, { dataset: ledgerName, batch: writer.batch, mapping });
  if (rows.length === 0) return changes;
  await transaction.insertRows(packTarget, [Buffer.from(rows.map(toCanonLine).join(''))]);
  return changes.filter(({ from }) => from !== null);
}

function toNew(decided: DecidedRecord, batch: string): NewEntry[] {
  const { record } = decided;
  return toChange(decided, batch).flatMap(({ from, to }) =>
    from === null && to !== null
      ? [{ entry: to, line: to.targetKey === '' ? null : toCanonLine(record.targetRow) }]
      : [],
  );
}

/** What a batch did before it was killed is its own, and not unchanged. */
function outcomeIn({ ledger, decision }: DecidedRecord, batch: string): { outcome: RecordOutcome; reason: string } {
  if (decision.outcome === 'unchanged' && ledger?.batch === batch && ledger.outcome !== 'deleted')
    return { outcome: ledger.outcome, reason: '' };
  return { outcome: decision.outcome, reason: decision.reason };
}

/** Throws `import_running` where another process has taken the right to write. */
export async function assertToken(transaction: DatastoreTransaction, ledgerName: string, token: number): Promise<void> {
  if (await holdsToken(transaction, ledgerName, token)) return;
  throw new ProductError(
    'import_running',
    `import ${ledgerName}: expected the right to write, got another process that has it`,
    {
      hint: 'leave it to the other process; nothing of this chunk was written',
    },
  );
}

async function writeRows(
  transaction: DatastoreTransaction,
  { writeTarget }: ImportGround,
  decided: readonly DecidedRecord[],
): Promise<void> {
  const lines = decided.flatMap(({ decision, record }) =>
    decision.write === 'insert' ? [toCanonLine(record.targetRow)] : [],
  );
  if (lines.length > 0) await transaction.insertRows(writeTarget, [Buffer.from(lines.join(''))]);
  const updates = decided.flatMap(({ decision, record, targetRow }): RowChange[] =>
    decision.write === 'update'
      ? [{ operation: 'update', key: record.targetKey, before: targetRow, after: record.targetRow }]
      : [],
  );
  const refused = updates.length === 0 ? [] : await transaction.change(writeTarget, updates);
  if (refused.length > 0) throw new Error(`${writeTarget.table}: expected locked rows to stay as they are, got others`);
}

function toChange({ record, ledger, targetRow, decision }: DecidedRecord, batch: string): LedgerChange[] {
  if (decision.entry === null) return [];
  const lands = decision.entry.targetHash !== null && record.fate.kind === 'carried';
  const to: LedgerRow = {
    ...decision.entry,
    batch,
    sourceKey: record.sourceKey,
    targetKey: lands ? toCanonLine(record.targetKey).slice(0, -1) : (ledger?.targetKey ?? ''),
    wrote: decision.write,
    before: decision.write === 'update' && targetRow !== null ? toCanonLine(targetRow).slice(0, -1) : null,
    previous: null,
    pack: null,
  };
  if (ledger === null) return [{ from: null, to }];
  const { sourceKey: _, pack: __, ...previous } = ledger;
  return [{ from: ledger, to: { ...to, previous } }];
}
