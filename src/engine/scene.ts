import type { Binding } from '@tminus/verify';

import { candidateSha256 } from '../core/candidate/candidate-sha256.ts';
import type { Candidate } from '../core/candidate/candidate.ts';
import { resolveCandidate } from '../core/candidate/resolve-candidate.ts';
import { ProductError } from '../core/error/product-error.ts';
import type { Environment, Launch } from '../core/launch/launch.ts';
import { readGitHead } from './read-git-head.ts';

/** A document as it was read from the launch repository. */
export interface SceneDocument {
  path: string;
  bytes: Uint8Array;
}

/** One launch as its documents declare it, and the candidate it is about: what every use case stands on. */
export interface Scene {
  /** Absolute path of the launch repository. */
  directory: string;
  documents: readonly SceneDocument[];
  launch: Launch;
  planHash: string;
  environment: Environment;
  candidate: Candidate;
  candidateSha256: string;
  binding: Binding;
}

/** What has been read of a launch before its candidate is known. */
export interface ReadPlan {
  directory: string;
  documents: readonly SceneDocument[];
  launch: Launch;
  planHash: string;
}

/**
 * Resolves environment and candidate of a launch. `environmentId` overrides the document's own.
 * Throws `usage` for an override that is not declared, and `candidate_unknown` where either cannot be told: evidence bound to a guess would prove nothing.
 */
export async function toScene(plan: ReadPlan, environmentId: string | null): Promise<Scene> {
  const environment = findEnvironment(plan.launch, environmentId);
  const gitHead = await readGitHead(plan.directory);
  const resolved = resolveCandidate(plan.launch.candidate, { launch: plan.launch, environment, gitHead });
  if (!resolved.ok) throw unknownCandidate(plan.launch, resolved.faults);
  const { candidate } = resolved;
  const digest = candidateSha256(candidate);
  const binding: Binding = {
    launch: plan.launch.id,
    planHash: plan.planHash,
    candidateSha256: digest,
    environment: environment.id,
  };
  return { ...plan, environment, candidate, candidateSha256: digest, binding };
}

function findEnvironment(launch: Launch, environmentId: string | null): Environment {
  const wanted = environmentId ?? launch.environment;
  const found = launch.environments.find(({ id }) => id === wanted);
  if (found) return found;
  const known = launch.environments.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError(
    environmentId === null ? 'candidate_unknown' : 'usage',
    `environment of launch ${launch.id}: expected one of ${known}, got ${wanted ?? 'none'}`,
    { hint: 'name a declared environment with --environment, or declare it under environments in the front matter' },
  );
}

function unknownCandidate(
  launch: Launch,
  faults: readonly { path: (string | number)[]; expected: string; got: string; hint: string }[],
): ProductError {
  const first = faults[0];
  const text = first ? `${first.path.join('.')}: expected ${first.expected}, got ${first.got}` : 'no commit is known';
  return new ProductError('candidate_unknown', `candidate of launch ${launch.id}: ${text}`, {
    hint: first?.hint ?? 'commit the launch to Git, or write the commit under candidate in the front matter',
    at: launch.candidate?.at ?? null,
  });
}
