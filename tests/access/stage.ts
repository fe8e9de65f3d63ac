import { sha256Hex } from '@tminus/verify';

import { launch as newLaunch, person, privateKeyOf } from '../../src/core/gate/dossier.fixture.ts';
import type { Launch } from '../../src/core/launch/launch.ts';
import type { PlannedStep } from '../../src/core/procedure/plan.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { beganAtMs, newRun, planOf, step } from '../../src/core/procedure/runs.fixture.ts';
import { castVote } from '../../src/engine/access/cast-vote.ts';
import { requestApproval } from '../../src/engine/access/request-approval.ts';
import type { ApprovalWish } from '../../src/engine/access/request-approval.ts';
import type { ApprovalRequest } from '../../src/core/access/approval-request.ts';
import { permitStep } from '../../src/engine/access/permit-step.ts';
import type { StepAsk, StepPermit } from '../../src/engine/access/permit-step.ts';
import type { Signer } from '../../src/engine/sign/signer.ts';
import { toSigner } from '../../src/engine/sign/signer.ts';
import type { Scene } from '../../src/engine/scene.ts';
import { readNow } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
export const planHash = sha256Hex('plan');
export const candidateSha256 = sha256Hex('candidate');

/** Two leads, an operator, a robot, a developer, and people whom the document gives nothing. */
export function newStageLaunch(patch: Partial<Launch> = {}): Launch {
  return newLaunch([], {
    people: [
      person('alice'),
      person('alice-phone', { human: 'alice', key: person('alice-phone').key }),
      person('bob'),
      person('carol'),
      person('dave', { name: 'Dave Ito' }),
      person('ada'),
      person('zoe'),
      person('robot', { automation: true }),
    ],
    roles: [
      { id: 'lead', people: ['alice', 'bob'], at },
      { id: 'operator', people: ['carol', 'robot'], at },
      { id: 'developer', people: ['dave'], at },
    ],
    ...patch,
  });
}

/** A scene of that launch in an environment. */
export function newScene(launch = newStageLaunch(), environment = 'production'): Scene {
  const binding = { launch: launch.id, planHash, candidateSha256, environment };
  const found = launch.environments.find(({ id }) => id === environment)!;
  const candidate = { commit: 'c0ffee', version: '1', url: null, environment, extra: {} };
  return { directory: '/', documents: [], launch, planHash, environment: found, candidate, candidateSha256, binding };
}

/** A run of one step that writes. */
export function newStageRun(
  over: Partial<PlannedStep> = {},
  environment = { id: 'production', production: true },
): Run {
  const plan = planOf([step('switch', over)], { planHash, environment });
  return newRun(plan, { id: `run-${Math.random().toString(36).slice(2)}`, requestedBy: 'carol', atMs: beganAtMs });
}

export function signer(scene: Scene, id: string): Signer {
  return toSigner(scene.launch, id, privateKeyOf(id));
}

/** Asks for the approval of a run, as its requester would. */
export function ask(store: Store, scene: Scene, run: Run, patch: Partial<ApprovalWish> = {}): Promise<ApprovalRequest> {
  const action = { id: 'runbook', kind: 'run', reversible: true, destructive: false };
  const shown = { level: 1, dryRunSha256: sha256Hex('dry run'), runbook: 'runbook', reason: 'the evening' } as const;
  const people = { requester: 'carol', authors: ['Dave Ito <dave@example.org>'], executors: ['carol'] };
  return requestApproval(store, scene, { run: run.id, action, ...shown, ...people, ...patch });
}

export function say(store: Store, scene: Scene, who: string, request: string) {
  const wish = { request, vote: 'go', reason: 'I have read the dry run', role: null, sourceIp: null } as const;
  return castVote(store, scene, signer(scene, who), wish);
}

export function sayNoGo(store: Store, scene: Scene, who: string, request: string) {
  const wish = { request, vote: 'no-go', reason: 'the dry run is of yesterday', role: null, sourceIp: null } as const;
  return castVote(store, scene, signer(scene, who), wish);
}

/** Asks as the worker does, right before the effect. */
export async function permit(store: Store, scene: Scene, run: Run, patch: Partial<StepAsk> = {}): Promise<StepPermit> {
  const nowMs = await nowOf(store);
  const about = { step: 'switch', part: 'forward', actor: 'carol', environment: scene.binding.environment } as const;
  return permitStep(store, scene.launch, { run, ...about, candidateSha256, nowMs, ...patch });
}

export async function nowOf(store: Store): Promise<number> {
  return Date.parse(await readNow(store));
}
