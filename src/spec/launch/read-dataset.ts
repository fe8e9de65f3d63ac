import type { Dataset, PersonalCategory, RowCondition, SkipRule, TableReference } from '../../core/dataset/dataset.ts';
import { readCondition } from '../../core/dataset/read-condition.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { readColumnMap } from './read-column-map.ts';
import { readFixes, readRules, readTolerances } from './read-data-rules.ts';
import { readImportTerms } from './read-import-terms.ts';
import { readRetention } from './read-offset.ts';
import { readPartial } from './read-partial.ts';
import { refer } from './refer.ts';
import { addForm, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written } from './written-yaml.ts';

const known = [
  'id',
  'title',
  'source',
  'target',
  'key',
  'map',
  'omit',
  'skip',
  'where',
  'partial',
  'tolerance',
  'personal',
  'redact',
  'residency',
  'retention',
  'rules',
  'fixes',
  'fixPolicy',
  'import',
];
const categories: readonly PersonalCategory[] = [
  'name',
  'email',
  'phone',
  'address',
  'birth',
  'account',
  'free-text',
  'other',
];

/** A dataset fence with the name that it bears. */
export interface WrittenDataset {
  id: string;
  title: string;
  at: Place;
  written: Extract<Written, { kind: 'map' }>;
}

/** Reads one `yaml dataset` into the launch; every word of it that means nothing is a problem at its own place. */
export function readDataset(draft: Draft, { id, title, at, written }: WrittenDataset): void {
  const owner = `dataset ${id}`;
  const keys = takeKeys(draft.problems, { owner, written, known });
  const source = readTable(draft, owner, { keys, key: 'source' });
  if (source === null && keys.entry('source') === null)
    addProblem(draft.problems, 'key_missing', at, {
      message: `${owner} has no source`,
      expected: 'source: { on: DATASTORE, table: TABLE }',
      got: 'none',
      hint: 'say which datastore and table the records come from',
    });
  const map = readColumnMap(draft, owner, keys.entry('map'));
  const dataset: Dataset = {
    id,
    title: keys.text('title') ?? title,
    source: source ?? { on: '', table: '' },
    target: readTable(draft, owner, { keys, key: 'target' }),
    key: readNames(draft, owner, { keys, key: 'key' }),
    map,
    omit: keys.map('omit').flatMap((entry) => {
      const reason = textOf(draft, entry.value, `omit of ${owner}`);
      return reason === null ? [] : [{ column: entry.key, reason }];
    }),
    skip: readSkips(draft, owner, keys),
    targetWhere: readConditions(draft, keys.entry('where')?.value ?? null, `where of ${owner}`),
    partial: readPartial(draft, id, { entry: keys.entry('partial'), hasTarget: keys.entry('target') !== null }),
    tolerances: readTolerances(draft, owner, keys.map('tolerance')),
    personal: readPersonal(draft, owner, keys),
    redact: readNames(draft, owner, { keys, key: 'redact' }),
    residency: keys.text('residency'),
    retentionMs: readRetentionOf(draft, owner, keys),
    rules: readRules(draft, owner, keys.map('rules')),
    fixes: readFixes(draft, owner, keys.map('fixes')),
    fixPolicy: keys.text('fixPolicy'),
    at,
  };
  refuseOmitted(draft, dataset, keys);
  draft.launch.datasets.push(dataset);
  readImportTerms(draft, id, keys.entry('import'));
}

function readTable(draft: Draft, owner: string, { keys, key }: { keys: Keys; key: string }): TableReference | null {
  const entry = keys.entry(key);
  if (entry === null) return null;
  const inner = takeKeys(draft.problems, { owner: `${key} of ${owner}`, written: entry.value, known: ['on', 'table'] });
  if (entry.value.kind !== 'map') return null;
  const on = inner.text('on');
  const table = inner.text('table');
  for (const missing of [on === null ? 'on' : null, table === null ? 'table' : null])
    if (missing !== null && inner.entry(missing) === null)
      addProblem(draft.problems, 'key_missing', entry.at, {
        message: `${key} of ${owner} has no ${missing}`,
        expected: `${missing}:`,
        got: 'none',
        hint: 'write { on: DATASTORE, table: TABLE }',
      });
  if (on === null || table === null) return null;
  refer(draft, {
    use: `${key} of ${owner}`,
    target: 'datastore',
    name: on,
    at: inner.at('on'),
    settle: () => undefined,
  });
  return { on, table };
}

