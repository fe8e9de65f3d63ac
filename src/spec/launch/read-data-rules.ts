import type { JsonObject } from '@tminus/verify';

import type { ColumnTolerance, DataRule, SafeFix } from '../../core/dataset/dataset.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { addForm, takeKeys } from './take-keys.ts';
import { toJson } from './written-yaml.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

const ruleKinds: readonly DataRule['kind'][] = [
  'orphans',
  'unique',
  'implies',
  'accepted',
  'sum',
  'sequence',
  'count',
  'at-most',
];
const fixVerbs: readonly SafeFix['does'][] = ['copy', 'insert', 'set', 'token', 'clear', 'delete'];
const measured: readonly ColumnTolerance['kind'][] = ['ulp', 'absolute', 'relative'];
const plain: readonly ColumnTolerance['kind'][] = ['trim', 'case', 'nfc', 'newline'];

/** Returns how far values may lie apart: `COLUMN: trim`, `COLUMN: [trim, case]` or `COLUMN: { ulp: 1 }`. */
export function readTolerances(draft: Draft, owner: string, entries: readonly WrittenEntry[]): ColumnTolerance[] {
  return entries.flatMap(({ key: column, value }) => {
    const items = value.kind === 'list' ? value.items : [value];
    return items.flatMap((item) => readTolerance(draft, { owner, column, item }) ?? []);
  });
}

function readTolerance(
  draft: Draft,
  { owner, column, item }: { owner: string; column: string; item: Written },
): ColumnTolerance | null {
  if (item.kind === 'scalar') {
    const kind = plain.find((name) => name === item.text);
    if (kind !== undefined) return { column, kind, amount: null };
  }
  const only = item.kind === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
  const kind = measured.find((name) => name === only?.key);
  const amount = only?.value.kind === 'scalar' ? only.value.text : '';
  if (kind !== undefined && /^\d{1,18}(?:\.\d{1,18})?$/.test(amount)) return { column, kind, amount };
  addForm(
    draft.problems,
    item,
    `tolerance of column ${column} of ${owner}`,
    `${plain.join(', ')}, or one of ${measured.join(', ')} with a number, such as { ulp: 1 }`,
  );
  return null;
}

/** Returns the rules: `ID: { orphans: ... }`, where the key names the kind, or `ID: { kind: orphans, ... }`. Their bodies are read by their kind. */
export function readRules(draft: Draft, owner: string, entries: readonly WrittenEntry[]): DataRule[] {
  return entries.flatMap(({ key: id, value, at }) => {
    if (value.kind !== 'map') {
      addForm(draft.problems, value, `rule ${id} of ${owner}`, `a mapping with one of ${ruleKinds.join(', ')}`);
      return [];
    }
    const named = value.entries.find(({ key }) => key === 'kind');
    const written = named?.value.kind === 'scalar' ? [named.value.text] : value.entries.map(({ key }) => key);
    const found = ruleKinds.filter((kind) => written.includes(kind));
    const [kind] = found;
    if (kind !== undefined && found.length === 1) {
      const { kind: _, ...body } = toJson(value) as JsonObject;
      return [{ id, kind, body }];
    }
    const [first = ''] = written;
    addProblem(draft.problems, 'value_invalid', named?.value.at ?? at, {
      message: `rule ${id} of ${owner} ${found.length === 0 ? 'is of no kind' : 'is of two kinds'}`,
      expected: `one of ${ruleKinds.join(', ')}`,
      got: short(found.length === 0 ? first : found.join(', ')),
      hint: hintFor(first, ruleKinds, 'name one kind'),
    });
    return [];
  });
}

/** Returns what may be repaired. A repair is safe only where the document says `safe: yes`, and a deletion never by being left out. */
export function readFixes(draft: Draft, owner: string, entries: readonly WrittenEntry[]): SafeFix[] {
  return entries.flatMap(({ key: id, value }) => {
    const what = `fix ${id} of ${owner}`;
    const keys = takeKeys(draft.problems, {
      owner: what,
      written: value,
      known: ['repairs', 'does', 'column', 'value', 'safe', 'notice'],
    });
    if (value.kind !== 'map') return [];
    const verb = keys.text('does');
    const does = fixVerbs.find((name) => name === verb);
    const repairs = keys.text('repairs');
    if (does !== undefined && repairs !== null)
      return [
        {
          id,
          repairs,
          does,
          column: keys.text('column'),
          value: keys.text('value'),
          safe: keys.flag('safe') ?? false,
          notice: readNotice(draft, what, keys.entry('notice')),
        },
      ];
    addProblem(draft.problems, repairs === null ? 'key_missing' : 'value_invalid', keys.at('does'), {
      message: `${what} does not say what it ${repairs === null ? 'repairs' : 'does'}`,
      expected: repairs === null ? 'repairs: with a class of difference or a rule' : fixVerbs.join(', '),
      got: repairs === null ? 'none' : short(verb ?? 'none'),
      hint: repairs === null ? 'add repairs:' : hintFor(verb ?? '', fixVerbs, 'correct does:'),
    });
    return [];
  });
}

/** A notice that lacks a part is a problem, and no fix without one. */
function readNotice(draft: Draft, owner: string, entry: WrittenEntry | null): SafeFix['notice'] {
  if (entry === null) return null;
  const what = `notice of ${owner}`;
  const keys = takeKeys(draft.problems, { owner: what, written: entry.value, known: ['mailout', 'email', 'for'] });
  if (entry.value.kind !== 'map') return null;
  const mailout = keys.text('mailout');
  const email = keys.text('email');
  const noticeMs = keys.length('for');
  if (mailout !== null && email !== null && noticeMs !== null) return { mailout, email, noticeMs };
  addProblem(draft.problems, 'key_missing', entry.at, {
    message: `${what} does not say who was told, and how long ago`,
    expected: '{ mailout: NAME, email: COLUMN, for: 14d }',
    got: keys.entry('mailout') === null ? 'no mailout' : keys.entry('email') === null ? 'no email' : 'no length',
    hint: 'name the mailout, the column with the address, and how long ago it was sent at least',
  });
  return null;
}
