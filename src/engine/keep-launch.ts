import { snapshotLaunch } from '../store/launch-snapshot.ts';
import type { Store } from '../store/open-store.ts';
import type { Scene } from './scene.ts';

/** Keeps launch and documents as they were read, so that evidence can still be explained when Git has moved on. */
export async function keepLaunch(store: Store, { launch, planHash, documents }: Scene): Promise<void> {
  await snapshotLaunch(store, { launch, planHash, documents: [...documents] });
}
