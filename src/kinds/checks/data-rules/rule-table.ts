import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { DataAccess } from '../../../core/dataset/data-access.ts';
import type { Dataset, RowCondition } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession, RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { findRuleDialect } from '../../../core/dataset/rules/rule-dialect.ts';
import type { RuleDialect } from '../../../core/dataset/rules/rule-dialect.ts';

/** The table that the rules of a dataset are about, open for reading. */
export interface RuleTable {
  on: string;
  table: string;
  session: DatastoreSession;
  columns: readonly CanonColumn[];
  key: readonly string[];
  /** Rows of the table that belong to the dataset; empty where all do. */
  where: readonly RowCondition[];
  /** Null where rows can only be streamed. */
  dialect: RuleDialect | null;
}

/** Where the rules of a dataset are asked, and its repairs are made: in its target, or in its source where it has none. */
export function ruledPlace(dataset: Dataset): { on: string; table: string } {
  return dataset.target ?? dataset.source;
}

/** Returns a column under the name that it has where rules are asked. */
export function ruledColumn({ target, map }: Dataset, column: string): string {
  return target === null ? column : (map.find(({ from }) => from === column)?.to ?? column);
}

/** Columns whose values nobody may show, under both their names. */
export function hiddenColumns(dataset: Dataset): ReadonlySet<string> {
  const hidden = [...dataset.redact, ...dataset.personal.map(({ column }) => column)];
  return new Set(hidden.flatMap((column) => [column, ruledColumn(dataset, column)]));
}

/** Opens the table that the rules of a dataset are about; the caller closes the session. */
export async function openRuleTable(
  dataset: Dataset,
  open: DataAccess['open'],
  { signal, access = 'read' }: { signal: AbortSignal; access?: 'read' | 'write' },
): Promise<RuleTable> {
  const { on, table } = ruledPlace(dataset);
  const session = await open(on, access, signal);
  try {
    const own = dataset.key.map((column) => ruledColumn(dataset, column));
    return await toRuleTable(session, {
      on,
      table,
      key: own,
      where: dataset.target === null ? [] : dataset.targetWhere,
    });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Returns a table of a session that is open; without a key of its own it has that of its engine. */
export async function toRuleTable(
  session: DatastoreSession,
  { on, table, key, where }: Pick<RuleTable, 'on' | 'table' | 'key' | 'where'>,
): Promise<RuleTable> {
  const shape = await session.describe(table);
  const columns = shape.columns.map(({ name, type, scale }) => ({ name, type, scale }));
  const dialect = session.ask === null ? null : findRuleDialect(session.versions['engine']);
  return { on, table, session, columns, key: key.length > 0 ? key : shape.key, where, dialect };
}

/** Returns the column of that name; throws naming it. */
export function findRuledColumn({ columns, table }: Pick<RuleTable, 'columns' | 'table'>, name: string): CanonColumn {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  throw new DatastoreTrouble('missing', `${table}.${name}: expected a column, got nothing of that name`);
}

/** Returns the answer of one statement; throws where the session answers none. */
export async function askOne({ session, table }: RuleTable, statement: string): Promise<CanonRow> {
  const [answer] = (await session.ask?.(statement)) ?? [];
  if (answer === undefined) throw new DatastoreTrouble('failed', `${table}: expected an answer, got none`);
  return answer;
}

/** Returns rows one by one, in the order of `order`, or as they come where it is empty. */
export async function* readRows(
  { session, table, columns }: RuleTable,
  { where, order = [] }: { where: readonly RowCondition[]; order?: readonly string[] },
): AsyncGenerator<CanonRow> {
  const key = [...new Set(order)];
  const query: RowQuery = { table, columns, key, where, order: key.length > 0 ? 'key' : 'any', after: null };
  for await (const bytes of session.stream(query)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start);
      yield parseCanonLine(text.slice(start, end));
      start = end + 1;
    }
  }
}
