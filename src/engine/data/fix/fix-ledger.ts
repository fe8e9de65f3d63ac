import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { FixChange } from '../../../core/dataset/fix/fix-plan.ts';
import type { DatastoreSession, DatastoreTransaction, WriteTarget } from '../../../core/dataset/datastore-kind.ts';

/** What a fix did to one row, with what takes it back. It lies beside the data and is written in the transaction of the data: values never leave the datastore. */
export interface FixEntry {
  /** Place of the change in the plan. */
  number: number;
  operation: FixChange['operation'];
  key: CanonRow;
  /** The whole row before; null for an insert. */
  before: CanonRow | null;
  /** SHA-256 of the line of the whole row after, as it was read back; null for a delete. */
  afterSha256: string | null;
}

export const fixLedgerTable = 'tminus_fix_ledger';

const names = ['fix', 'number', 'operation', 'row_key', 'row_before', 'row_after_sha256'];
const ledgerTarget: WriteTarget = {
  table: fixLedgerTable,
  columns: names.map((name): CanonColumn => ({ name, type: 'text', scale: null })),
  key: ['fix', 'number'],
};
/** MySQL has no key over a text without a length, and compares texts without case where nobody says otherwise. */
const keyTypes: { readonly [engine: string]: string } = {
  mysql: 'varchar(64) character set utf8mb4 collate utf8mb4_bin',
  mariadb: 'varchar(64) character set utf8mb4 collate utf8mb4_bin',
};

/** Makes the table of the ledger where there is none. */
export async function makeFixLedger(session: DatastoreSession): Promise<void> {
  if ((await session.listTables()).includes(fixLedgerTable)) return;
  const key = keyTypes[engineOf(session)] ?? 'text';
  const long = key === 'text' ? 'text' : 'longtext';
  const columns = names.map((name) => `${name} ${name === 'fix' || name === 'number' ? `${key} not null` : long}`);
  const statement = `create table if not exists ${fixLedgerTable} (${columns.join(', ')}, primary key (fix, number))`;
  await session.write?.((transaction) => transaction.run(statement, []));
}

function engineOf({ versions }: DatastoreSession): string {
  const { engine } = versions;
  return typeof engine === 'string' ? engine : '';
}

/** Numbers of the changes of a fix that stand. */
export async function readDone(
  session: DatastoreSession,
  fix: string,
  numbers: readonly number[],
): Promise<Set<number>> {
  const query = { ...ledgerTarget, where: [], order: 'any' as const, after: null };
  const found = await session.rows(
    query,
    numbers.map((number) => [fix, String(number)]),
  );
  return new Set(found.map(([, number]) => Number(number)));
}

/** Keeps what was done, in the transaction that did it. */
export async function writeEntries(
  transaction: DatastoreTransaction,
  fix: string,
  entries: readonly FixEntry[],
): Promise<void> {
  const lines = entries.map(({ number, operation, key, before, afterSha256 }) =>
    toCanonLine([fix, String(number), operation, toLine(key), before === null ? null : toLine(before), afterSha256]),
  );
  await transaction.insertRows(ledgerTarget, [Buffer.from(lines.join(''))]);
}

/** Returns entries of a fix, locked until the transaction ends, in the order of the plan. */
export async function lockEntries(
  transaction: DatastoreTransaction,
  fix: string,
  numbers: readonly number[],
): Promise<FixEntry[]> {
  const query = { ...ledgerTarget, where: [], order: 'any' as const, after: null };
  const rows = await transaction.lockRows(
    query,
    numbers.map((number) => [fix, String(number)]),
  );
  return rows.map(toEntry).toSorted((a, b) => a.number - b.number);
}

/** Takes entries out again that this transaction has locked: what they say has been taken back. One statement, of an id and of numbers that are checked. */
export async function removeEntries(
  transaction: DatastoreTransaction,
  fix: string,
  entries: readonly FixEntry[],
): Promise<void> {
  const numbers = entries.map(({ number }) => number);
  if (!/^f-[0-9a-f]{16}$/.test(fix) || !numbers.every((number) => Number.isSafeInteger(number)))
    throw new Error('the ledger: expected an id and whole numbers, got others');
  const listed = numbers.map((number) => `'${number}'`).join(', ');
  await transaction.run(`delete from ${fixLedgerTable} where fix = '${fix}' and number in (${listed})`, []);
  const left = await lockEntries(transaction, fix, numbers);
  if (left.length > 0) throw new Error('the ledger: expected no entries any more, got some');
}

function toEntry([, number, operation, key, before, afterSha256]: CanonRow): FixEntry {
  return {
    number: Number(number),
    operation: operation as FixEntry['operation'],
    key: parseCanonLine(key ?? ''),
    before: before == null ? null : parseCanonLine(before),
    afterSha256: afterSha256 ?? null,
  };
}

function toLine(row: CanonRow): string {
  return toCanonLine(row).slice(0, -1);
}
