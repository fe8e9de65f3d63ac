import type { Place } from '../../core/launch/place.ts';
import { isJudgedIn } from '../../core/rollout/judge-measure.ts';
import type { Rollout, RolloutPhase } from '../../core/rollout/rollout.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { readMeasure } from './read-measure.ts';
import { readRolloutPhases } from './read-rollout-phases.ts';
import { readShadow } from './read-shadow.ts';
import { refer } from './refer.ts';
import { takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written } from './written-yaml.ts';

const known = [
  'id',
  'title',
  'routers',
  'preset',
  'phases',
  'measures',
  'interval',
  'onFail',
  'onInconclusive',
  'onNoData',
  'retry',
  'shadow',
  'wayBack',
];

/** A rollout fence with the name that it bears. */
export interface WrittenRollout {
  id: string;
  title: string;
  at: Place;
  written: Extract<Written, { kind: 'map' }>;
}

/** Reads one `yaml rollout` into the launch. What could never fail is refused here: no router, no measure that gates, no phase at 100. */
export function readRollout(draft: Draft, { id, title, at, written }: WrittenRollout): void {
  const owner = `rollout ${id}`;
  const keys = takeKeys(draft.problems, { owner, written, known });
  // Only what people decide goes on from there; the words are accepted because other tools have them.
  for (const key of ['onInconclusive', 'onNoData']) choice(draft, owner, { keys, key, words: ['hold'] });
  const phases = readRolloutPhases(draft, owner, { keys, at });
  const { measures, shadow } = readMeasures(draft, id, { keys, phases, at });
  const rollout: Rollout = {
    id,
    title: keys.text('title') ?? title,
    routers: readRouterNames(draft, owner, { keys, at }),
    phases,
    measures,
    shadow,
    intervalMs: keys.length('interval') ?? 10_000,
    onFail: choice(draft, owner, { keys, key: 'onFail', words: ['rollback', 'hold'] }) ?? 'rollback',
    retry: choice(draft, owner, { keys, key: 'retry', words: ['new-candidate', 'person'] }) ?? 'new-candidate',
    wayBack: keys.text('wayBack'),
    at,
  };
  const { wayBack } = rollout;
  if (wayBack !== null)
    refer(draft, {
      use: `wayBack of ${owner}`,
      target: 'procedure',
      name: wayBack,
      at: keys.at('wayBack'),
      settle: () => undefined,
    });
  draft.launch.rollouts.push(rollout);
}

/** Every phase waits for something: one that nothing is judged in would be held for ever, or mean nothing. */
function readMeasures(
  draft: Draft,
  id: string,
  { keys, phases, at }: { keys: Keys; phases: readonly RolloutPhase[]; at: Place },
): Pick<Rollout, 'measures' | 'shadow'> {
  const owner = `rollout ${id}`;
  const declared = keys.map('measures');
  const own = declared.flatMap((entry) => readMeasure(draft, owner, { entry, phases }) ?? []);
  const read = readShadow(draft, id, { keys, phases });
  const measures = read === null ? own : [...own, read.measure];
  const place = keys.entry('measures')?.at ?? at;
  if (read !== null && own.some((measure) => measure.id === read.measure.id))
    addProblem(draft.problems, 'id_duplicate', place, {
      message: `${owner} has a measure of the name that its shadow takes`,
      expected: `another name than ${read.measure.id}`,
      got: read.measure.id,
      hint: 'rename the measure',
    });
  // A measure that cannot be read has a problem of its own.
  if (own.length === declared.length) checkJudged(draft, owner, { measures, phases, at: place });
  return { measures, shadow: read?.shadow ?? null };
}

function checkJudged(
  draft: Draft,
  owner: string,
  { measures, phases, at }: Pick<Rollout, 'measures' | 'phases' | 'at'>,
): void {
  const isJudged = (phase: RolloutPhase): boolean => measures.some((one) => one.gating && isJudgedIn(one, phase));
  const bare = phases.filter((phase) => !isJudged(phase)).map((phase) => phase.id);
  if (!measures.some(({ gating }) => gating))
    addProblem(draft.problems, 'key_missing', at, {
      message: `${owner} has no measure that gates`,
      expected: 'measures: with at least one that phases wait for',
      got: measures.length === 0 ? 'none' : 'only measures with gating: no',
      hint: 'without one nothing could stop it; write errors: { source: SOURCE, total: "...", bad: "..." }',
    });
  else if (bare.length > 0)
    addProblem(draft.problems, 'key_missing', at, {
      message: `${owner} has phases that nothing is judged in`,
      expected: 'a measure that gates in every phase',
      got: `none in ${bare.join(', ')}`,
      hint: 'write a measure for them: one without phases: is judged in all',
    });
}

function readRouterNames(draft: Draft, owner: string, { keys, at }: { keys: Keys; at: Place }): string[] {
  const names = keys.list('routers');
  for (const { text, at: place } of names)
    refer(draft, { use: `routers of ${owner}`, target: 'router', name: text, at: place, settle: () => undefined });
  if (names.length === 0 && keys.entry('routers') === null)
    addProblem(draft.problems, 'key_missing', at, {
      message: `${owner} has no router`,
      expected: 'routers: with the name of one that the front matter declares, or several',
      got: 'none',
      hint: 'say what splits the traffic',
    });
  return [...new Set(names.map(({ text }) => text))];
}

function choice<Word extends string>(
  draft: Draft,
  owner: string,
  { keys, key, words }: { keys: Keys; key: string; words: readonly Word[] },
): Word | null {
  const text = keys.text(key);
  if (text === null) return null;
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  addProblem(draft.problems, 'value_invalid', keys.at(key), {
    message: `${key} of ${owner} is unknown`,
    expected: words.join(', '),
    got: short(text),
    hint: hintFor(text, words, `write ${key}: ${words[0]}`),
  });
  return null;
}
