import type { ParquetParsers } from 'hyparquet';

import { decodeUtf8 } from '../../../core/dataset/canon/to-canon-text.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { ParquetColumn } from './parquet-columns.ts';

/** Parsers that keep every digit: days, milliseconds and nanoseconds as text instead of a `Date` of milliseconds. */
export const exactParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => writeInstant(millis * 1_000_000n),
  timestampFromMicroseconds: (micros) => writeInstant(micros * 1000n),
  timestampFromNanoseconds: (nanos) => writeInstant(nanos),
  dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, -14),
  stringFromBytes: (bytes) => decodeUtf8(bytes),
  jsonFromBytes: (bytes) => decodeUtf8(bytes),
};

function writeInstant(nanos: bigint): string {
  const seconds = (nanos - (((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;
  const rest = nanos - seconds * 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(9, '0')}`;
}

/** Returns one value of a file as text that has a canonical form; null for null. Throws `UnreadableValue` for a kind of value that has none. */
export function toText(value: unknown, { shape, scale, element }: ParquetColumn): string | null {
  if (value === null || value === undefined) return null;
  if (shape.type === 'decimal') return writeDecimal(toBigInt(value), scale);
  if (shape.type === 'time') return writeTime(BigInt(value as bigint | number), element);
  if (shape.type === 'json' && typeof value !== 'string') return writeJson(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'string') return shape.type === 'timestamptz' ? `${value}Z` : value;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw new UnreadableValue('a plain value');
}

/** Two's complement, most significant byte first. */
function toBigInt(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as bigint | number);
  const hex = Buffer.from(value).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`));
}

function writeDecimal(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const at = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${scale === 0 ? '' : `.${digits.slice(at)}`}`;
}

function writeTime(units: bigint, { converted_type, logical_type }: ParquetColumn['element']): string {
  const unit =
    logical_type?.type === 'TIME' ? logical_type.unit : converted_type === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS';
  const nanos = units * { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n }[unit];
  return writeInstant(nanos).slice(11);
}

function writeJson(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('hex'));
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${writeJson(each)}`)
    .join(',')}}`;
}
