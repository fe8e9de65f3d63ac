import type { CheckKind, JsonObject, Observation } from '../core/check/check.ts';
import { createMaskDesk } from '../mask/mask-desk.ts';
import type { Store } from '../store/open-store.ts';
import { createDataSecrets, openDataAccess } from './data/open-data-access.ts';
import { observeCheck } from './observe-check.ts';
import { openSealedPhases } from './rollout/read-sealed.ts';
import type { Scene } from './scene.ts';

/** What surrounds one look at one criterion. */
export interface ObserveScene {
  store: Store;
  scene: Scene;
  criterion: string;
  now: () => number;
  signal: AbortSignal;
}

/** Asks a kind once, with the datasets of the launch at hand. The password of a datastore that was opened for it is in nothing that comes back. */
export async function observeWithData(
  kind: CheckKind,
  spec: JsonObject,
  { store, scene, criterion, now, signal }: ObserveScene,
): Promise<Observation> {
  const desk = createMaskDesk({ rules: [], clock: () => new Date(now()), onRefused: () => undefined });
  const data = openDataAccess({
    scene,
    forbidden: [],
    openSecret: createDataSecrets(store, scene, {
      actor: null,
      purpose: `check of ${criterion}`,
      mask: (value) => desk.add(value.name, value.exposeBytes()),
    }),
    now,
  });
  const { sources, trouble } = await observeCheck(kind, spec, {
    signal,
    workspace: scene.directory,
    allow: scene.environment.allow,
    now,
    data,
    phases: openSealedPhases(store, { launch: scene.launch.id, environment: scene.environment.id }),
  });
  return { sources, trouble: trouble && { ...trouble, message: desk.maskText('log', trouble.message) } };
}
