import type { DatabaseSync } from 'node:sqlite';

import type { CanonType } from '../../../core/dataset/canon.ts';
import type { ColumnShape, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';

/** Words of a declared type and what is meant by them, in the order in which they are looked for; SQLite itself holds nobody to it. */
const meanings: readonly (readonly [word: RegExp, type: CanonType])[] = [
  [/^bool/i, 'boolean'],
  [/timestamptz|with time zone/i, 'timestamptz'],
  [/^(?:datetime|timestamp)/i, 'timestamp'],
  [/^date$/i, 'date'],
  [/^time$/i, 'time'],
  [/^uuid$/i, 'uuid'],
  [/^json/i, 'json'],
  [/^(?:decimal|numeric|money)/i, 'decimal'],
  [/int/i, 'integer'],
  [/char|clob|text/i, 'text'],
  [/blob|binary/i, 'bytes'],
  [/real|floa|doub/i, 'float'],
];

/** Returns what the schema says of a table; what its rows are, only they know. */
export function describeTable(database: DatabaseSync, table: string): TableShape {
  const entry = database
    .prepare(`select type, sql from sqlite_schema where name = ? and type in ('table', 'view')`)
    .get(table);
  if (!entry) throw new DatastoreTrouble('missing', `${table}: expected a table, got nothing of that name`);
  const sql = String(entry['sql']);
  const isStrict = /\)[^)]*\bstrict\b[^)]*$/i.test(sql);
  // 1 is a hidden column of a virtual table; 2 and 3 are generated ones.
  const found = database.prepare('select * from pragma_table_xinfo(?) where hidden <> 1').all(table);
  const columns = found.map((row) => toColumn(database, row, table));
  const typeless = columns.filter(({ nativeType }) => nativeType === '').map(({ name }) => name);
  return {
    table,
    columns,
    key: findKey(database, table, found),
    rowEstimate: null,
    notes: [
      ...(entry['type'] === 'view' ? ['is a view: it has no key of its own'] : []),
      ...(isStrict || entry['type'] === 'view'
        ? []
        : ['is not STRICT: a value may be of another type than its column declares']),
      ...(typeless.length === 0 ? [] : [`declares no type for ${typeless.join(', ')}: read as text`]),
    ],
  };
}

function toColumn(database: DatabaseSync, row: Record<string, unknown>, table: string): ColumnShape {
  const nativeType = String(row['type']);
  const type = meanings.find(([word]) => word.test(nativeType))?.[1] ?? 'text';
  const name = String(row['name']);
  const isRowid = /^integer$/i.test(nativeType) && Number(row['pk']) === 1;
  return {
    name,
    type,
    nativeType,
    nullable: Number(row['notnull']) === 0 && !isRowid,
    scale: toScale(type, nativeType),
    generated: Number(row['hidden']) > 0,
    collation: type === 'text' ? findCollation(database, table, name) : null,
  };
}

function toScale(type: CanonType, nativeType: string): number | null {
  if (type === 'decimal')
    return (
      Number(/,\s*(\d+)\s*\)/.exec(nativeType)?.[1] ?? Number.NaN) ||
      (/\(\s*\d+\s*(?:,\s*0\s*)?\)/.test(nativeType) ? 0 : null)
    );
  const digits = /\((\d)\)/.exec(nativeType)?.[1];
  return type === 'timestamp' || type === 'timestamptz' || type === 'time' ? Number(digits ?? 6) : null;
}

/** The schema as text is the only place that has the collation of a column without an index. */
function findCollation(database: DatabaseSync, table: string, column: string): string | null {
  const sql = String(database.prepare('select sql from sqlite_schema where name = ?').get(table)?.['sql'] ?? '');
  const quoted = column.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const found = new RegExp(String.raw`["\x60[]?\b${quoted}\b["\x60\]]?[^,]*?\bcollate\s+["\x60]?(\w+)`, 'i').exec(
    sql,
  )?.[1];
  return found === undefined || /^binary$/i.test(found) ? null : found;
}

function findKey(database: DatabaseSync, table: string, columns: readonly Record<string, unknown>[]): string[] {
  const primary = columns.filter(({ pk }) => Number(pk) > 0).toSorted((a, b) => Number(a['pk']) - Number(b['pk']));
  // Outside of STRICT and WITHOUT ROWID a primary key that is no rowid may hold nulls.
  if (primary.length > 0) return primary.map(({ name }) => String(name));
  const indexes = database
    .prepare('select name from pragma_index_list(?) where "unique" = 1 and partial = 0')
    .all(table);
  const required = new Set(columns.filter(({ notnull }) => Number(notnull) === 1).map(({ name }) => String(name)));
  for (const { name } of indexes) {
    const parts = database.prepare('select name from pragma_index_info(?) order by seqno').all(String(name));
    const names = parts.map((part) => String(part['name']));
    if (names.every((one) => required.has(one))) return names;
  }
  return [];
}
