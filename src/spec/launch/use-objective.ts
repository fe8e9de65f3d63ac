import type { JsonValue } from '@tminus/verify';

import type { Place } from '../../core/launch/place.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';

/**
 * Returns what an `slo` check says, with the objective that it names written out. The url is left as a template, so that it is filled in for the environment
 * that is aimed at; the rest stands in the check, so that evidence is bound to the numbers it was judged by.
 */
export function useObjective(
  draft: Draft,
  spec: JsonValue,
  { owner, kind, at }: { owner: string; kind: string; at: Place },
): JsonValue {
  if (kind !== 'slo' || typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
  const { objective: name } = spec;
  if (typeof name !== 'string') return spec;
  const { objectives, metricSources, secrets } = draft.launch;
  const found = objectives.find(({ id }) => id === name);
  if (found === undefined) {
    const known = objectives.map(({ id }) => id);
    addProblem(draft.problems, 'reference_unknown', at, {
      message: `${owner} names an objective that does not exist`,
      expected: known.length === 0 ? 'an objective; none is declared' : `one of ${known.slice(0, 12).join(', ')}`,
      got: short(name),
      hint: hintFor(name, known, 'declare it under objectives in the front matter'),
    });
    // The rest of the check can be read all the same: its problem is told once.
    return { url: 'http://unknown.invalid', total: 'unknown', bad: 'unknown', goal: '100%', ...spec };
  }
  const { source, total, counted, goal, windowMs } = found;
  const secret = metricSources.find(({ id }) => id === source)?.secret ?? null;
  const variable = secrets.find(({ id }) => id === secret)?.reference['env'];
  const token = typeof variable === 'string' ? { tokenEnv: variable } : {};
  return { url: `{{ metrics.${source}.url }}`, total, ...counted, goal, window: windowMs, ...token, ...spec };
}
