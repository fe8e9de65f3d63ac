import { z } from 'zod';

import { permissions } from '../../core/access/permission.ts';
import type { Permission } from '../../core/access/permission.ts';
import { leafCriteria } from '../../engine/launches/read-gate-page.ts';
import type { GatePage } from '../../engine/launches/read-gate-page.ts';
import { decisionView } from './decision-view.ts';

const castVote = z
  .object({
    id: z.string(),
    person: z.string(),
    role: z.string(),
    vote: z.enum(['go', 'no-go']),
    comment: z.string(),
    signedAt: z.string(),
    voidBecause: z.string().nullable().describe('why it does not count; null where it does'),
  })
  .meta({ id: 'CastVote' });

const roll = z
  .object({
    quorum: z.int(),
    go: z.int(),
    noGo: z.int(),
    seats: z.array(
      z.object({
        role: z.string().nullable(),
        people: z.array(z.string()).describe('who could give it now; empty where it is given'),
        vote: castVote.nullable(),
      }),
    ),
    canBeFilled: z.boolean().describe('false where too few people may vote for every seat'),
    voided: z.array(castVote),
  })
  .meta({ id: 'Roll' });

/** A go/no-go poll as it stands. */
export const pollView = z
  .object({
    id: z.string(),
    state: z.enum(['open', 'stale', 'ended', 'closed']).describe('stale: what it was called about has changed since'),
    subjectSha256: z.string(),
    openedBy: z.string(),
    openedAtMs: z.number(),
    closesAtMs: z.number(),
    closedBy: z.string().nullable(),
    closedAtMs: z.number().nullable(),
  })
  .meta({ id: 'Poll' });

export const permission = z.enum(permissions as [Permission, ...Permission[]]);

/** A gate: its decision, and what can be done at it. */
export const gateView = decisionView
  .extend({
    title: z.string(),
    roles: z.array(z.string()).describe('roles whose vote is wanted, each'),
    requester: z.string().nullable(),
    criteria: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        human: z.boolean(),
        role: z.string().nullable(),
        proof: z.enum(['url', 'file', 'artifact', 'comment', 'external-status']).nullable(),
        waivable: z.boolean(),
        checked: z.boolean().describe('whether a machine looks'),
      }),
    ),
    roll,
    poll: pollView.nullable().describe('the newest'),
    rights: z.array(permission).describe('what the caller may do here now'),
    logSize: z.int(),
  })
  .meta({ id: 'GatePage' });

/** What the API tells of a gate. */
export function toGateView({
  decision,
  declared,
  logSize,
  roll: called,
  poll,
  rights,
}: GatePage): z.input<typeof gateView> {
  return {
    ...decision,
    title: declared.title,
    roles: declared.roles,
    requester: declared.requester,
    criteria: leafCriteria(declared).map(({ check, human, ...criterion }) => ({
      ...criterion,
      human: human || check?.kind === 'manual',
      checked: check !== null && check.kind !== 'manual',
    })),
    roll: called,
    poll,
    rights: [...rights],
    logSize,
  };
}
