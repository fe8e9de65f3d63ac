import { candidateSha256 } from '../candidate/candidate-sha256.ts';
import type { Candidate } from '../candidate/candidate.ts';
import type { Environment, Launch } from '../launch/launch.ts';
import { resolveText } from './resolve-templates.ts';
import type { TemplateValues } from './resolve-templates.ts';

/** Every name that a template of a check may use, with what it stands for. Names of the front matter's own keys never hide the fixed ones. */
export function toTemplateValues(scene: {
  candidate: Candidate;
  environment: Environment | null;
  launch: Launch;
  /** What evidence is bound to; an environment that was named over the document's own does not change it. */
  planHash: string;
}): TemplateValues {
  const { candidate, environment, launch, planHash } = scene;
  const extra = Object.entries(candidate.extra).map(([name, value]) => [`candidate.${name}`, value] as const);
  const values = new Map<string, string | null>([
    ...extra,
    ['candidate.commit', candidate.commit],
    ['candidate.version', candidate.version],
    ['candidate.url', candidate.url],
    ['candidate.environment', candidate.environment],
    ['candidate.sha256', candidateSha256(candidate)],
    ['environment.id', environment?.id ?? null],
    ['environment.url', environment?.url ?? null],
    ['launch.id', launch.id],
    ['launch.title', launch.title],
    ['launch.owner', launch.owner],
    ['launch.t0', launch.t0],
    ['launch.planHash', planHash],
  ]);
  for (const { id, url } of launch.datastores)
    values.set(`datastore.${id}.url`, resolveUrl(url[environment?.id ?? ''] ?? url['*'] ?? null, values));
  for (const { id, options } of launch.metricSources) {
    const url = options['url'] ?? {};
    values.set(`metrics.${id}.url`, resolveUrl(url[environment?.id ?? ''] ?? url['*'] ?? null, values));
  }
  return values;
}

/** A url that is written with a template is known only where all of it is. */
function resolveUrl(url: string | null, values: TemplateValues): string | null {
  if (url === null) return null;
  const resolved = resolveText(url, values);
  return resolved.ok ? resolved.text : null;
}

/** Every name that a template of a check may use in this launch, whatever candidate and environment it will be asked of. */
export function templateNames(launch: Launch): string[] {
  const extra = launch.candidate?.extra ?? {};
  const candidate: Candidate = { commit: '', version: null, url: null, environment: '', extra };
  return [...toTemplateValues({ candidate, environment: null, launch, planHash: '' }).keys()];
}
