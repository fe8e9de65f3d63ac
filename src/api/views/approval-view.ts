import { z } from 'zod';

import { levelRules } from '../../core/access/approval-level.ts';
import { digestOf } from '@tminus/verify';
import type { ApprovalStanding } from '../../engine/access/list-approvals.ts';

/** A vote on a request, and whether it counts. */
const vote = z.object({
  id: z.string(),
  vote: z.enum(['go', 'no-go']),
  person: z.string(),
  role: z.string(),
  reason: z.string(),
  authMethod: z.string(),
  signedAt: z.string(),
  expiresAt: z.string(),
  counts: z.boolean(),
  faults: z.array(z.string()).describe('why it does not count; empty where it does'),
});

/** A request for approval as it stands now. */
export const approvalView = z
  .object({
    id: z.string(),
    run: z.string(),
    launch: z.string(),
    environment: z.string(),
    level: z.int(),
    action: z.object({ id: z.string(), kind: z.string(), reversible: z.boolean(), destructive: z.boolean() }),
    runbook: z.string().nullable(),
    reason: z.string(),
    requester: z.string(),
    authors: z.array(z.string()),
    executors: z.array(z.string()),
    requestedAt: z.string(),
    expiresAt: z.string(),
    planHash: z.string(),
    candidateSha256: z.string(),
    dryRunSha256: z.string(),
    version: z.string().describe('digest of the request: what a vote has to name as seen'),
    wanted: z.object({
      approvers: z.int(),
      roles: z.array(z.string()),
      secondFactor: z.boolean().describe('only a signature counts, never a plain session or a token'),
    }),
    approved: z.boolean(),
    open: z.boolean().describe('true while votes are still wanted and can still be given'),
    reasons: z.array(z.string()).describe('what is wanted still, or why it can never be had'),
    votes: z.array(vote),
    canVote: z
      .array(z.object({ person: z.string(), name: z.string(), roles: z.array(z.string()) }))
      .describe('who could still say go so that it counts'),
  })
  .meta({ id: 'ApprovalRequest' });

/** What the API tells of a request. */
export function toApprovalView({ assessed, canVote, open }: ApprovalStanding): z.input<typeof approvalView> {
  const { request, run, assessment, votes } = assessed;
  const { approvers, roles, secondFactor } = levelRules[request.level];
  const counting = new Set([...assessment.go, ...assessment.noGo]);
  const faults = new Map(assessment.void.map(({ id, reasons }) => [id, reasons]));
  return {
    ...request,
    run,
    authors: [...request.authors],
    executors: [...request.executors],
    version: digestOf(request),
    wanted: { approvers, roles: [...roles], secondFactor },
    approved: assessment.approved,
    open,
    reasons: assessment.reasons,
    votes: votes.map(({ id, entry: { statement } }) => ({
      ...statement,
      id,
      counts: counting.has(id),
      faults: faults.get(id) ?? [],
    })),
    canVote,
  };
}
