import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toJsonSchema } from '../read-schema.ts';
import { parseAnswer, sourceNames } from './parse-answer.ts';
import { prometheusSchema, readPrometheusFence, readPrometheusSpec } from './schema.ts';

/** The pure half of the `prometheus` check. */
export const prometheusReader: CheckReader = {
  kind: 'prometheus',
  summary: 'Asks a Prometheus server for an instant or a range; no data and stale data are unknown.',
  jsonSchema: toJsonSchema(prometheusSchema),
  readSpec: readPrometheusSpec,
  fenceLanguages: ['promql'],
  readFence: readPrometheusFence,
  defaultExpectations: () => ['holds == true'],
  parse: parseAnswer,
  negativeControl: (spec) => toControl(Number(spec['maxAge'])),
};

/**
 * Two series, as far down and as far up as can be, as old as is allowed: neither a limit from above nor one from below may hold of them.
 * One value could not do this, because which side is the broken one only the document knows.
 */
function toControl(maxAge: number): ObservedSource[] {
  const at = 1_767_225_600_000;
  const sampled = (at - maxAge) / 1000;
  const result = ['-1e308', '1e308'].map((value, index) => ({
    metric: { series: String(index) },
    value: [sampled, value],
  }));
  return [
    toSource(sourceNames.request, { at }),
    toSource(sourceNames.response, { status: 'success', data: { resultType: 'vector', result } }),
  ];
}

/** A source with a value as JSON. */
export function toSource(name: string, value: object): ObservedSource {
  return { name, mediaType: 'application/json', bytes: new TextEncoder().encode(JSON.stringify(value)) };
}
