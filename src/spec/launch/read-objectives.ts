import { readSelectors } from '../../core/rollout/selector.ts';
import type { Objective } from '../../core/slo/objective.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { checkId, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { WrittenEntry } from './written-yaml.ts';

const known = ['title', 'source', 'total', 'bad', 'goal', 'good', 'window'];
const monthMs = 30 * 86_400_000;
const [leastMs, mostMs] = [3_600_000, 90 * 86_400_000];

/** Reads how good a service has to be, from `objectives` of the front matter. */
export function readObjectives(draft: Draft, entries: readonly WrittenEntry[]): void {
  for (const entry of entries) {
    if (!checkId(draft.problems, entry, 'an objective')) continue;
    const objective = readObjective(draft, entry);
    if (objective !== null) draft.launch.objectives.push(objective);
  }
}

function readObjective(draft: Draft, { key: id, at, value }: WrittenEntry): Objective | null {
  const owner = `objective ${id}`;
  const keys = takeKeys(draft.problems, { owner, written: value, known });
  if (value.kind !== 'map') return null;
  const source = readSource(draft, owner, { keys, at });
  const total = readCounters(draft, owner, { keys, key: 'total', at });
  const counted = readCounted(draft, owner, { keys, at });
  const goal = readGoal(draft, owner, { keys, at });
  const windowMs = readWindow(draft, owner, keys);
  if (source === null || total === null || counted === null || goal === null) return null;
  return { id, title: keys.text('title') ?? id, source, total, counted, goal, windowMs, at };
}

interface Read {
  keys: Keys;
  at: WrittenEntry['at'];
}

/** Only a Prometheus keeps the history that a budget is counted from. */
function readSource(draft: Draft, owner: string, { keys, at }: Read): string | null {
  const name = keys.text('source');
  const sources = draft.launch.metricSources;
  const found = sources.find(({ id }) => id === name);
  if (found?.kind === 'prometheus') return found.id;
  const fitting = sources.filter(({ kind }) => kind === 'prometheus').map(({ id }) => id);
  addProblem(
    draft.problems,
    name === null ? 'key_missing' : 'reference_unknown',
    name === null ? at : keys.at('source'),
    {
      message: `${owner} names no metric source that keeps a history`,
      expected:
        fitting.length === 0
          ? 'an entry of metrics of kind prometheus; none is declared'
          : `one of ${fitting.join(', ')}`,
      got: name === null ? 'none' : short(name),
      hint: hintFor(name ?? '', fitting, 'declare it under metrics: { prom: { kind: prometheus, url: "..." } }'),
    },
  );
  return null;
}

/** Either side of the events is counted; both would be two answers to one question. */
function readCounted(draft: Draft, owner: string, { keys, at }: Read): Objective['counted'] | null {
  if (keys.text('good') === null) {
    const bad = readCounters(draft, owner, { keys, key: 'bad', at });
    return bad === null ? null : { bad };
  }
  const good = readCounters(draft, owner, { keys, key: 'good', at });
  if (keys.text('bad') === null) return good === null ? null : { good };
  addProblem(draft.problems, 'value_invalid', keys.at('good'), {
    message: `${owner} counts what is bad and what is good`,
    expected: 'one of bad and good',
    got: 'both',
    hint: 'leave out good: what is not bad is good',
  });
  return null;
}

function readCounters(draft: Draft, owner: string, { keys, key, at }: Read & { key: string }): string | null {
  const text = keys.text(key);
  const read = text === null ? null : readSelectors(text);
  if (text !== null && read?.ok === true) return text;
  addProblem(draft.problems, text === null ? 'key_missing' : 'value_invalid', text === null ? at : keys.at(key), {
    message: `${key} of ${owner} names no counters`,
    expected: read?.ok === false ? read.expected : `${key}: 'http_requests_total{code=~"5.."}'`,
    got: read?.ok === false ? read.got : 'none',
    hint: 'name the raw counters, without functions',
  });
  return null;
}

function readGoal(draft: Draft, owner: string, { keys, at }: Read): number | null {
  const text = keys.text('goal');
  const percent = Number(/^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(text ?? '')?.[1] ?? Number.NaN);
  if (percent > 0 && percent <= 100) return Number((percent / 100).toPrecision(12));
  addProblem(draft.problems, text === null ? 'key_missing' : 'value_invalid', text === null ? at : keys.at('goal'), {
    message: `${owner} does not say how good is good`,
    expected: 'a share above 0 % and up to 100 %, such as 99.9%',
    got: text === null ? 'none' : short(text),
    hint: 'write goal: "99.9%"',
  });
  return null;
}

function readWindow(draft: Draft, owner: string, keys: Keys): number {
  const ms = keys.length('window');
  if (ms === null || (ms >= leastMs && ms <= mostMs)) return ms ?? monthMs;
  addProblem(draft.problems, 'value_invalid', keys.at('window'), {
    message: `${owner} has a window that no budget is counted over`,
    expected: 'an hour to 90 days',
    got: keys.text('window') ?? 'nothing',
    hint: 'write window: 30d',
  });
  return monthMs;
}
