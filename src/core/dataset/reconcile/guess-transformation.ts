import type { CanonColumn, CanonValue } from '../canon.ts';
import { classifyValues } from './classify-values.ts';
import { shiftOfZone } from './shift-of-zone.ts';

/** How many pairs have to agree before a cause is named. */
const enough = 20;

/** A column that differs in most of a sample: one cause, not thousands of differences. */
export interface SystematicDifference {
  column: string;
  differing: number;
  sampled: number;
  /** What would make the source the target, in words: `source = target + 1 h`; null where no single cause explains nine of ten pairs. */
  guess: string | null;
}

/**
 * Returns the columns that differ in more than half of the sampled pairs, with the transformation that explains them. `pairs` are values of one column of
 * rows that stand on both sides.
 */
export function findSystematic(
  columns: readonly CanonColumn[],
  pairs: (column: number) => readonly (readonly [CanonValue, CanonValue])[],
): SystematicDifference[] {
  return columns.flatMap((column, at) => {
    const all = pairs(at);
    const differing = all.filter(([source, target]) => source !== target);
    if (all.length < enough || differing.length * 2 <= all.length) return [];
    const guess = guessTransformation(differing, column);
    return [{ column: column.name, differing: differing.length, sampled: all.length, guess }];
  });
}

/** Returns what turns the source into the target in at least nine of ten of the pairs, in words; null where nothing known does. */
export function guessTransformation(
  pairs: readonly (readonly [CanonValue, CanonValue])[],
  column: CanonColumn,
): string | null {
  const tally = new Map<string, number>();
  for (const [source, target] of pairs) {
    const cause = causeOf(source, target, column);
    if (cause !== null) tally.set(cause, (tally.get(cause) ?? 0) + 1);
  }
  const [best] = [...tally].toSorted(([, a], [, b]) => b - a);
  return best && best[1] * 10 >= pairs.length * 9 ? best[0] : null;
}

function causeOf(source: CanonValue, target: CanonValue, column: CanonColumn): string | null {
  const named = classifyValues(source, target, column);
  if (source === null || target === null) return named === 'null-or-empty' ? nothingText(source, target) : null;
  if (named === 'zone') return `source = target ${signed(-(shiftOfZone(source, target) ?? 0))}`;
  if (named === 'precision')
    return source.length > target.length ? 'the target keeps fewer digits' : 'the source keeps fewer digits';
  if (named !== 'value') return foldText(named, source, target);
  return ratioText(source, target, column);
}

function nothingText(source: CanonValue, target: CanonValue): string {
  return `${source === null ? 'null' : JSON.stringify(source)} became ${target === null ? 'null' : JSON.stringify(target)}`;
}

function signed(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const length = [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter((part) => part !== '').join(' ');
  return `${minutes < 0 ? '-' : '+'} ${length}`;
}

function foldText(named: string, source: string, target: string): string {
  if (named === 'case') {
    if (target === source.toLowerCase()) return 'the target is lower case';
    return target === source.toUpperCase() ? 'the target is upper case' : 'case differs';
  }
  if (named === 'space') return target === source.trim() ? 'the target is trimmed' : 'white space differs';
  if (named === 'unicode')
    return target === source.normalize('NFD') ? 'the target is decomposed (NFD)' : 'the Unicode form differs';
  return named === 'encoding' ? 'one side was read in a wrong encoding' : `${named} differs`;
}

/** A factor of ten or a hundred is a currency in other units; a constant difference is an offset of numbers. */
function ratioText(source: string, target: string, { type }: CanonColumn): string | null {
  if (type === 'boolean') return source === target ? null : 'true and false are exchanged';
  if (type !== 'integer' && type !== 'decimal' && type !== 'float') return null;
  const [a, b] = [Number(source), Number(target)];
  if (a === 0 || b === 0 || !Number.isFinite(a) || !Number.isFinite(b)) return null;
  for (const factor of [10, 100, 1_000, 1_000_000]) {
    if (isSame(a * factor, b)) return `target = source x ${factor}`;
    if (isSame(b * factor, a)) return `source = target x ${factor}`;
  }
  if (isSame(a, -b)) return 'the sign is exchanged';
  return type === 'integer' ? `target = source ${b > a ? '+' : '-'} ${Math.abs(b - a)}` : null;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
