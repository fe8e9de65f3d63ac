import { randomBytes } from 'node:crypto';

import { levelRules } from '../../core/access/approval-level.ts';
import type { ApprovalRequest } from '../../core/access/approval-request.ts';
import { requestFault } from '../../core/access/request-fault.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { insertRequest } from '../../store/approval-request.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';
import { loadAccess } from './load-access.ts';
import { requirePermission } from './permit-person.ts';

/** What approval is asked for. */
export interface ApprovalWish {
  run: string;
  action: ApprovalRequest['action'];
  level: ApprovalRequest['level'];
  dryRunSha256: string;
  /** Procedure that is followed; wanted from level 2 on. */
  runbook: string | null;
  reason: string;
  requester: string;
  /** Who wrote the change: accounts, or names as Git has them. */
  authors: readonly string[];
  /** Accounts that the steps will run for. */
  executors: readonly string[];
}

/**
 * Asks for the approval of a run and keeps the request: bound to plan, candidate, environment and dry run as they are now, and ending with the life
 * of its level. Throws `permission_denied` for a requester who may not, and `approval_refused` where no vote could ever approve it.
 */
export async function requestApproval(
  store: Store,
  scene: Pick<Scene, 'launch' | 'binding'>,
  wish: ApprovalWish,
): Promise<ApprovalRequest> {
  const request = await prepareRequest(store, scene, wish);
  await insertRequest(store, wish.run, request);
  return request;
}

/** The request as it would be kept now; `run` is null where there is none yet. Throws as `requestApproval` does, and keeps nothing but the audit. */
export async function prepareRequest(
  store: Store,
  scene: Pick<Scene, 'launch' | 'binding'>,
  wish: Omit<ApprovalWish, 'run'> & { run: string | null },
): Promise<ApprovalRequest> {
  const { run, ...about } = wish;
  const of = run ?? wish.action.id;
  const requestedAt = await readNow(store);
  const nowMs = Date.parse(requestedAt);
  const { environment } = scene.binding;
  const ask = { person: wish.requester, permission: 'approval.request', environment, nowMs, run } as const;
  await requirePermission(store, scene.launch, ask);
  const request: ApprovalRequest = {
    ...scene.binding,
    ...about,
    // The run is part of what is signed: a vote on one run is no vote on another.
    id: `${of}.${randomBytes(4).toString('hex')}`,
    policy: null,
    requestedAt,
    expiresAt: new Date(nowMs + levelRules[wish.level].lifeMs).toISOString(),
  };
  const { scene: access } = await loadAccess(store, scene.launch, null);
  const fault = requestFault(request, access, nowMs);
  if (fault !== null) {
    throw new ProductError(
      'approval_refused',
      `approval of ${of}: expected one that can be given, got none: ${fault}`,
      {
        hint: 'nothing was asked for; mend what is named and ask again',
      },
    );
  }
  return request;
}
