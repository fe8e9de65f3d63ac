import type { Place } from '../../core/launch/place.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import type { Attributes, WrittenAttribute } from './read-title.ts';
import { readDuration } from './read-offset.ts';
import { isId, slugOf } from './slug.ts';

/** The attributes of one owner, read key by key; what is left over or malformed is a problem at its own place. */
export interface Taken {
  text(key: string): WrittenAttribute | null;
  list(key: string): WrittenAttribute[];
  word<Word extends string>(key: string, words: readonly Word[]): Word | null;
  flag(key: string): boolean | null;
  duration(key: string): number | null;
  /** A duration above zero. */
  length(key: string): number | null;
  count(key: string): number | null;
  /** What `parse` makes of a text; null with a problem that says what is expected where it makes nothing of it. */
  value<Value>(key: string, expected: string, parse: (text: string) => Value | null): Value | null;
}

/** Returns the reader of the attributes that an owner (`a step`, `a gate`) may carry; unknown keys are added as problems at once. */
export function takeAttributes(
  draft: Draft,
  attributes: Attributes | null,
  owner: string,
  known: readonly string[],
): Taken {
  const { problems } = draft;
  refuseUnknown(draft, attributes, owner, known);
  const text = (key: string): WrittenAttribute | null => attributes?.values.get(key) ?? null;
  const read = <Value>(key: string, expected: string, parse: (value: string) => Value | null): Value | null => {
    const written = text(key);
    if (written === null) return null;
    const value = parse(written.value);
    if (value === null)
      addProblem(problems, 'attribute_invalid', written.at, {
        message: `${key} of ${owner} cannot be read`,
        expected,
        got: written.value,
        hint: `write ${key}= with ${expected}`,
      });
    return value;
  };
  return {
    text,
    list: (key) => splitList(text(key)),
    word: (key, words) => read(key, words.join(' | '), (value) => words.find((word) => word === value) ?? null),
    flag: (key) => read(key, 'yes or no', readFlag),
    value: read,
    duration: (key) => read(key, 'a duration such as 15m, 2h or 7d', readDuration),
    length: (key) => read(key, 'a duration above zero such as 30s, 15m or 2h', (value) => readDuration(value) || null),
    count: (key) =>
      read(key, 'a whole number from 1', (value) => (/^[1-9]\d{0,3}$/.test(value) ? Number(value) : null)),
  };
}

function refuseUnknown(draft: Draft, attributes: Attributes | null, owner: string, known: readonly string[]): void {
  for (const [key, { at }] of attributes?.values ?? []) {
    if (known.includes(key)) continue;
    const otherwise = known.length === 0 ? 'remove it' : `known are ${known.join(', ')}`;
    addProblem(draft.problems, 'attribute_unknown', at, {
      message: `${owner} has no attribute ${key}`,
      expected: known.join(', ') || 'none',
      got: key,
      hint: key === 'id' ? 'write the id with a # and without id=' : hintFor(key, known, otherwise),
    });
  }
}

/** Returns true for `yes`, false for `no`, null for anything else. */
export function readFlag(value: string): boolean | null {
  if (['yes', 'true'].includes(value.toLowerCase())) return true;
  return ['no', 'false'].includes(value.toLowerCase()) ? false : null;
}

function splitList(written: WrittenAttribute | null): WrittenAttribute[] {
  if (written === null) return [];
  return written.value.split(',').map((part) => ({ value: part.trim(), at: written.at }));
}

export interface Named {
  attributes: Attributes | null;
  title: string;
  family: string;
  /** `step`, `gate` ... for messages. */
  what: string;
  at: Place;
}

/** Returns the id of something: the one in its braces, or one made from its title; keeps it, so that two of one name are found. */
export function nameIt(draft: Draft, named: Named): string {
  const written = named.attributes?.id ?? null;
  const id = written?.value ?? slugOf(named.title);
  const at = written?.at ?? named.at;
  if (!isId(id) && written === null) {
    addProblem(draft.problems, 'id_invalid', at, {
      message: `no id can be made from the title of this ${named.what}`,
      expected: 'a title with a letter or digit',
      got: named.title || 'an empty title',
      hint: 'give it a title, or an id such as {#name}',
    });
  }
  draft.bearers.push({ id, family: named.family, what: named.what, at });
  return id;
}
