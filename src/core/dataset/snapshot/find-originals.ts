import type { CanonType, CanonValue } from '../canon.ts';
import type { PersonalCategory } from '../dataset.ts';
import { createKeySet } from '../archive/key-set.ts';
import { pseudonymHost } from './pseudonym.ts';

/** A value as it was before, in the row that has this key afterwards. */
export interface OriginalValue {
  column: string;
  category: PersonalCategory;
  type: CanonType;
  key: string;
  value: string;
}

/** A value as it was written. `category` is null where the column is not declared personal. */
export interface WrittenValue {
  column: string;
  category: PersonalCategory | null;
  type: CanonType;
  key: string;
  value: CanonValue;
}

/** What a value gives away, or null. Never the value. */
export type Betrayal = 'its own value was kept' | 'a value of a person' | 'an e-mail address' | 'a name of a person';

/** What was there before, by digests alone: 16 bytes for each value, however many. */
export interface Originals {
  add(original: OriginalValue): void;
  judge(written: WrittenValue): Betrayal | null;
}

/** Categories whose pseudonyms have the shape of what they stand for: one may be like the original of somebody else, and betrays nobody. */
const shaped: ReadonlySet<PersonalCategory> = new Set(['phone', 'account', 'birth']);
const address = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
const mostWords = 4;
/** One character names nobody, and a digit has nowhere else to go. */
const shortest = 2;
/** Shorter ones stand in columns of other things by accident. */
const shortestAnywhere = 8;

/** Returns an empty memory of originals. A name is looked for in every text by two to four words; one of a single word only in its own column. */
export function createOriginals(): Originals {
  const own = createKeySet();
  const anywhere = createKeySet();
  const names = createKeySet();
  return {
    add({ column, category, type, key, value }) {
      if (value.length < shortest) return;
      own.add(toOwn(column, key, value));
      if (type !== 'text' && type !== 'uuid') return;
      if (value.length >= shortestAnywhere) anywhere.add(`${shaped.has(category)}:${value.toLowerCase()}`);
      const words = toWords(value);
      if (category === 'name' && words.length > 1 && words.length <= mostWords) names.add(words.join(' '));
    },
    judge({ column, category, type, key, value }) {
      if (value === null) return null;
      if (category !== null && own.has(toOwn(column, key, value))) return 'its own value was kept';
      if (type !== 'text' && type !== 'uuid' && type !== 'json') return null;
      const isShaped = category !== null && shaped.has(category);
      const text = value.toLowerCase();
      if (anywhere.has(`false:${text}`) || (!isShaped && anywhere.has(`true:${text}`))) return 'a value of a person';
      if (hasAddress(text)) return 'an e-mail address';
      return hasName(text, (name) => names.has(name)) ? 'a name of a person' : null;
    },
  };
}

function toOwn(column: string, key: string, value: string): string {
  return JSON.stringify([column, key, value]);
}

function hasAddress(text: string): boolean {
  return (text.match(address) ?? []).some((found) => !found.endsWith(`@${pseudonymHost}`));
}

function toWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function hasName(text: string, has: (name: string) => boolean): boolean {
  const words = toWords(text);
  return words.some((_, from) =>
    Array.from({ length: mostWords - 1 }, (__, more) => words.slice(from, from + more + 2)).some(
      (some) => some.length > 1 && has(some.join(' ')),
    ),
  );
}
