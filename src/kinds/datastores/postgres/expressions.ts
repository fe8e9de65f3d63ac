import { escapeIdentifier } from 'pg';

import type { CanonColumn, CanonType } from '../../../core/dataset/canon.ts';
import { toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { PgColumn, PgTable } from './describe.ts';

/** How a column is read: what the server is asked for, and what is left to do with the text that it gives. */
export interface Expression {
  sql: string;
  /** Null where the server gives canonical text. */
  fix: ((text: string) => string) | null;
}

/** Returns the column of a table, or throws naming it. */
export function findColumn(table: PgTable, name: string): PgColumn {
  const found = table.columns.find((column) => column.name === name);
  if (found) return found;
  throw new DatastoreTrouble('missing', `${table.table}.${name}: expected a column, got nothing of that name`);
}

/** Returns how a column is asked for so that its text is canonical, read as `wanted`. */
export function toExpression(column: PgColumn, wanted: CanonColumn): Expression {
  const name = escapeIdentifier(column.name);
  if (column.type === wanted.type)
    return wanted.scale === null ? trimmed(toOwn(column, null), wanted) : toOwn(column, wanted.scale);
  const own = toOwn(column, column.scale);
  if (wanted.type === 'text') return own;
  if (column.type === 'integer' && wanted.type === 'decimal')
    return direct(wanted.scale === null ? name : `round(${name}::numeric, ${wanted.scale})`);
  if (wanted.type === 'float' && (column.type === 'integer' || column.type === 'decimal'))
    return direct(`${name}::float8`);
  return { sql: own.sql, fix: (text) => toCanonText(text, wanted) };
}

/** Returns what the rows are sorted by so that they come in canonical order; with an index that has it, nothing is sorted. */
export function toOrder(column: PgColumn, wanted: CanonColumn): string {
  const name = escapeIdentifier(column.name);
  if (wanted.type === 'integer' && column.type === 'text') return `${name}::numeric`;
  if (column.type === wanted.type && ['integer', 'uuid'].includes(column.type)) return name;
  if (wanted.type === 'text' && column.type === 'text') return `${toText(column)} collate "C"`;
  const { sql, fix } = toExpression(column, wanted);
  if (fix === null) return `(${sql})::text collate "C"`;
  throw new DatastoreTrouble('unordered', `${column.name}: expected a key of its own type, got ${column.nativeType}`);
}

/** Returns canonical text of a key as a value that the column can be compared with; `text` stands for the parameter or literal. */
export function toComparison(column: PgColumn, wanted: CanonColumn, text: string): string {
  const name = escapeIdentifier(column.name);
  if (column.type === 'bytes' && wanted.type === 'bytes') return `${name} = decode(${text}, 'hex')`;
  if (column.type === 'text' && wanted.type === 'text')
    return column.exact ? `${name} = ${text}::text` : `${toText(column)} collate "C" = ${text}::text`;
  if (column.type === 'text' && wanted.type === 'integer') return `${name}::numeric = ${text}::numeric`;
  if (column.type === 'text' && wanted.type === 'uuid') return `lower(${name}::text) = ${text}::text`;
  if (column.type === wanted.type && column.type !== 'json')
    return `${name} = ${text}::${escapeIdentifier(column.base)}`;
  return `(${toExpression(column, wanted).sql})::text = ${text}::text`;
}

/** Returns the condition that a column is one of an array of canonical texts, where its own type and its index decide that; null where `toComparison` has to. */
export function toMembership(column: PgColumn, wanted: CanonColumn, array: string): string | null {
  const name = escapeIdentifier(column.name);
  if (column.type !== wanted.type || column.type === 'json' || column.type === 'bytes') return null;
  if (column.type === 'text') return column.exact ? `${name} = any(${array}::text[])` : null;
  return `${name} = any(${array}::text[]::${escapeIdentifier(column.base)}[])`;
}

/** Zeros at the end of a second go where nobody says how many digits there are to be. */
function trimmed(own: Expression, wanted: CanonColumn): Expression {
  const isTimed = wanted.type === 'timestamptz' || wanted.type === 'timestamp' || wanted.type === 'time';
  return isTimed ? { sql: own.sql, fix: (text) => toCanonText(text, wanted) } : own;
}

function direct(sql: string): Expression {
  return { sql, fix: null };
}

function toText({ name, base }: PgColumn): string {
  return base === 'text' || base === 'varchar' ? escapeIdentifier(name) : `${escapeIdentifier(name)}::text`;
}

const zones: { readonly [type in CanonType]?: string } = { timestamptz: '"Z"' };

function toOwn(column: PgColumn, scale: number | null): Expression {
  const name = escapeIdentifier(column.name);
  switch (column.type) {
    case 'decimal':
      if (scale === null) return direct(`trim_scale(${name})`);
      return direct(scale === column.scale ? name : `round(${name}, ${scale})`);
    case 'float':
      return direct(column.base === 'float4' ? `${name}::float8` : name);
    case 'boolean':
      // Half the cost of a cast to text.
      return direct(`case ${name} when true then 'true' when false then 'false' end`);
    case 'text':
      return direct(toText(column));
    case 'timestamptz':
    case 'timestamp':
      return direct(toPointInTime(column, scale));
    case 'time':
      return direct(`to_char(${shorten(column, scale)}::interval, 'HH24:MI:${seconds(scale)}')`);
    case 'bytes':
      return direct(`encode(${name}, 'hex')`);
    case 'json':
      return { sql: `${name}::text`, fix: (text) => toCanonText(text, { type: 'json', scale: null }) };
    default:
      return direct(name);
  }
}

function toPointInTime(column: PgColumn, scale: number | null): string {
  const name = escapeIdentifier(column.name);
  const format = `YYYY-MM-DD"T"HH24:MI:${seconds(scale)}${zones[column.type] ?? ''}`;
  const value = shorten(column, scale);
  const common = `${name} >= '0001-01-01' and ${name} < 'infinity' then to_char(${value}, '${format}')`;
  return `case when ${common} when isfinite(${name}) then to_char(${value}, '${format} BC') else ${name}::text end`;
}

/** Returns a moment at so many digits of a second. Casting to fewer rounds, as it does when a value is written to such a column. */
export function shorten({ name, base, scale: own }: PgColumn, scale: number | null): string {
  const quoted = escapeIdentifier(name);
  return scale === null || scale >= (own ?? 6) ? quoted : `${quoted}::${base}(${scale})`;
}

function seconds(scale: number | null): string {
  const digits = Math.min(scale ?? 6, 6);
  return digits === 0 ? 'SS' : `SS.FF${digits}`;
}
