import { allows } from '../core/access/allows.ts';
import type { AccessVerdict } from '../core/access/allows.ts';
import type { RightsLaunch } from '../core/access/document-grants.ts';
import type { AccessScene } from '../core/access/grant.ts';
import type { Permission } from '../core/access/permission.ts';
import { loadAccess } from '../engine/access/load-access.ts';
import type { Store } from '../store/open-store.ts';

/** Who wants to look at what. */
export interface ViewAsk {
  person: string;
  permission: Permission;
  environment: string;
  nowMs: number;
}

/** How old the grants may be that an answer about looking rests on. */
export const viewFreshMs = 1_000;

/** Whether somebody only wants to look: such answers stand in no audit, and only they may rest on grants that were read a moment ago. */
export function isLooking(permission: Permission): boolean {
  return permission.endsWith('.view');
}

/**
 * Whether somebody may look at a launch, by grants that are at most a second old: a page asks many times, and the database is asked once for all of them.
 * What changes something never asks here.
 */
export async function permitView(store: Store, launch: RightsLaunch, ask: ViewAsk): Promise<AccessVerdict> {
  const { person: actor, permission, environment, nowMs } = ask;
  return allows(
    await viewScene(store, launch),
    { actor, permission, scope: { launch: launch.id, environment } },
    nowMs,
  );
}

/** By the launch as it was read: a document that has changed is another object, and asks anew. */
const scenes = new WeakMap<RightsLaunch, { atMs: number; scene: Promise<AccessScene> }>();

function viewScene(store: Store, launch: RightsLaunch): Promise<AccessScene> {
  const known = scenes.get(launch);
  const atMs = performance.now();
  if (known && atMs - known.atMs < viewFreshMs) return known.scene;
  const scene = loadAccess(store, launch, null).then((ground) => ground.scene);
  scenes.set(launch, { atMs, scene });
  scene.catch(() => scenes.delete(launch));
  return scene;
}
