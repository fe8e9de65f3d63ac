import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import { writeFloat } from '../../../core/dataset/canon/float.ts';
import { toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import type { CanonColumn, CanonValue } from '../../../core/dataset/canon.ts';

/** A value as node:sqlite gives it with whole numbers as bigint. */
export type SqliteValue = null | bigint | number | string | Uint8Array;

/**
 * Returns the canonical text of a value by what it is, not by what its column declares: `5` in a column of texts is `5`, and `abc` in a column of numbers is
 * unreadable. A blob is bytes, a uuid of 16 bytes, or unreadable.
 */
export function readValue(value: SqliteValue, column: CanonColumn): CanonValue {
  if (value === null) return null;
  if (typeof value === 'string')
    return column.type === 'bytes' ? Buffer.from(value).toString('hex') : toCanonText(value, column);
  if (value instanceof Uint8Array) return readBlob(value, column);
  if (column.type === 'bytes') throw new UnreadableValue('a blob');
  const isInstant = ['timestamptz', 'timestamp', 'date', 'time'].includes(column.type);
  if (isInstant) throw new UnreadableValue('a date or time as text');
  if (typeof value === 'bigint') return toCanonText(String(value), column);
  return column.type === 'text' ? writeFloat(value) : toCanonText(writeFloat(value), column);
}

function readBlob(blob: Uint8Array, column: CanonColumn): string {
  const hex = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString('hex');
  if (column.type === 'bytes') return hex;
  if (column.type === 'uuid' && blob.length === 16) return toCanonText(hex, column);
  throw new UnreadableValue(`a ${column.type}, not a blob`);
}

/** Returns canonical text as SQLite keeps such a value. A decimal stays text where its column has no numeric affinity; a date is text always. */
export function writeValue(value: CanonValue, column: CanonColumn): SqliteValue {
  if (value === null) return null;
  if (column.type === 'integer') return toInteger(value);
  if (column.type === 'float') return toNumber(value);
  if (column.type === 'boolean') return value === 'true' ? 1n : 0n;
  if (column.type === 'bytes') return Buffer.from(value, 'hex');
  return value;
}

function toInteger(value: string): SqliteValue {
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) !== whole) throw new UnreadableValue('a whole number of 64 bits');
  return whole;
}

function toNumber(value: string): number {
  // SQLite keeps NaN as null without a word.
  if (value === 'NaN') throw new UnreadableValue('a number that SQLite has');
  return Number(value);
}
