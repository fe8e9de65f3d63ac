import type { CanonColumn, CanonValue } from '../canon.ts';
import type { ColumnStep } from '../dataset.ts';
import { undoMisreading } from './misreading.ts';
import { toCanonText } from './to-canon-text.ts';
import { multiplyDecimals, toDecimal } from './numbers.ts';
import { fromZone } from './times.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** What happens to the values of a column: `to` is how the target is read. */
export interface StepPlan {
  steps: readonly ColumnStep[];
  to: Pick<CanonColumn, 'type' | 'scale'>;
}

/**
 * Returns what a value of the source becomes in the target: every step in its order, then the canonical text of the target. Null stays null, but for the step `default`.
 * Throws `UnreadableValue` where a step cannot take the value. The step `token` is refused: what it makes is random, and made for the target alone.
 */
export function applySteps(value: CanonValue, { steps, to }: StepPlan): CanonValue {
  let current = value;
  for (const step of steps) current = applyStep(current, step);
  return current === null ? null : toCanonText(current, to);
}

function applyStep(value: CanonValue, { does, arguments: given }: ColumnStep): CanonValue {
  const [first = ''] = given;
  if (does === 'token') throw new UnreadableValue('no step token here, since a token is made for the target alone');
  if (value === null) return does === 'default' ? first : null;
  switch (does) {
    case 'trim':
      return value.trim();
    case 'lower':
      return value.toLowerCase();
    case 'upper':
      return value.toUpperCase();
    case 'nfc':
      return value.normalize('NFC');
    case 'null-if':
      return value === first ? null : value;
    case 'multiply':
      return multiplyDecimals(value, first);
    case 'scale':
      return toDecimal(value, toDigits(first));
    case 'translate':
      return translate(value, given);
    case 'boolean':
      return toBoolean(value, given);
    case 'zone':
      return fromZone(value, first);
    case 'mojibake':
      return undoMisreading(value) ?? value;
    default:
      return value;
  }
}

function toDigits(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new UnreadableValue('a number of digits');
  return Number(text);
}

/** A value that is not listed stays as it is: what the target makes of it shows in a rule about accepted values. */
function translate(value: string, pairs: readonly string[]): string {
  for (let at = 0; at + 1 < pairs.length; at += 2) if (pairs[at] === value) return pairs[at + 1] ?? '';
  return value;
}

const words: { readonly [word: string]: string } = {
  true: 'true',
  t: 'true',
  yes: 'true',
  y: 'true',
  on: 'true',
  1: 'true',
  false: 'false',
  f: 'false',
  no: 'false',
  n: 'false',
  off: 'false',
  0: 'false',
};

/** Of the arguments the first means true and the second false; without any, the usual words do. */
function toBoolean(value: string, [yes, no]: readonly string[]): string {
  if (yes !== undefined && no !== undefined) {
    if (value === yes) return 'true';
    if (value === no) return 'false';
    throw new UnreadableValue('one of the two words that are declared for true and false');
  }
  const found = words[value.trim().toLowerCase()];
  if (found === undefined) throw new UnreadableValue('a word for true or false');
  return found;
}
