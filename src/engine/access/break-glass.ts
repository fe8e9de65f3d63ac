import { toBreakGlassReference } from '../../core/access/to-approval-reference.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { approvalLevel } from '../../core/procedure/authority.ts';
import type { ApprovalReference, Run } from '../../core/procedure/run.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from './load-access.ts';
import { requirePermission } from './permit-person.ts';

/**
 * What a run is told in the place of an approval, where this person holds a break-glass grant that is in force (A29). Written down as an exception.
 * Throws `permission_denied`, and `grant_unknown` where nobody of theirs broke the glass.
 */
export async function breakGlass(
  store: Store,
  launch: RightsLaunch,
  { run, person, nowMs }: { run: Run; person: string; nowMs: number },
): Promise<ApprovalReference> {
  const { id, plan } = run;
  const environment = plan.environment.id;
  const ask = { person, permission: 'approval.bypass', environment, nowMs, run: id } as const;
  const { grant: allowedBy } = await requirePermission(store, launch, ask);
  const { scene } = await loadAccess(store, launch, null);
  const grant = scene.grants.find((each) => each.id === allowedBy);
  const level = approvalLevel(plan);
  const reference = grant ? toBreakGlassReference(grant, { level, planHash: plan.planHash }) : null;
  if (reference !== null) return reference;
  throw new ProductError('grant_unknown', `${person}: expected a break-glass grant in ${environment}, got none`, {
    hint: 'give one with "tminus grant give --break-glass"',
  });
}
