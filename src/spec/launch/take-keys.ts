import type { Place } from '../../core/launch/place.ts';
import { addProblem, hintFor, short } from './problem.ts';
import type { Problem } from './problem.ts';
import { readDuration } from './read-offset.ts';
import { isId } from './slug.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

/** The keys of one mapping, read one by one; a value of the wrong form is a problem at its own place and reads as absent. */
export interface Keys {
  at(key: string): Place;
  entry(key: string): WrittenEntry | null;
  text(key: string): string | null;
  flag(key: string): boolean | null;
  count(key: string): number | null;
  duration(key: string): number | null;
  /** A duration above zero. */
  length(key: string): number | null;
  list(key: string): { text: string; at: Place }[];
  map(key: string): WrittenEntry[];
}

interface Mapping {
  /** `the front matter`, `environment production`: for messages. */
  owner: string;
  written: Written;
  known: readonly string[];
  /** True where further keys are kept by somebody else. */
  open?: boolean;
}

/** Returns the reader of a mapping's keys; unknown keys are added as problems at once. */
export function takeKeys(problems: Problem[], { owner, written, known, open = false }: Mapping): Keys {
  const entries = written.kind === 'map' ? written.entries : [];
  if (written.kind !== 'map') addForm(problems, written, owner, 'a mapping');
  for (const { key, at } of entries) {
    if (open || known.includes(key)) continue;
    addProblem(problems, 'key_unknown', at, {
      message: `${owner} has no key ${short(key)}`,
      expected: known.join(', '),
      got: short(key),
      hint: hintFor(key, known, 'remove the key'),
    });
  }
  const entry = (key: string): WrittenEntry | null =>
    entries.find((candidate) => candidate.key === key && !isEmpty(candidate.value)) ?? null;
  const scalar = <Value>(
    key: string,
    expected: string,
    parse: (value: Extract<Written, { kind: 'scalar' }>) => Value | null,
  ): Value | null => {
    const found = entry(key);
    if (found === null) return null;
    const value = found.value.kind === 'scalar' ? parse(found.value) : null;
    if (value === null) addForm(problems, found.value, `${key} of ${owner}`, expected);
    return value;
  };
  return {
    entry,
    at: (key) => entry(key)?.value.at ?? written.at,
    text: (key) => scalar(key, 'a text', ({ text }) => text),
    flag: (key) => scalar(key, 'yes or no', readBoolean),
    count: (key) =>
      scalar(key, 'a whole number from 0', ({ value }) =>
        Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null,
      ),
    duration: (key) => scalar(key, 'a duration such as 15m, 2h or 7d', ({ text }) => readDuration(text)),
    length: (key) => scalar(key, aLength, ({ text }) => readDuration(text) || null),
    list: (key) => readTexts(problems, entry(key), `${key} of ${owner}`),
    map: (key) => readEntries(problems, entry(key), `${key} of ${owner}`),
  };
}

const aLength = 'a duration above zero such as 30s, 15m or 2h';

function readBoolean({ value, text }: { value: unknown; text: string }): boolean | null {
  if (typeof value === 'boolean') return value;
  if (text === 'yes') return true;
  return text === 'no' ? false : null;
}

function isEmpty(written: Written): boolean {
  return written.kind === 'scalar' && written.value === null;
}

function readTexts(problems: Problem[], found: WrittenEntry | null, what: string): { text: string; at: Place }[] {
  if (found === null) return [];
  const items = found.value.kind === 'list' ? found.value.items : [found.value];
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && item.text !== '') return [{ text: item.text, at: item.at }];
    addForm(problems, item, what, 'a list of names');
    return [];
  });
}

function readEntries(problems: Problem[], found: WrittenEntry | null, what: string): WrittenEntry[] {
  if (found === null) return [];
  if (found.value.kind === 'map') return found.value.entries;
  addForm(problems, found.value, what, 'a mapping of names');
  return [];
}

/** Adds the problem of a value that has another form than it should. */
export function addForm(problems: Problem[], written: Written, what: string, expected: string): void {
  const got =
    written.kind === 'scalar' ? short(written.text) || 'nothing' : written.kind === 'map' ? 'a mapping' : 'a list';
  addProblem(problems, 'value_invalid', written.at, {
    message: `${what} cannot be read`,
    expected,
    got,
    hint: `write ${expected}`,
  });
}

/** Whether a key may stand as an id; adds the problem where it may not. */
export function checkId(problems: Problem[], { key, at }: { key: string; at: Place }, what: string): boolean {
  if (isId(key)) return true;
  addProblem(problems, 'id_invalid', at, {
    message: `the id of ${what} cannot be used`,
    expected: 'letters, digits and - _ . +',
    got: short(key) || 'nothing',
    hint: 'choose another id',
  });
  return false;
}
