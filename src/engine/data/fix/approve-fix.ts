import type { Signed } from '@tminus/verify';

import { approverFaults, signatureFault } from '../../../core/approval/authority.ts';
import { fixPlanFaults, fixPlanSha256 } from '../../../core/dataset/fix/fix-plan.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import type { Store } from '../../../store/open-store.ts';
import type { Scene } from '../../scene.ts';
import { toPrepared } from '../../sign/prepared.ts';
import type { Prepared } from '../../sign/prepared.ts';
import { toDeclaredPerson } from '../../sign/signer.ts';
import { refuseFix } from './fix-setting.ts';
import { findFix, makeFixMove } from './move-fix.ts';

/** What a person signs: this plan, by its digest. */
export interface FixStatement {
  format: 'tminus/fix-approval/1';
  launch: string;
  environment: string;
  planHash: string;
  candidateSha256: string;
  fix: string;
  dataset: string;
  /** Digest of the plan of the fix. */
  planSha256: string;
  policy: string;
  changes: number;
  person: string;
  comment: string;
}

type Setting = { scene: Pick<Scene, 'launch' | 'binding'> };

/** The approval of a person, before it is signed. Throws `fix_refused` with every reason why it would not hold; writes nothing. */
export async function prepareFixApproval(
  store: Store,
  { scene }: Setting,
  { fix: id, person, comment }: { fix: string; person: string; comment: string },
): Promise<Prepared<FixStatement>> {
  const fix = await findFix(store, id);
  const said = toDeclaredPerson(scene.launch, person);
  const faults = [
    ...approverFaults(scene.launch, { person: said.id, requester: fix.requester }),
    ...bindingFaults(scene, fix),
    ...fixPlanFaults(fix.plan),
  ];
  if (fix.state !== 'planned') faults.push(`it is ${fix.state}`);
  if (faults.length > 0) throw refuseFix(`fix ${id}`, faults, 'mend what is named, or plan it again');
  const { launch, planHash, candidateSha256, environment } = scene.binding;
  return toPrepared<FixStatement>({
    format: 'tminus/fix-approval/1',
    launch,
    environment,
    planHash,
    candidateSha256,
    fix: id,
    dataset: fix.dataset,
    person,
    comment,
    planSha256: fix.planSha256,
    policy: fix.plan.policy,
    changes: fix.plan.changes.length,
  });
}

/** Keeps a signed approval with its fix; throws `fix_refused` where the signature is not that of the declared key, or is about another plan. */
export async function approveFix(
  store: Store,
  { scene }: Setting,
  { fix: id, signed }: { fix: string; signed: Signed<FixStatement> },
): Promise<StoredFix> {
  const fix = await findFix(store, id);
  const faults = approvalFaults(scene, fix, signed);
  if (faults.length > 0) throw refuseFix(`fix ${id}`, faults, 'sign what "tminus fix show" shows');
  const { person, comment } = signed.statement;
  return await makeFixMove(store, fix, { move: 'approve', person, detail: comment, write: { approval: signed } });
}

/** Why a signed approval does not hold for a fix, each reason; asked again before anything is written. */
export function approvalFaults(scene: Setting['scene'], fix: StoredFix, signed: Signed<FixStatement> | null): string[] {
  if (signed === null) return ['nobody approved it'];
  const { statement } = signed;
  const isThis = statement.fix === fix.id && statement.planSha256 === fix.planSha256;
  const fault = isThis ? signatureFault(scene.launch, signed) : 'the approval is about another plan';
  return [
    ...(fault === null ? [] : [fault]),
    ...approverFaults(scene.launch, { person: statement.person, requester: fix.requester }),
    ...bindingFaults(scene, fix),
  ];
}

/** A plan is about one state of the documents: another policy, or another environment, is another plan. */
function bindingFaults({ launch, binding }: Setting['scene'], fix: StoredFix): string[] {
  const policy = launch.datasets.find(({ id }) => id === fix.dataset)?.fixPolicy ?? 'none';
  return [
    ...(fix.environment === binding.environment && fix.launch === binding.launch
      ? []
      : ['it is for another environment']),
    ...(fix.plan.policy === policy
      ? []
      : [`it was planned under policy ${fix.plan.policy}, and the policy is ${policy}`]),
    ...(fixPlanSha256(fix.plan) === fix.planSha256 ? [] : ['its plan is not the one that was kept']),
  ];
}
