import type { RightsLaunch } from '../core/access/document-grants.ts';
import { rightsLaunch } from '../engine/documents/rights-launch.ts';
import type { Identity } from '../engine/identity/identity.ts';
import type { ServedLaunch } from '../engine/launches/launch-desk.ts';
import { timeOf } from './admit.ts';
import type { ApiParts } from './api-parts.ts';
import { permitView } from './view-scene.ts';

/** The launches in which somebody may look at something, by their last readable documents: one in which they have no right is not even named (A36). */
export async function ownLaunches(parts: ApiParts, { person, scopes }: Identity): Promise<ServedLaunch[]> {
  if (person === null || (scopes !== null && !scopes.includes('launch.view'))) return [];
  const { nowMs } = await timeOf(parts);
  const served = await parts.launches.list();
  const seen = await Promise.all(
    served.map(async (one) => {
      const known = await lastKnown(parts, one);
      // Of a launch that nobody ever could read nobody has a right yet, and somebody has to be told why.
      if (known === null) return true;
      const asked = known.environments.map(({ id: environment }) =>
        permitView(parts.store, known, { person, permission: 'launch.view', environment, nowMs }),
      );
      return (await Promise.all(asked)).some(({ allowed }) => allowed);
    }),
  );
  return served.filter((_, index) => seen[index]);
}

async function lastKnown({ store }: ApiParts, served: ServedLaunch): Promise<RightsLaunch | null> {
  try {
    return await rightsLaunch(store, served);
  } catch (error) {
    if (error === served.trouble) return null;
    throw error;
  }
}
