import type { Permission } from '../core/access/permission.ts';
import type { Identity } from '../engine/identity/identity.ts';
import type { AuditView } from '../store/audit.ts';
import { personOf, timeOf } from './admit.ts';
import type { ApiParts } from './api-parts.ts';
import { permitView } from './view-scene.ts';

/** What of the audit somebody may see. */
export interface AuditScope {
  /** Environments in which they hold `audit.view`; what belongs to no environment is for whoever holds it in all of them. */
  places: AuditView[];
  /** Whether they manage accounts everywhere, and so may see what happened to them. */
  identity: boolean;
}

/** The scope of an identity now. A launch that cannot be read counts by its last readable documents. */
export async function readAuditScope(parts: ApiParts, identity: Identity): Promise<AuditScope> {
  const person = personOf(identity);
  const { nowMs } = await timeOf(parts);
  const served = (await parts.launches.list()).flatMap(({ plan, lastRead }) => plan?.launch ?? lastRead ?? []);
  const answers = await Promise.all(
    served.map(async (launch) => {
      const all = launch.environments.map(({ id }) => id);
      const heldIn = async (permission: Permission): Promise<string[]> => {
        const asks = all.map((environment) => ({ person, permission, environment, nowMs }));
        const verdicts = await Promise.all(asks.map((ask) => permitView(parts.store, launch, ask)));
        return all.filter((_, index) => verdicts[index]?.allowed === true);
      };
      const isAll = (some: readonly string[]): boolean => some.length > 0 && some.length === all.length;
      const sees = await heldIn('audit.view');
      return {
        place: { launch: launch.id, environments: isAll(sees) ? null : sees },
        manages: isAll(await heldIn('account.manage')),
      };
    }),
  );
  return {
    places: answers.map(({ place }) => place),
    identity: answers.length > 0 && answers.every(({ manages }) => manages),
  };
}
