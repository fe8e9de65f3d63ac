import type { CandidateDeclaration, Environment, Launch } from '../launch/launch.ts';
import type { Candidate } from './candidate.ts';
import { resolveText } from '../check/resolve-templates.ts';
import type { TemplateFault, TemplateValues } from '../check/resolve-templates.ts';

/** What is known when the candidate is resolved: the commit that the workspace is on (null outside Git) and the environment aimed at. */
export interface CandidateScene {
  launch: Launch;
  environment: Environment | null;
  gitHead: string | null;
}

export type ResolvedCandidate = { ok: true; candidate: Candidate } | { ok: false; faults: TemplateFault[] };

/**
 * The candidate with templates (`{{ git.head }}`, `{{ environment.url }}`) filled in, or every one that cannot be.
 * Without a declaration the candidate is the workspace's own commit at the environment's URL.
 */
export function resolveCandidate(declaration: CandidateDeclaration | null, scene: CandidateScene): ResolvedCandidate {
  const values = valuesOf(scene);
  const faults: TemplateFault[] = [];
  const resolve = (key: string, text: string | null): string | null => {
    if (text === null) return null;
    const read = resolveText(text, values);
    if (read.ok) return read.text;
    faults.push(...read.faults.map((fault) => ({ ...fault, path: ['candidate', key], ...hintOf(fault, scene) })));
    return null;
  };
  const commit = resolve('commit', declaration?.commit ?? '{{ git.head }}');
  const url = resolve('url', declaration?.url ?? scene.environment?.url ?? null);
  const version = resolve('version', declaration?.version ?? null);
  const extra = Object.entries(declaration?.extra ?? {}).map(([key, text]) => [key, resolve(key, text) ?? ''] as const);
  if (faults.length > 0 || commit === null) return { ok: false, faults };
  return {
    ok: true,
    candidate: { commit, version, url, environment: scene.environment?.id ?? '', extra: Object.fromEntries(extra) },
  };
}

/** `git.head` stands in no front matter: it is there as soon as the workspace has a commit. */
function hintOf({ got, hint }: TemplateFault, { gitHead }: CandidateScene): { hint: string } {
  const wantsHead = gitHead === null && got.includes('git.head');
  return { hint: wantsHead ? 'commit the launch to Git, or write the commit under candidate' : hint };
}

function valuesOf({ launch, environment, gitHead }: CandidateScene): TemplateValues {
  return new Map<string, string | null>([
    ['git.head', gitHead],
    ['environment.id', environment?.id ?? null],
    ['environment.url', environment?.url ?? null],
    ['launch.id', launch.id],
  ]);
}
