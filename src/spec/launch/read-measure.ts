import type { Measure, MeasureCounts, RolloutPhase } from '../../core/rollout/rollout.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { refer } from './refer.ts';
import { addForm, checkId, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { WrittenEntry } from './written-yaml.ts';

const known = [
  'title',
  'source',
  'total',
  'bad',
  'buckets',
  'quantile',
  'by',
  'margin',
  'exclude',
  'gating',
  'cap',
  'phases',
];

/** What errors and slow requests are held against unless the measure says otherwise. */
const standard = { events: { margin: 1.5, exclude: 3 }, histogram: { margin: 1.15, exclude: 1.5 } } as const;

/** Reads a measure of a rollout; null where it cannot be judged by. */
export function readMeasure(
  draft: Draft,
  rollout: string,
  { entry, phases: declared }: { entry: WrittenEntry; phases: readonly Pick<RolloutPhase, 'id'>[] },
): Measure | null {
  const { key: id, at, value } = entry;
  if (!checkId(draft.problems, entry, `a measure of ${rollout}`)) return null;
  const owner = `measure ${id} of ${rollout}`;
  const keys = takeKeys(draft.problems, { owner, written: value, known });
  if (value.kind !== 'map') return null;
  const source = wanted(draft, owner, { keys, key: 'source', at });
  if (source !== null)
    refer(draft, {
      use: `source of ${owner}`,
      target: 'metric source',
      name: source,
      at: keys.at('source'),
      settle: () => undefined,
    });
  const counts = readCounts(draft, owner, { keys, at });
  const ratios = counts === null ? null : readRatios(draft, owner, { keys, kind: counts.kind });
  const cap = readCap(draft, owner, keys);
  const phases = readPhaseNames(draft, owner, { keys, declared });
  if (source === null || counts === null || ratios === null) return null;
  const [title, by] = [keys.text('title') ?? id, keys.text('by')];
  return { id, title, source, counts, by, ...ratios, gating: keys.flag('gating') ?? true, cap, phases };
}

/** Phases that it is judged in; null for all. */
function readPhaseNames(
  draft: Draft,
  owner: string,
  { keys, declared }: { keys: Keys; declared: readonly Pick<RolloutPhase, 'id'>[] },
): string[] | null {
  if (keys.entry('phases') === null) return null;
  const ids = declared.map(({ id }) => id);
  const names = keys.list('phases');
  for (const { text, at } of names)
    if (!ids.includes(text) && ids.length > 0)
      addProblem(draft.problems, 'reference_unknown', at, {
        message: `phases of ${owner} names a phase that does not exist`,
        expected: ids.join(', '),
        got: short(text),
        hint: hintFor(text, ids, 'a phase without an id is called at-WEIGHT'),
      });
  return names.map(({ text }) => text);
}

type Entry = Pick<WrittenEntry, 'at'> & { keys: Keys };

function readCounts(draft: Draft, owner: string, { keys, at }: Entry): MeasureCounts | null {
  if (keys.entry('buckets') === null) {
    const total = wanted(draft, owner, { keys, key: 'total', at });
    const bad = wanted(draft, owner, { keys, key: 'bad', at });
    return total === null || bad === null ? null : { kind: 'events', total, bad };
  }
  for (const key of ['total', 'bad'])
    if (keys.entry(key) !== null)
      addProblem(draft.problems, 'value_invalid', keys.at(key), {
        message: `${owner} counts in two ways`,
        expected: 'total and bad, or buckets and quantile',
        got: `${key} beside buckets`,
        hint: `remove ${key}, or buckets`,
      });
  const buckets = keys.text('buckets');
  const quantile =
    readNumber(draft, owner, { keys, key: 'quantile', expected: 'a number between 0 and 1, such as 0.9' }) ?? 0.9;
  if (buckets !== null && quantile > 0 && quantile < 1) return { kind: 'histogram', buckets, quantile };
  if (buckets !== null)
    addForm(
      draft.problems,
      keys.entry('quantile')!.value,
      `quantile of ${owner}`,
      'a number between 0 and 1, such as 0.9',
    );
  return null;
}

/** Returns the ratios that a measure is judged by; null, with the problem added, where they decide nothing. */
export function readRatios(
  draft: Draft,
  owner: string,
  { keys, kind }: { keys: Keys; kind: MeasureCounts['kind'] },
): Pick<Measure, 'margin' | 'exclude'> | null {
  const expected = 'a number from 1, such as 1.5';
  const margin = readNumber(draft, owner, { keys, key: 'margin', expected }) ?? standard[kind].margin;
  const exclude =
    readNumber(draft, owner, { keys, key: 'exclude', expected }) ?? Math.max(standard[kind].exclude, margin * 1.3);
  if (margin >= 1 && exclude > margin) return { margin, exclude };
  addProblem(draft.problems, 'value_invalid', keys.at(margin >= 1 ? 'exclude' : 'margin'), {
    message: `${owner} has ratios that decide nothing`,
    expected: 'margin from 1, and exclude above margin',
    got: `margin ${margin}, exclude ${exclude}`,
    hint: 'it fails where the canary is provably worse than margin, and passes where worse than exclude is ruled out',
  });
  return null;
}

function readNumber(
  draft: Draft,
  owner: string,
  { keys, key, expected }: { keys: Keys; key: string; expected: string },
): number | null {
  const entry = keys.entry(key);
  if (entry === null) return null;
  const value = entry.value.kind === 'scalar' ? Number(entry.value.text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  addForm(draft.problems, entry.value, `${key} of ${owner}`, expected);
  return null;
}

/** Returns the cap: a share as percent or as a number from 0 to 1; null where there is none. */
export function readCap(draft: Draft, owner: string, keys: Keys): number | null {
  const text = keys.text('cap');
  if (text === null) return null;
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  const share = percent === undefined ? Number(text) : Number(percent) / 100;
  if (share > 0 && share < 1) return share;
  addProblem(draft.problems, 'value_invalid', keys.at('cap'), {
    message: `cap of ${owner} cannot be read`,
    expected: 'a share above 0 and below 100 %, such as "0.5%"',
    got: short(text),
    hint: 'write the largest share of bad events that the canary may have',
  });
  return null;
}

function wanted(draft: Draft, owner: string, { keys, key, at }: Entry & { key: string }): string | null {
  const text = keys.text(key);
  if (text !== null) return text;
  if (keys.entry(key) === null)
    addProblem(draft.problems, 'key_missing', at, {
      message: `${owner} has no ${key}`,
      expected: `${key}:`,
      got: 'none',
      hint: 'write { source: SOURCE, total: "...", bad: "..." }, or { source: SOURCE, buckets: "...", quantile: 0.9 }',
    });
  return null;
}
