import { loadAccess } from '../engine/access/load-access.ts';
import { allows } from '../core/access/allows.ts';
import type { Identity } from '../engine/identity/identity.ts';
import { readNow } from '../store/open-store.ts';
import type { ApiParts } from './api-parts.ts';

/** Where somebody may look at runs. */
export interface ViewPlace {
  launch: string;
  environment: string;
}

/** Every environment of every launch in which somebody may look at runs now; what cannot be read allows nothing. */
export async function viewPlaces({ store, launches }: ApiParts, { person, scopes }: Identity): Promise<ViewPlace[]> {
  if (person === null || (scopes !== null && !scopes.includes('run.view'))) return [];
  const nowMs = Date.parse(await readNow(store));
  const places: ViewPlace[] = [];
  for (const { plan } of await launches.list()) {
    if (!plan) continue;
    const { launch } = plan;
    const { scene } = await loadAccess(store, launch, null);
    for (const { id: environment } of launch.environments) {
      const scope = { launch: launch.id, environment };
      if (allows(scene, { actor: person, permission: 'run.view', scope }, nowMs).allowed) places.push(scope);
    }
  }
  return places;
}
