import { nameFirstAdmin } from '../../src/engine/access/name-first-admin.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import type { TestApi } from './open-api.ts';

/** Makes a person the first admin of the shop launch, as whoever installs does. */
export async function nameAdmin({ store, launch: { directory } }: TestApi, person: string): Promise<void> {
  const { launch } = await loadPlan(directory, { checks: checkReaders, steps: stepReaders });
  const [named] = await nameFirstAdmin(store, [launch], person);
  if (named?.named !== true) throw new Error(`first admin: expected ${person}, got ${named?.why ?? 'nobody'}`);
}
