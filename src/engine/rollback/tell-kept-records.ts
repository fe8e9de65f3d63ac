import type { Store } from '../../store/open-store.ts';
import { findSwitch } from '../data/archive/resolve-window.ts';
import type { Scene } from '../scene.ts';

/**
 * Returns, for each dataset that says when a record of its target was written, how to keep what users wrote on the new side (C17). Nothing where no user is known to have been there.
 */
export async function tellKeptRecords(
  store: Store,
  scene: Scene,
  { traffic, isBehind }: { traffic: readonly { exposed: number; weight: number | null }[]; isBehind: boolean },
): Promise<string[]> {
  const dated = scene.launch.datasets.filter(({ partial }) => partial !== null);
  if (dated.length === 0) return [];
  const found = await findSwitch(store, scene);
  const wasExposed = traffic.some(({ exposed, weight }) => exposed > 0 || (weight ?? 0) > 0);
  if (found === null && !isBehind && !wasExposed) return [];
  return dated.map(({ id, partial }) => {
    const [when, since] =
      found === null
        ? ['the switch, of which nobody knows when it was', 'MOMENT']
        : [`${found.since} (${found.because})`, 'switch'];
    return `records of ${id} by ${partial!.by} since ${when}: keep them with "tminus export ${id} --since ${since}"`;
  });
}
