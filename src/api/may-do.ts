import type { Permission } from '../core/access/permission.ts';
import { allows } from '../core/access/allows.ts';
import { loadAccess } from '../engine/access/load-access.ts';
import type { Launch } from '../core/launch/launch.ts';
import { readNow } from '../store/open-store.ts';
import type { ApiParts } from './api-parts.ts';

/**
 * Whether a person could do something everywhere in a launch, for pages that show what can be done. It is no permission and stands in no audit: whoever then
 * does it is asked again.
 */
export async function mayDo(
  { store }: Pick<ApiParts, 'store'>,
  launch: Launch,
  { person, permission }: { person: string; permission: Permission },
): Promise<boolean> {
  const { scene } = await loadAccess(store, launch, null);
  const nowMs = Date.parse(await readNow(store));
  const answers = launch.environments.map(({ id }) =>
    allows(scene, { actor: person, permission, scope: { launch: launch.id, environment: id } }, nowMs),
  );
  return answers.length > 0 && answers.every(({ allowed }) => allowed);
}
