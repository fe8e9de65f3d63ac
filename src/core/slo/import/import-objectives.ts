import type { JsonObject, JsonValue } from '@tminus/verify';

import { toScalarText } from '../../rollout/import/field-ledger.ts';
import { fromOpenSlo } from './from-openslo.ts';
import { fromOpenSli } from './from-openslo-sli.ts';
import { fromPrometheusRules } from './from-prometheus-rules.ts';
import { fromSloth } from './from-sloth.ts';
import type { ImportedObjectives } from './imported-objectives.ts';

/** Each document that is known, by what it says it is. */
const importers: readonly [
  is: (one: JsonObject) => boolean,
  read: (one: JsonObject, all: readonly JsonValue[]) => ImportedObjectives,
][] = [
  [({ apiVersion, kind }) => kind === 'SLI' && apiVersion === 'openslo/v1', fromOpenSli],
  [
    ({ apiVersion, kind }) => kind === 'SLO' && (apiVersion === 'openslo/v1' || apiVersion === 'openslo/v1alpha'),
    fromOpenSlo,
  ],
  [({ version, slos }) => version === 'prometheus/v1' && Array.isArray(slos), fromSloth],
  [({ apiVersion, kind }) => kind === 'PrometheusServiceLevel' && apiVersion === 'sloth.slok.dev/v1', fromSloth],
  [
    ({ apiVersion, kind }) => kind === 'PrometheusRule' && apiVersion === 'monitoring.coreos.com/v1',
    fromPrometheusRules,
  ],
  [({ groups, apiVersion }) => Array.isArray(groups) && apiVersion === undefined, fromPrometheusRules],
];

/** Returns a document of another tool as drafts of objectives and checks, or why it is none of those that are known. `all` are those that came with it, of which it may name one. */
export function importObjectives(
  document: JsonValue,
  all: readonly JsonValue[] = [document],
): ImportedObjectives | string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return 'it is no mapping';
  const one: JsonObject = document;
  const found = importers.find(([is]) => is(one));
  return found === undefined ? whyUnknown(one) : found[1](one, all);
}

function whyUnknown({ apiVersion, version, kind }: JsonObject): string {
  const [group] = toScalarText(apiVersion).split('/');
  const what = `it is ${[toScalarText(apiVersion) || toScalarText(version), toScalarText(kind)].join(' ').trim() || 'of no version and no kind'}`;
  if (group === 'openslo')
    return kind === 'SLO'
      ? `${what}: expected openslo/v1 or openslo/v1alpha`
      : `${what}, which says nothing of how good a service has to be; import the SLO`;
  if (group === 'sloth.slok.dev' || toScalarText(version).startsWith('prometheus/'))
    return `${what}: expected version prometheus/v1, or a PrometheusServiceLevel of sloth.slok.dev/v1`;
  return `${what}: expected an SLO of OpenSLO, a file of Sloth or rules of Prometheus`;
}
