import { digestOf } from '@tminus/verify';

import type { Launch } from './launch.ts';

/** Keys that say where something stands in the files, not what is declared. */
const places = new Set(['at']);

/**
 * The SHA-256 of everything that a launch declares, in lower-case hex (RFC 8785 form).
 * Places and the digests of the documents are no part of it: moving a line, a tick or prose around changes no plan.
 * A launch without data, rollouts or objectives has the hash that it had before they could be declared.
 */
export function planHash(launch: Launch): string {
  const {
    documents: _documents,
    datastores,
    datasets,
    imports,
    routers,
    metricSources,
    rollouts,
    objectives,
    ...declared
  } = launch;
  const later = { datastores, datasets, imports, routers, metricSources, rollouts, objectives };
  const written = Object.entries(later).filter(([, declarations]) => declarations.length > 0);
  return digestOf(withoutPlaces({ ...declared, ...Object.fromEntries(written) }));
}

/** Bodies that a document wrote itself (`spec`, `reference`, `body`, `source`) may have a key `at` of their own: they are kept whole. */
const whole = new Set(['spec', 'reference', 'body', 'source', 'attributes', 'extra', 'value']);

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPlaces(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !places.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, whole.has(key) ? inner : withoutPlaces(inner)]));
}
