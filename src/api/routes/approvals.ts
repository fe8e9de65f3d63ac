import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { listApprovals, readApprovals } from '../../engine/access/list-approvals.ts';
import type { ApprovalStanding } from '../../engine/access/list-approvals.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { loadRunWithLaunch } from '../launch-of-run.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { viewPlaces } from '../view-places.ts';
import { approvalView, toApprovalView } from '../views/approval-view.ts';

const ofRequest = z.object({ run: z.string(), request: z.string() });

/** Approvals of runs, to read: what is asked for, and how it stands. */
export const approvalRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/approvals',
    id: 'listApprovals',
    summary: 'Requests that still want votes, of every launch and environment that the caller may look at',
    tag: 'approvals',
    access: may('run.view', 'any'),
    query: z.object({ launch: z.string().max(200).optional() }),
    response: z.object({ items: z.array(approvalView) }),
    handle: async ({ parts, query, identity }) => {
      const places = await viewPlaces(parts, identity);
      const served = (await parts.launches.list()).filter(
        ({ id }) => query.launch === undefined || id === query.launch,
      );
      const lists = await Promise.all(
        served.map(async ({ id, plan }) => {
          const environments = places.flatMap(({ launch, environment }) => (launch === id ? [environment] : []));
          return plan ? listApprovals(parts.store, plan.launch, environments) : [];
        }),
      );
      return { items: lists.flat().map(toApprovalView) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/approvals',
    id: 'listRunApprovals',
    summary: 'Every request for approval of a run, the newest first',
    tag: 'approvals',
    access: may('run.view', 'run'),
    params: z.object({ run: z.string() }),
    response: z.object({ items: z.array(approvalView) }),
    handle: async ({ parts, params }) => {
      const { launch } = await loadRunWithLaunch(parts, params.run);
      return { items: (await readApprovals(parts.store, launch, params.run)).map(toApprovalView) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/approvals/:request',
    id: 'readApproval',
    summary: 'A request for approval with what it is bound to, its votes, and who could still vote',
    tag: 'approvals',
    access: may('run.view', 'run'),
    params: ofRequest,
    response: approvalView,
    handle: async ({ parts, params }) => toApprovalView(await findStanding(parts, params)),
  }),
];

async function findStanding(parts: ApiParts, { run, request }: z.output<typeof ofRequest>): Promise<ApprovalStanding> {
  const { launch } = await loadRunWithLaunch(parts, run);
  const found = (await readApprovals(parts.store, launch, run)).find(({ assessed }) => assessed.request.id === request);
  if (found) return found;
  throw new ProductError('approval_unknown', `approval request ${request}: expected one of run ${run}, got none`, {
    hint: 'name a request as the run shows it',
  });
}
