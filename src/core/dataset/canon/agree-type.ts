import type { CanonType } from '../canon.ts';
import type { ColumnShape } from '../datastore-kind.ts';
import { block, note } from './column-note.ts';
import type { ColumnNote } from './column-note.ts';

/** What both sides of a column are read as. */
export interface AgreedType {
  type: CanonType;
  scale: number | null;
  found: ColumnNote[];
}

const scaled = new Set<CanonType>(['decimal', 'timestamptz', 'timestamp', 'time']);
const numbers = new Set<CanonType>(['integer', 'decimal', 'float']);

/** Returns the type that both columns are read as, and what that costs. `declared` wins over everything. */
export function agreeType(from: ColumnShape, to: ColumnShape, declared: CanonType | null): AgreedType {
  if (declared !== null) return { type: declared, ...agreeScale(from, to, declared) };
  if (from.type === to.type) return { type: to.type, ...agreeScale(from, to, to.type) };
  const types = new Set<CanonType>([from.type, to.type]);
  if (numbers.has(from.type) && numbers.has(to.type)) return agreeNumbers(from, to, types);
  if (types.has('boolean') && numbers.has(from.type === 'boolean' ? to.type : from.type))
    return mismatch(from, to, block(to.name, 'boolean', 'a number is a boolean only where the map says as: boolean'));
  if (types.has('timestamp') && types.has('timestamptz'))
    return mismatch(
      from,
      to,
      block(to.name, 'zone', 'one side has no zone: declare it with do: [{ zone: Europe/Berlin }]'),
    );
  if (types.has('text'))
    return {
      type: from.type === 'text' ? to.type : from.type,
      scale: from.scale ?? to.scale,
      found: [named(from, to)],
    };
  if (types.has('bytes') && types.has('uuid')) return { type: 'uuid', scale: null, found: [named(from, to)] };
  return mismatch(
    from,
    to,
    block(to.name, 'type', `${from.nativeType} and ${to.nativeType} have no common form: declare as, or steps`),
  );
}

function agreeNumbers(from: ColumnShape, to: ColumnShape, types: Set<CanonType>): AgreedType {
  if (!types.has('float')) return { type: 'decimal', scale: null, found: [] };
  const message = `${from.nativeType} and ${to.nativeType}: one side keeps binary fractions, in which most decimals have no exact form`;
  return { type: 'float', scale: null, found: [note(to.name, 'binary-float', message)] };
}

function agreeScale(
  from: ColumnShape,
  to: ColumnShape,
  type: CanonType,
): { scale: number | null; found: ColumnNote[] } {
  if (!scaled.has(type)) return { scale: null, found: [] };
  if (from.scale === to.scale) return { scale: to.scale, found: [] };
  const scale = Math.min(from.scale ?? Infinity, to.scale ?? Infinity);
  const message = `${from.nativeType} and ${to.nativeType}: compared at ${scale} digits, what lies behind them is not looked at`;
  return { scale, found: [note(to.name, 'precision', message)] };
}

function named(from: ColumnShape, to: ColumnShape): ColumnNote {
  return note(to.name, 'type', `${from.nativeType} and ${to.nativeType} are read as one type`);
}

function mismatch(from: ColumnShape, to: ColumnShape, found: ColumnNote): AgreedType {
  return { type: to.type, scale: to.scale ?? from.scale, found: [found] };
}
