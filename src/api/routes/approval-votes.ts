import { digestOf } from '@tminus/verify';
import type { ActionVote } from '@tminus/verify';
import { z } from 'zod';

import { accessRoles } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { breakGlass } from '../../engine/access/break-glass.ts';
import { findRequest } from '../../engine/access/assess-request.ts';
import { askApproval, wantedLevel } from '../../engine/runs/ask-approval.ts';
import { tellApproval, tellVote } from '../../engine/runs/tell-vote.ts';
import { appendSignedActionVote, prepareActionVote } from '../../engine/sign/action-vote.ts';
import { readNow } from '../../store/open-store.ts';
import { may } from '../access.ts';
import { loadRunWithLaunch } from '../launch-of-run.ts';
import { requireOwn } from '../own-signature.ts';
import { requireSession, requireShown } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { preparedView, signedBody, toPreparedView, toSigned } from '../views/sign-view.ts';

const ofRun = z.object({ run: z.string() });
const ofRequest = ofRun.extend({ request: z.string() });
const text = z.string().trim().min(3).max(4_000);
const level = z.int().describe('level of approval');

/**
 * Votes on runs, each in two requests: what would be said now, and the same signed by the key that the launch declares. A session alone says nothing, and a token
 * never votes (A27).
 */
export const approvalVoteRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/runs/:run/approvals',
    id: 'askApproval',
    summary: 'Asks for an approval of a run whose own has expired, or of taking it back from where it stands',
    tag: 'approvals',
    access: may('approval.request', 'run'),
    params: ofRun,
    body: z.strictObject({
      what: z.enum(['run', 'way-back']),
      reason: text,
      expectedVersion: z.string().max(40),
    }),
    response: z.object({ id: z.string(), level, expiresAt: z.string() }),
    status: 201,
    handle: async ({ parts, params, body, person }) => {
      const { stored, launch } = await loadRunWithLaunch(parts, params.run);
      const { run, events } = stored;
      requireVersion(`run ${run.id}`, body.expectedVersion, String(events));
      if (wantedLevel(run, body.what) === 0) throw nothingWanted(run.id);
      const scene = await parts.launches.scene(launch.id, run.plan.environment.id);
      const { what, reason } = body;
      return askApproval(parts.store, scene, { run, what, reason, requester: person(), kinds: parts.stepKinds });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/:run/approvals/:request/votes/prepare',
    id: 'prepareRunVote',
    summary: 'The vote of the caller on a request as it stands now, to be signed; writes nothing',
    tag: 'approvals',
    access: may('run.view', 'run'),
    params: ofRequest,
    body: z.strictObject({
      vote: z.enum(['go', 'no-go']),
      reason: text,
      role: z.enum(accessRoles).nullable().default(null),
      seen: z.string().max(100).describe('version of the request that the caller has read'),
    }),
    response: preparedView,
    handle: async ({ parts, params, body: { seen, ...said }, person, identity, ip }) => {
      requireSession(identity);
      const { launch } = await loadRunWithLaunch(parts, params.run);
      const { request } = await findRequest(parts.store, launch, params.request);
      requireVersion(`request ${request.id}`, seen, digestOf(request));
      const scene = await parts.launches.scene(launch.id, request.environment);
      const wish = { ...said, request: request.id, sourceIp: ip };
      return toPreparedView(launch, await prepareActionVote(parts.store, scene, person(), wish));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/:run/approvals/:request/votes',
    id: 'castRunVote',
    summary: 'Appends a signed vote; approved, the run goes on, and refused by one who decides it ends',
    tag: 'approvals',
    access: may('run.view', 'run'),
    params: ofRequest,
    body: signedBody,
    response: z.object({
      id: z.string(),
      index: z.int(),
      approved: z.boolean(),
      ended: z.boolean().describe('true where this vote ended the run'),
      reasons: z.array(z.string()).describe('what is wanted still'),
    }),
    status: 201,
    handle: async ({ parts, params, body, person, identity, ip }) => {
      requireSession(identity);
      requireOwn(body, person());
      const { stored, launch } = await loadRunWithLaunch(parts, params.run);
      const { run, request } = await findRequest(parts.store, launch, params.request);
      if (run !== params.run || body.statement['request'] !== request.id) throw otherRequest(params);
      const scene = await parts.launches.scene(launch.id, request.environment);
      const signed = toSigned<ActionVote>(body);
      const voted = await appendSignedActionVote(parts.store, scene, signed, { sourceIp: ip });
      const ended = await tellVote(parts.engine, stored.run, voted);
      const { approved, reasons } = voted.assessment;
      return { id: voted.id, index: voted.index, approved, ended, reasons };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/:run/break-glass',
    id: 'breakGlass',
    summary: 'Starts a run without its approval, where the caller holds a break-glass grant; told to everybody',
    tag: 'approvals',
    access: may('approval.bypass', 'run'),
    params: ofRun,
    body: z.strictObject({ expectedVersion: z.string().max(40) }),
    response: z.object({ run: z.string(), grant: z.string() }),
    handle: async ({ parts, params, body, person, identity }) => {
      requireShown(identity);
      const { stored, launch } = await loadRunWithLaunch(parts, params.run);
      const { run, events } = stored;
      requireVersion(`run ${run.id}`, body.expectedVersion, String(events));
      const nowMs = Date.parse(await readNow(parts.store));
      const reference = await breakGlass(parts.store, launch, { run, person: person(), nowMs });
      await tellApproval(parts.engine, run.id, reference);
      return { run: run.id, grant: reference.id };
    },
  }),
];

function nothingWanted(run: string): ProductError {
  return new ProductError(
    'approval_refused',
    `run ${run}: expected one that wants an approval, got one that wants none`,
    {
      hint: 'go on without: nothing of it writes to production',
    },
  );
}

function otherRequest({ run, request }: z.output<typeof ofRequest>): ProductError {
  return new ProductError('signature_invalid', `statement: expected one on ${request} of ${run}, got another`, {
    hint: 'prepare the vote for this request, and sign that',
  });
}
