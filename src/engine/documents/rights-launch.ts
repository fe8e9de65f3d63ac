import type { Launch } from '../../core/launch/launch.ts';
import { readLaunchSnapshot } from '../../store/launch-snapshot.ts';
import type { Store } from '../../store/open-store.ts';
import type { ServedLaunch } from '../launches/launch-desk.ts';

/**
 * The launch from which rights in its documents follow: the one that holds now; where none can be read, the last that this process could read, else the newest
 * that the store keeps. Throws what stands against reading where there never was one: nobody has a right in it yet, and it is mended where it lies.
 */
export async function rightsLaunch(store: Store, { id, plan, lastRead, trouble }: ServedLaunch): Promise<Launch> {
  const known = plan?.launch ?? lastRead ?? (await readLaunchSnapshot(store, id))?.launch;
  if (known) return known;
  throw trouble!;
}
