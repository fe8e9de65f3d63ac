import { escape } from 'mysql2';

import type { CanonType } from '../../../core/dataset/canon.ts';
import type { ColumnShape, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { toTexts } from './connect.ts';
import type { MysqlConnection } from './connect.ts';

/** A column with the word that MySQL has for its type: `tinyint`, `datetime`. */
export interface MysqlColumn extends ColumnShape {
  base: string;
}

export interface MysqlTable extends TableShape {
  columns: MysqlColumn[];
  /** As it stands in statements. */
  sql: string;
}

const types: { readonly [base: string]: CanonType } = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  bit: 'integer',
  decimal: 'decimal',
  float: 'float',
  double: 'float',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamptz',
  time: 'time',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  uuid: 'uuid',
  json: 'json',
};

/** Returns a name as it stands in statements. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Returns what the catalogs say of a table, `table` or `schema.table`. */
export async function describeTable(connection: MysqlConnection, table: string): Promise<MysqlTable> {
  const [name = '', schema] = table.split('.').toReversed();
  const place = `table_schema = ${schema === undefined ? 'database()' : escape(schema)} and table_name = ${escape(name)}`;
  const ask = async (sql: string): Promise<(string | null)[][]> => (await connection.ask(sql)).map(toTexts);
  const [about] = await ask(`select table_type, table_rows, version() from information_schema.tables where ${place}`);
  if (!about) throw new DatastoreTrouble('missing', `${table}: expected a table, got nothing of that name`);
  const listed =
    await ask(`select column_name, data_type, column_type, is_nullable, numeric_scale, datetime_precision, collation_name, extra
    from information_schema.columns where ${place} order by ordinal_position`);
  const isMaria = (about[2] ?? '').includes('MariaDB');
  const documents = isMaria
    ? await findDocuments(ask, place.replace('table_schema', 'constraint_schema'))
    : new Set<string>();
  return {
    table,
    sql: schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`,
    columns: listed.map((row) => toColumn(row, documents)),
    key: await findKey(ask, place),
    rowEstimate: about[1] === null || about[1] === undefined ? null : Number(about[1]),
    notes: about[0] === 'VIEW' ? ['is a view: it has no key and no estimate of its own'] : [],
  };
}

/** MariaDB keeps JSON as text with a check. */
async function findDocuments(ask: (sql: string) => Promise<(string | null)[][]>, place: string): Promise<Set<string>> {
  const rows = await ask(`select check_clause from information_schema.check_constraints where ${place}`);
  return new Set(rows.map(([clause]) => /^json_valid\(`(.+)`\)$/.exec(clause ?? '')?.[1] ?? ''));
}

async function findKey(ask: (sql: string) => Promise<(string | null)[][]>, place: string): Promise<string[]> {
  const rows =
    await ask(`select index_name, column_name from information_schema.statistics s where ${place} and non_unique = 0
    and not exists (select 1 from information_schema.statistics o where o.table_schema = s.table_schema and o.table_name = s.table_name
      and o.index_name = s.index_name and (o.nullable = 'YES' or o.sub_part is not null))
    order by index_name <> 'PRIMARY', index_name, seq_in_index`);
  const first = rows[0]?.[0];
  return rows.filter(([index]) => index === first).map(([, column]) => column ?? '');
}

function toColumn(row: readonly (string | null)[], documents: Set<string>): MysqlColumn {
  const [name = '', base = '', native = '', nullable, scale, precision, collation, extra] = row.map(
    (value) => value ?? '',
  );
  const type = documents.has(name) ? 'json' : (types[base] ?? 'text');
  const isBytewise = collation === '' || collation === 'binary' || type !== 'text';
  return {
    name,
    base,
    type,
    nativeType: native,
    nullable: nullable === 'YES',
    scale: toScale(type, scale ?? '', precision ?? ''),
    generated: /\b(?:VIRTUAL|STORED|PERSISTENT) ?(?:GENERATED)?\b/i.test(extra ?? ''),
    collation: isBytewise ? null : (collation ?? null),
  };
}

function toScale(type: CanonType, scale: string, precision: string): number | null {
  if (type === 'decimal') return Number(scale);
  return type === 'timestamp' || type === 'timestamptz' || type === 'time' ? Number(precision) : null;
}
