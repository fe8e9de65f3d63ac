import type { CanonColumn, CanonType, CanonValue } from '../canon.ts';
import type { DifferenceClass } from './difference.ts';
import { isEncodedWrong } from './is-encoded-wrong.ts';
import { isLessPrecise } from './is-less-precise.ts';
import { shiftOfZone } from './shift-of-zone.ts';

/** Returns what two values of one column that are not equal have in common: the most exact class that explains all of the difference. */
export function classifyValues(source: CanonValue, target: CanonValue, { type }: CanonColumn): DifferenceClass {
  if (source === null || target === null)
    return meansNothing(source) && meansNothing(target) ? 'null-or-empty' : 'value';
  if (isInstant(type)) {
    if (isLessPrecise(source, target, type)) return 'precision';
    return shiftOfZone(source, target) === null ? 'value' : 'zone';
  }
  if (type === 'decimal' || type === 'float') return isLessPrecise(source, target, type) ? 'precision' : 'value';
  if (type !== 'text' && type !== 'json') return 'value';
  return classifyTexts(source, target);
}

const folds: readonly [DifferenceClass, (text: string) => string][] = [
  ['newline', (text) => text.replaceAll(/\r\n?/g, '\n')],
  ['space', (text) => text.trim().replaceAll(/\s+/g, ' ')],
  ['unicode', (text) => text.normalize('NFKC')],
  ['case', (text) => text.toLowerCase()],
];

function classifyTexts(source: string, target: string): DifferenceClass {
  if (meansNothing(source) && meansNothing(target)) return 'null-or-empty';
  for (const [name, fold] of folds) if (fold(source) === fold(target)) return name;
  if (isEncodedWrong(source, target)) return 'encoding';
  // Two causes at once: the one that weighs more is named.
  return foldAll(source) === foldAll(target) ? 'unicode' : 'value';
}

function foldAll(text: string): string {
  return folds.reduce((folded, [, fold]) => fold(folded), text);
}

/** Texts that some program writes where there is nothing. */
function meansNothing(value: CanonValue): boolean {
  return value === null || /^(?:|null|\\N|none|nil|undefined|\(null\))$/i.test(value.trim());
}

function isInstant(type: CanonType): boolean {
  return type === 'timestamp' || type === 'timestamptz' || type === 'time';
}