/** Names of columns, each once. */
function readNames(draft: Draft, owner: string, { keys, key }: { keys: Keys; key: string }): string[] {
  const names = keys.list(key);
  const seen = new Set<string>();
  for (const { text, at } of names) {
    if (seen.has(text))
      addProblem(draft.problems, 'value_invalid', at, {
        message: `${key} of ${owner} names a column twice`,
        expected: 'every column once',
        got: short(text),
        hint: 'remove one of the two',
      });
    seen.add(text);
  }
  return [...seen];
}

function readSkips(draft: Draft, owner: string, keys: Keys): SkipRule[] {
  return keys.map('skip').map(({ key, value }) => ({
    reason: key,
    when: readConditions(draft, value, `skip ${key} of ${owner}`),
  }));
}

/** One condition, or a list of those that hold together. A list without any would hold for everything. */
export function readConditions(draft: Draft, written: Written | null, what: string): RowCondition[] {
  if (written === null) return [];
  const items = written.kind === 'list' ? written.items : [written];
  if (items.length === 0) addForm(draft.problems, written, what, 'at least one condition');
  return items.flatMap((item) => {
    const text = textOf(draft, item, what);
    if (text === null) return [];
    const read = readCondition(text);
    if (read.ok) return [read.condition];
    addProblem(draft.problems, 'value_invalid', item.at, {
      message: `${what} cannot be read`,
      ...read.fault,
      got: short(text),
    });
    return [];
  });
}

function textOf(draft: Draft, written: Written, what: string): string | null {
  if (written.kind === 'scalar' && written.text.trim() !== '') return written.text;
  addForm(draft.problems, written, what, 'a text');
  return null;
}

function readPersonal(draft: Draft, owner: string, keys: Keys): Dataset['personal'] {
  return keys.map('personal').flatMap(({ key, value }) => {
    const written = textOf(draft, value, `personal of ${owner}`);
    const category = categories.find((name) => name === written);
    if (category !== undefined) return [{ column: key, category }];
    if (written !== null)
      addProblem(draft.problems, 'value_invalid', value.at, {
        message: `the category of column ${key} of ${owner} is unknown`,
        expected: categories.join(', '),
        got: short(written),
        hint: hintFor(written, categories, 'write other for what none of them says'),
      });
    return [];
  });
}

function readRetentionOf(draft: Draft, owner: string, keys: Keys): number | null {
  const text = keys.text('retention');
  if (text === null) return null;
  const length = readRetention(text);
  if (length !== null && length > 0) return length;
  addProblem(draft.problems, 'value_invalid', keys.at('retention'), {
    message: `retention of ${owner} cannot be read`,
    expected: 'a duration such as 90d, 12w or 7y',
    got: short(text),
    hint: 'write how long the data may be kept; a year counts 365 days',
  });
  return null;
}

/** What is left behind cannot be carried over as well: one of the two is a mistake, and a report would hide which. */
function refuseOmitted(draft: Draft, { id, map, omit }: Dataset, keys: Keys): void {
  for (const { column } of omit) {
    if (!map.some(({ from }) => from === column)) continue;
    const entry = keys.map('omit').find(({ key }) => key === column);
    addProblem(draft.problems, 'value_invalid', entry?.at ?? keys.at('omit'), {
      message: `dataset ${id} both carries column ${column} over and leaves it behind`,
      expected: 'the column in map or in omit',
      got: 'both',
      hint: 'remove one of the two',
    });
  }
}
