import { toCanonBytes, toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import type { CanonColumn, CanonValue } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { ByteForm } from '../line-writer.ts';
import { quoteName } from './describe.ts';
import type { MysqlColumn, MysqlTable } from './describe.ts';

/** Returns the column of a table, or throws naming it. */
export function findColumn(table: MysqlTable, name: string): MysqlColumn {
  const found = table.columns.find((column) => column.name === name);
  if (found) return found;
  throw new DatastoreTrouble('missing', `${table.table}.${name}: expected a column, got nothing of that name`);
}

/** Returns how a column is asked for. A `float` is shown with six digits unless it is made a double first. */
export function toSelected(column: MysqlColumn): string {
  const name = quoteName(column.name);
  return column.base === 'float' ? `${name} + 0e0` : name;
}

/** Returns what makes canonical text of the bytes that the server sent. */
export function toReader(column: MysqlColumn, wanted: CanonColumn): (bytes: Buffer) => string {
  const isOwn = column.type === wanted.type;
  if (column.base === 'bit') return (bytes) => toCanonText(BigInt(`0x${bytes.toString('hex')}`).toString(), wanted);
  if (column.type === 'bytes')
    return (bytes) => (wanted.type === 'bytes' ? bytes.toString('hex') : toCanonBytes(bytes, wanted));
  if (wanted.type === 'text') return (bytes) => (column.type === 'text' ? bytes.toString('utf8') : own(bytes, column));
  if (isOwn && isPlain(column, wanted)) return (bytes) => bytes.toString('latin1');
  if (isOwn && wanted.type === 'timestamp' && wanted.scale === column.scale)
    return (bytes) => bytes.toString('latin1').replace(' ', 'T');
  if (column.type === 'timestamptz') return (bytes) => toCanonText(`${bytes.toString('latin1')}Z`, wanted);
  return (bytes) => toCanonText(bytes.toString('utf8'), wanted);
}

/** Returns how the bytes that the server sent are canonical text; null where `toReader` has to make it of them. */
export function toByteForm(column: MysqlColumn, wanted: CanonColumn): ByteForm | null {
  if (column.type !== wanted.type || column.base === 'bit') return null;
  if (wanted.type === 'text' || isPlain(column, wanted)) return 'plain';
  if (wanted.scale !== column.scale) return null;
  if (wanted.type === 'timestamp') return 'local';
  return wanted.type === 'timestamptz' ? 'utc' : null;
}

function own(bytes: Buffer, column: MysqlColumn): string {
  return toReader(column, { name: column.name, type: column.type, scale: column.scale })(bytes);
}

/** What the server writes is canonical already; ZEROFILL would be the exception. */
function isPlain(column: MysqlColumn, wanted: CanonColumn): boolean {
  if (wanted.type === 'integer') return !column.nativeType.includes('zerofill');
  if (wanted.type === 'decimal') return wanted.scale === column.scale && !column.nativeType.includes('zerofill');
  return wanted.type === 'date';
}

/** Returns what rows are sorted by so that they come in canonical order. */
export function toOrder(column: MysqlColumn, wanted: CanonColumn): string {
  const name = quoteName(column.name);
  if (wanted.type === 'integer') return column.type === 'integer' ? name : `cast(${name} as decimal(65))`;
  if (wanted.type === 'uuid' && column.type === 'text') return `binary lower(${name})`;
  if (column.type === 'bytes') return name;
  if (column.type === 'text') return `cast(convert(${name} using utf8mb4) as binary)`;
  if (column.type === wanted.type && ['timestamp', 'timestamptz', 'date'].includes(column.type)) return name;
  return `cast(${name} as char character set binary)`;
}

/** Returns canonical text as a literal that the column can be compared with and filled from. */
export function toLiteral(
  value: CanonValue,
  column: MysqlColumn,
  wanted: CanonColumn,
  escape: (text: string) => string,
): string {
  if (value === null) return 'null';
  if (column.type === 'bytes') return `x'${wanted.type === 'bytes' ? value : value.replaceAll('-', '')}'`;
  if (wanted.type === 'boolean') return value === 'true' ? '1' : '0';
  const isNumber = column.type === 'integer' || column.type === 'decimal' || column.type === 'float';
  if (isNumber && /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/.test(value)) return value;
  if (column.type === 'timestamp' || column.type === 'timestamptz')
    return escape(value.replace('T', ' ').replace(/Z$/, ''));
  return escape(value);
}
