import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type {
  DatastoreSession,
  DatastoreTransaction,
  RowChange,
  RowQuery,
  WriteTarget,
} from '../../../core/dataset/datastore-kind.ts';
import type { LedgerEntry, Written } from '../../../core/dataset/import/decide-record.ts';
import { packQuery, packTable, packTarget, readPack } from './pack.ts';
import type { Pack } from './pack.ts';

/** An entry of the ledger with what takes it back. It lies beside the data, and is written in the transaction of the data. */
export interface LedgerRow extends LedgerEntry {
  sourceKey: string;
  /** Key of the row of the target as one line without its end; empty where no import ever left one. */
  targetKey: string;
  /** What the batch wrote. */
  wrote: Written;
  /** The row of the target before an update, as one line without its end; before a deletion, whole and by name, as JSON. Null for everything else. */
  before: string | null;
  /** What the ledger said before the batch; null where it said nothing. */
  previous: Omit<LedgerRow, 'sourceKey' | 'pack'> | null;
  /** First key of the pack that the entry lies in; null where it is a row of its own. */
  pack: string | null;
}

export const ledgerTable = 'tminus_import_ledger';
export const fenceTable = 'tminus_import_fence';

const text = (name: string): CanonColumn => ({ name, type: 'text', scale: null });
const ledgerNames = [
  'dataset',
  'source_key',
  'source_hash',
  'target_key',
  'target_hash',
  'outcome',
  'reason',
  'batch',
  'wrote',
  'row_before',
  'previous',
];

/** The ledger as a table to be written. */
export const ledgerTarget: WriteTarget = {
  table: ledgerTable,
  columns: ledgerNames.map(text),
  key: ['dataset', 'source_key'],
};
/** Who may write for a dataset: the newest token, and nobody else. */
export const fenceTarget: WriteTarget = {
  table: fenceTable,
  columns: ['dataset', 'token', 'batch'].map(text),
  key: ['dataset'],
};

/** MySQL compares text without case where nobody says otherwise, and has no key over a text without a length. */
const keyTypes: { readonly [engine: string]: string } = {
  mysql: 'varchar(255) character set utf8mb4 collate utf8mb4_bin',
  mariadb: 'varchar(255) character set utf8mb4 collate utf8mb4_bin',
};

/** Makes the tables of the ledger where there are none. */
export async function makeLedger(session: DatastoreSession): Promise<void> {
  const tables = new Set(await session.listTables());
  if (tables.has(ledgerTable) && tables.has(fenceTable) && tables.has(packTable)) return;
  const key = keyTypes[engineOf(session)] ?? 'text';
  const columns = ledgerNames.map((name) => {
    if (name === 'dataset' || name === 'source_key') return `${name} ${key} not null`;
    return `${name} ${name === 'batch' ? key : 'text'}`;
  });
  await writeOf(session)(async (transaction) => {
    await transaction.run(
      `create table if not exists ${ledgerTable} (${columns.join(', ')}, primary key (dataset, source_key))`,
      [],
    );
    await transaction.run(
      `create table if not exists ${fenceTable} (dataset ${key} not null primary key, token text, batch text)`,
      [],
    );
    await makePacks(transaction, { key, engine: engineOf(session) });
    if (!tables.has(ledgerTable))
      await transaction.run(`create index tminus_import_ledger_batch on ${ledgerTable} (batch)`, []);
  });
}

/** A text of MySQL holds 65,535 bytes, which a pack passes; Postgres would compress digests, which do not shrink. */
async function makePacks(
  transaction: DatastoreTransaction,
  { key, engine }: { key: string; engine: string },
): Promise<void> {
  const columns = packTarget.columns.map(({ name }) => {
    if (packTarget.key.includes(name)) return `${name} ${key} not null`;
    return `${name} ${name === 'body' && engine in keyTypes ? 'mediumtext' : 'text'}`;
  });
  await transaction.run(
    `create table if not exists ${packTable} (${columns.join(', ')}, primary key (dataset, first_key))`,
    [],
  );
  if (engine === 'postgres')
    await transaction.run(`alter table ${packTable} alter column body set storage external`, []);
}

function engineOf({ versions }: DatastoreSession): string {
  const engine = versions['engine'];
  return typeof engine === 'string' ? engine : '';
}

/** Whether a ledger was ever made here. */
export async function hasLedger(session: DatastoreSession): Promise<boolean> {
  return (await session.listTables()).includes(ledgerTable);
}

/** Returns how a session writes; throws for one that only reads, which nobody may have opened for this. */
export function writeOf(session: DatastoreSession): NonNullable<DatastoreSession['write']> {
  if (session.write === null) throw new Error('expected a session that writes, got one that reads');
  return session.write;
}

/** Returns the question for entries of a dataset. */
export function ledgerQuery(dataset: string, where: RowQuery['where'] = []): RowQuery {
  const own = { column: 'dataset', operator: '==' as const, values: [dataset], text: '' };
  return { ...ledgerTarget, where: [own, ...where], order: 'any', after: null };
}

