import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { burnPairs } from '../../../core/slo/objective.ts';
import { refuseFence } from '../no-fence.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { parseHistory } from './parse-history.ts';
import { marks, recent, selectorsOf, sourceNames, wholeStepMs } from './query.ts';
import { sloSchema } from './schema.ts';

const [fast, slow] = burnPairs;

/** The pure half of the `slo` check. */
export const sloReader: CheckReader = {
  kind: 'slo',
  summary:
    'Says how much of an error budget is left and how fast it burns; counters that are missing, old or too young are unknown.',
  jsonSchema: toJsonSchema(sloSchema),
  readSpec: (written) => readSchema(sloSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['left >= 20%', `burn1h <= ${fast!.factor}`, `burn6h <= ${slow!.factor}`],
  parse: parseHistory,
  negativeControl: toControl,
};

const controlAt = 1_767_225_600_000;

/** What a counter has that rises by ten a second since long before any window. */
function since(seconds: number): number {
  return Math.round((seconds - (controlAt - 100 * 86_400_000) / 1_000) * 10);
}

/** Counters of a service of which every request fails. */
function toControl(written: JsonObject): ObservedSource[] {
  const spec = sloSchema.parse(written);
  const at = controlAt;
  const { total, side, counted } = selectorsOf(spec);
  const range = (forMs: number, stepMs: number): object => {
    const times = Array.from(
      { length: Math.floor(forMs / stepMs) + 1 },
      (_, index) => (at - forMs + index * stepMs) / 1_000,
    );
    const series = (of: string, name: string, valueOf: (seconds: number) => number): object => ({
      metric: { [marks.of]: of, [marks.name]: name },
      values: times.map((seconds) => [seconds, String(valueOf(seconds))]),
    });
    const result = [
      ...total.map(({ name }) => series('total', name, since)),
      ...counted.map(({ name }) => series(side, name, side === 'bad' ? since : () => 0)),
      ...total.map(({ name }) => series('at', name, (seconds) => seconds)),
    ];
    // A counter that bears the name of the total has labels of its own, which are known by it.
    const labels = Object.fromEntries(counted.flatMap(({ matchers }) => matchers.map(({ label }) => [label, ''])));
    const labelled = result.map((one) => ({ ...one, metric: { ...labels, ...(one as { metric: object }).metric } }));
    return { status: 'success', data: { resultType: 'matrix', result: labelled } };
  };
  return [
    toSource(sourceNames.request, { at }),
    toSource(sourceNames.recent, range(recent.forMs, recent.stepMs)),
    toSource(sourceNames.whole, range(Math.max(spec.window, 73 * 3_600_000), wholeStepMs(spec))),
  ];
}

/** A source with a value as JSON. */
export function toSource(name: string, value: object): ObservedSource {
  return { name, mediaType: 'application/json', bytes: new TextEncoder().encode(JSON.stringify(value)) };
}
