import type { JsonObject, JsonValue } from '@tminus/verify';

import { fromArgoAnalysis } from './from-argo-analysis.ts';
import { fromArgoRollout } from './from-argo.ts';
import { toScalarText } from './field-ledger.ts';
import { fromFlagger } from './from-flagger.ts';
import { fromKayenta } from './from-kayenta.ts';
import { fromKeptn } from './from-keptn.ts';
import type { ImportedRollout } from './imported-rollout.ts';

/** Each document that is known, by what it says it is. */
const importers: readonly [is: (one: JsonObject) => boolean, read: (one: JsonObject) => ImportedRollout][] = [
  [({ apiVersion, kind }) => apiVersion === 'flagger.app/v1beta1' && kind === 'Canary', fromFlagger],
  [({ apiVersion, kind }) => apiVersion === 'argoproj.io/v1alpha1' && kind === 'Rollout', fromArgoRollout],
  [
    ({ apiVersion, kind }) =>
      apiVersion === 'argoproj.io/v1alpha1' && /^(?:Cluster)?AnalysisTemplate$/.test(toScalarText(kind)),
    fromArgoAnalysis,
  ],
  [(one) => /^(?:0\.1(?:\.\d+)?|1(?:\.0)?)$/.test(toScalarText(one['spec_version'])) && 'objectives' in one, fromKeptn],
  [(one) => Array.isArray(one['metrics']) && one['apiVersion'] === undefined && 'name' in one, fromKayenta],
];

/** Returns a document of another tool as a draft of a rollout, with the fate of every field; or why it is none of those that are known. */
export function importRollout(document: JsonValue): ImportedRollout | string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return 'it is no mapping';
  const one: JsonObject = document;
  const found = importers.find(([is]) => is(one));
  return found === undefined ? whyUnknown(one) : found[1](one);
}

const versions: { [group: string]: string } = {
  'flagger.app': 'a Canary of flagger.app/v1beta1',
  'argoproj.io': 'a Rollout or AnalysisTemplate of argoproj.io/v1alpha1',
};

function whyUnknown({ apiVersion, spec_version: version, kind }: JsonObject): string {
  const group = toScalarText(apiVersion).split('/')[0]!;
  const what = `it is ${[toScalarText(apiVersion), toScalarText(kind)].join(' ').trim() || 'of no version and no kind'}`;
  if (Object.hasOwn(versions, group)) return `${what}: expected ${versions[group]}`;
  if (group === 'spec.keptn.sh')
    return `${what}, which says in which stages something is delivered: that is a procedure; import the SLO file`;
  if (version !== undefined)
    return `its spec_version is ${toScalarText(version) || 'no text'}: expected 0.1.x or 1.0, as Keptn's SLO files have`;
  return `${what}: expected an Argo Rollout or AnalysisTemplate, a Flagger Canary, an SLO file of Keptn or a canary config of Kayenta`;
}