/** Returns the entry that a row of the table is. */
export function toLedgerRow(row: CanonRow): LedgerRow {
  const [, sourceKey, sourceHash, targetKey, targetHash, outcome, reason, batch, wrote, before, previous] = row;
  return {
    sourceKey: sourceKey ?? '',
    sourceHash: sourceHash ?? '',
    targetKey: targetKey ?? '',
    targetHash: targetHash ?? null,
    outcome: outcome as LedgerRow['outcome'],
    reason: reason ?? '',
    batch: batch ?? '',
    wrote: wrote as LedgerRow['wrote'],
    before: before ?? null,
    previous: previous === null || previous === undefined ? null : (JSON.parse(previous) as LedgerRow['previous']),
    pack: null,
  };
}

/** Returns the entries that a pack holds. */
export function toLedgerRows(pack: Pack): LedgerRow[] {
  const { batch, firstKey } = pack;
  return pack.entries().map((entry) => ({ ...entry, batch, before: null, previous: null, pack: firstKey }));
}

/** Returns the row of the table that an entry is. */
export function fromLedgerRow(dataset: string, entry: LedgerRow): CanonRow {
  const { sourceKey, sourceHash, targetKey, targetHash, outcome, reason, batch, wrote, before, previous } = entry;
  const kept = previous === null ? null : JSON.stringify(previous);
  return [dataset, sourceKey, sourceHash, targetKey, targetHash, outcome, reason, batch, wrote, before, kept];
}

/** One entry to be written: what stands, and what is to stand; null for none. */
export interface LedgerChange {
  from: LedgerRow | null;
  to: LedgerRow | null;
}

/** Writes entries in the transaction of their rows: new ones at once, others guarded. Throws where one is no longer what was seen. */
export async function writeLedger(
  transaction: DatastoreTransaction,
  dataset: string,
  changes: readonly LedgerChange[],
): Promise<void> {
  const added = [
    ...changes.flatMap(({ from, to }) => (from === null && to !== null ? [to] : [])),
    ...(await unpack(transaction, dataset, changes)),
  ];
  const lines = added.map((entry) => toCanonLine(fromLedgerRow(dataset, entry)));
  if (lines.length > 0) await transaction.insertRows(ledgerTarget, [Buffer.from(lines.join(''))]);
  const others = changes.flatMap(({ from, to }): RowChange[] => {
    if (from === null || from.pack !== null) return [];
    const before = fromLedgerRow(dataset, from);
    const key = [dataset, from.sourceKey];
    return to === null
      ? [{ operation: 'delete', key, before, after: null }]
      : [{ operation: 'update', key, before, after: fromLedgerRow(dataset, to) }];
  });
  const refused = others.length === 0 ? [] : await transaction.change(ledgerTarget, others);
  if (refused.length > 0) throw new Error('the ledger: expected entries as they were seen, got others');
}

/** Takes packs away of which an entry changes; returns what is left of them, with the changes, to be written as entries of their own. */
async function unpack(
  transaction: DatastoreTransaction,
  dataset: string,
  changes: readonly LedgerChange[],
): Promise<LedgerRow[]> {
  const changed = new Map(changes.flatMap(({ from, to }) => (from === null ? [] : [[from.sourceKey, to] as const])));
  const keys = [...new Set(changes.flatMap(({ from }) => from?.pack ?? []))].map((firstKey) => [dataset, firstKey]);
  if (keys.length === 0) return [];
  const packs = (await transaction.lockRows(packQuery(dataset), keys)).map(readPack);
  const refused = await transaction.change(
    packTarget,
    packs.map(({ row, firstKey }) => ({ operation: 'delete', key: [dataset, firstKey], before: row, after: null })),
  );
  if (packs.length < keys.length || refused.length > 0)
    throw new Error('the ledger: expected packs as they were seen, got others');
  return packs.flatMap(toLedgerRows).flatMap((entry) => {
    const to = changed.get(entry.sourceKey);
    return to === undefined ? [entry] : to === null ? [] : [to];
  });
}

/** Takes the right to write for a dataset, from whoever had it. */
export async function takeToken(
  session: DatastoreSession,
  dataset: string,
  own: { token: number; batch: string },
): Promise<void> {
  await writeOf(session)(async (transaction) => {
    const [held] = await transaction.lockRows({ ...fenceTarget, where: [], order: 'any', after: null }, [[dataset]]);
    const row = [dataset, String(own.token), own.batch];
    if (held === undefined) await transaction.insertRows(fenceTarget, [Buffer.from(toCanonLine(row))]);
    else await transaction.change(fenceTarget, [{ operation: 'update', key: [dataset], before: held, after: row }]);
  });
}

/** Whether this process may still write; holds the row, so that nobody can take the right before the transaction ends. */
export async function holdsToken(transaction: DatastoreTransaction, dataset: string, token: number): Promise<boolean> {
  const [held] = await transaction.lockRows({ ...fenceTarget, where: [], order: 'any', after: null }, [[dataset]]);
  return held?.[1] === String(token);
}
