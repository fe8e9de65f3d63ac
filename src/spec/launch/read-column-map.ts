import type { CanonType } from '../../core/dataset/canon.ts';
import type { ColumnMap, ColumnStep } from '../../core/dataset/dataset.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { addForm, takeKeys } from './take-keys.ts';
import { isZone } from './read-windows.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

const types: readonly CanonType[] = [
  'integer',
  'decimal',
  'float',
  'boolean',
  'text',
  'timestamptz',
  'timestamp',
  'date',
  'time',
  'uuid',
  'bytes',
  'json',
];

/** What a step takes: nothing, one text, or pairs. */
const steps: { readonly [does in ColumnStep['does']]: 'nothing' | 'text' | 'number' | 'count' | 'zone' | 'pairs' } = {
  trim: 'nothing',
  lower: 'nothing',
  upper: 'nothing',
  nfc: 'nothing',
  'null-if': 'text',
  default: 'text',
  multiply: 'number',
  translate: 'pairs',
  boolean: 'nothing',
  zone: 'zone',
  scale: 'count',
  mojibake: 'nothing',
  token: 'nothing',
};
const stepNames = Object.keys(steps) as ColumnStep['does'][];

/** Returns how each column of the target is filled: `to: from`, `to: { from, do, as }` or `to: { value, as }`. */
export function readColumnMap(draft: Draft, owner: string, entry: WrittenEntry | null): ColumnMap[] {
  if (entry === null) return [];
  if (entry.value.kind !== 'map') {
    addForm(draft.problems, entry.value, `map of ${owner}`, 'a mapping of columns of the target');
    return [];
  }
  return entry.value.entries.flatMap((column) => readColumn(draft, owner, column) ?? []);
}

function readColumn(draft: Draft, owner: string, { key: to, value, at }: WrittenEntry): ColumnMap | null {
  if (value.kind === 'scalar' && value.value !== null && value.text !== '')
    return { to, from: value.text, value: null, steps: [], as: null };
  const what = `column ${to} of ${owner}`;
  if (value.kind !== 'map') {
    addForm(draft.problems, value, what, 'the name of a column of the source, or { from, do, as }');
    return null;
  }
  const keys = takeKeys(draft.problems, { owner: what, written: value, known: ['from', 'value', 'do', 'as'] });
  const from = keys.text('from');
  const fixed = keys.text('value');
  if ((from === null) === (fixed === null)) {
    addProblem(draft.problems, 'value_invalid', at, {
      message: `${what} has ${from === null ? 'no source' : 'two sources'}`,
      expected: 'either from: COLUMN or value: TEXT',
      got: from === null ? 'neither' : 'both',
      hint: 'write { from: COLUMN } or { value: TEXT }',
    });
    return null;
  }
  const written = keys.entry('do')?.value ?? null;
  return {
    to,
    from,
    value: fixed,
    steps: readSteps(draft, what, written),
    as: readType(draft, what, keys.entry('as')),
  };
}

function readType(draft: Draft, what: string, entry: WrittenEntry | null): CanonType | null {
  if (entry === null) return null;
  const text = entry.value.kind === 'scalar' ? entry.value.text : '';
  const found = types.find((type) => type === text);
  if (found !== undefined) return found;
  addProblem(draft.problems, 'value_invalid', entry.value.at, {
    message: `${what} has an unknown type`,
    expected: types.join(', '),
    got: short(text),
    hint: hintFor(text, types, 'correct the type'),
  });
  return null;
}

function readSteps(draft: Draft, what: string, written: Written | null): ColumnStep[] {
  if (written === null) return [];
  const items = written.kind === 'list' ? written.items : [written];
  return items.flatMap((item) => readStep(draft, what, item) ?? []);
}

function readStep(draft: Draft, what: string, item: Written): ColumnStep | null {
  const only = item.kind === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
  const name = item.kind === 'scalar' ? item.text : only?.key;
  if (name === undefined) {
    addForm(draft.problems, item, `do of ${what}`, 'steps such as trim or { multiply: 100 }');
    return null;
  }
  const does = stepNames.find((step) => step === name);
  if (does === undefined) {
    addProblem(draft.problems, 'value_invalid', only?.at ?? item.at, {
      message: `${what} has an unknown step`,
      expected: stepNames.join(', '),
      got: short(name),
      hint: hintFor(name, stepNames, 'correct the step'),
    });
    return null;
  }
  const given = readArguments(steps[does], only?.value ?? null);
  if (Array.isArray(given)) return { does, arguments: given };
  addProblem(draft.problems, 'value_invalid', only?.value.at ?? item.at, {
    message: `step ${does} of ${what} cannot be read`,
    expected: given.expected,
    got:
      only === undefined ? 'nothing' : only.value.kind === 'scalar' ? short(only.value.text) : `a ${only.value.kind}`,
    hint: steps[does] === 'nothing' ? `write ${does} alone` : `write { ${does}: ... }`,
  });
  return null;
}

function readArguments(takes: (typeof steps)['trim'], value: Written | null): string[] | { expected: string } {
  if (takes === 'nothing') return value === null ? [] : { expected: 'nothing behind it' };
  if (takes === 'pairs') return readPairs(value);
  if (value?.kind !== 'scalar' || value.value === null) return { expected: 'a text' };
  const { text } = value;
  if (takes === 'number') return /^-?\d{1,18}(?:\.\d{1,18})?$/.test(text) ? [text] : { expected: 'a decimal number' };
  if (takes === 'count') return /^\d{1,2}$/.test(text) ? [text] : { expected: 'digits behind the point, from 0' };
  if (takes === 'zone') return isZone(text) ? [text] : { expected: 'a name of the IANA time zone database' };
  return [text];
}

function readPairs(value: Written | null): string[] | { expected: string } {
  const expected = 'a mapping of values to values';
  if (value?.kind !== 'map' || value.entries.length === 0) return { expected };
  const pairs = value.entries.map((entry) => (entry.value.kind === 'scalar' ? [entry.key, entry.value.text] : null));
  return pairs.some((pair) => pair === null) ? { expected } : pairs.flatMap((pair) => pair ?? []);
}
