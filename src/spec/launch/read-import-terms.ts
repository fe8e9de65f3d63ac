import type { ImportTerms } from '../../core/dataset/import/import-terms.ts';
import type { Draft, Target } from './draft.ts';
import { addProblem, short } from './problem.ts';
import { refer } from './refer.ts';
import { takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { WrittenEntry } from './written-yaml.ts';

const known = ['export', 'restore', 'rollback', 'backup', 'changed', 'delta', 'throttle', 'deletions'];
/** A commit may take this long to become visible behind a time that it carries. */
const standardOverlapMs = 15 * 60_000;

/** Reads what `import:` of a dataset says; criteria, procedure and datastore are looked up. */
export function readImportTerms(draft: Draft, dataset: string, entry: WrittenEntry | null): void {
  if (entry === null) return;
  const owner = `import of dataset ${dataset}`;
  const keys = takeKeys(draft.problems, { owner, written: entry.value, known });
  if (entry.value.kind !== 'map') return;
  const terms: ImportTerms = {
    dataset,
    export: named(draft, owner, { keys, key: 'export', target: 'criterion' }),
    restore: named(draft, owner, { keys, key: 'restore', target: 'criterion' }),
    rollback: named(draft, owner, { keys, key: 'rollback', target: 'procedure' }),
    backup: keys.text('backup'),
    changed: keys.text('changed'),
    delta: readDelta(draft, owner, keys.entry('delta')),
    throttle: readThrottle(draft, owner, keys.entry('throttle')),
    deletions: readDeletions(draft, owner, keys),
    at: entry.at,
  };
  draft.launch.imports.push(terms);
}

function named(
  draft: Draft,
  owner: string,
  { keys, key, target }: { keys: Keys; key: string; target: Target },
): string | null {
  const name = keys.text(key);
  if (name !== null)
    refer(draft, { use: `${key} of ${owner}`, target, name, at: keys.at(key), settle: () => undefined });
  return name;
}

/** Nothing is deleted where nobody says so. */
function readDeletions(draft: Draft, owner: string, keys: Keys): ImportTerms['deletions'] {
  const word = keys.text('deletions');
  if (word === 'apply') return 'apply';
  if (word !== null && word !== 'report')
    addProblem(draft.problems, 'value_invalid', keys.at('deletions'), {
      message: `deletions of ${owner} are ${short(word)}`,
      expected: 'report or apply',
      got: short(word),
      hint: 'write deletions: apply to delete rows whose records are gone from the source',
    });
  return 'report';
}

function readDelta(draft: Draft, owner: string, entry: WrittenEntry | null): ImportTerms['delta'] {
  if (entry === null) return null;
  const keys = takeKeys(draft.problems, {
    owner: `delta of ${owner}`,
    written: entry.value,
    known: ['column', 'overlap'],
  });
  const column = keys.text('column');
  const overlapMs = keys.duration('overlap') ?? standardOverlapMs;
  if (column !== null) return { column, overlapMs };
  addMissing(draft, entry, {
    what: `delta of ${owner}`,
    key: 'column',
    hint: 'write { column: updated_at, overlap: 15m }',
  });
  return null;
}

function readThrottle(draft: Draft, owner: string, entry: WrittenEntry | null): ImportTerms['throttle'] {
  if (entry === null) return null;
  const what = `throttle of ${owner}`;
  const keys = takeKeys(draft.problems, { owner: what, written: entry.value, known: ['on', 'ask', 'above'] });
  const on = named(draft, what, { keys, key: 'on', target: 'datastore' });
  const ask = keys.text('ask');
  const aboveMs = keys.length('above');
  if (on !== null && ask !== null && aboveMs !== null) return { on, ask, aboveMs };
  const key = on === null ? 'on' : ask === null ? 'ask' : 'above';
  const hint = 'write { on: DATASTORE, ask: "select ... as seconds", above: 5s }';
  if (keys.entry(key) === null) addMissing(draft, entry, { what, key, hint });
  return null;
}

function addMissing(
  draft: Draft,
  { at }: WrittenEntry,
  { what, key, hint }: { what: string; key: string; hint: string },
): void {
  addProblem(draft.problems, 'key_missing', at, {
    message: `${what} has no ${key}`,
    expected: `${key}:`,
    got: 'none',
    hint,
  });
}
