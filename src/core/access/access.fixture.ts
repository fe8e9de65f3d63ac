import { sha256Hex, signStatement } from '@tminus/verify';
import type { ActionVote } from '@tminus/verify';

import { person, privateKeyOf } from '../gate/dossier.fixture.ts';
import type { Environment } from '../launch/launch.ts';
import { requestSha256 } from './approval-request.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from './approval-request.ts';
import type { Grant } from './grant.ts';
import type { AccessRole } from './permission.ts';

/** The moment of every question. */
export const nowMs = Date.parse('2026-12-05T12:00:00.000Z');
const at = { file: 'launch.md', line: 1, column: 1 };

/** The instant this many minutes after (negative: before) the question. */
export function minutes(after: number): string {
  return new Date(nowMs + after * 60_000).toISOString();
}

function environment(id: string, production: boolean): Environment {
  return {
    id,
    url: null,
    production,
    simulated: false,
    allow: [],
    comms: 'off',
    testMail: null,
    testWebhook: null,
    at,
  };
}

/** Three approvers, two leads, one of them with three accounts, a requester, an author, an operator, an admin and two robots. */
const people = [
  person('alice', { name: 'Alice Example' }),
  person('alice-phone', { human: 'alice' }),
  person('alice-admin', { human: 'alice' }),
  person('bob'),
  person('carol'),
  person('lena'),
  person('rita'),
  person('arthur', { name: 'Arthur Author' }),
  person('oscar'),
  person('ada'),
  person('deployer', { automation: true }),
  person('robot', { automation: true }),
];

export function grant(holder: string, role: AccessRole, patch: Partial<Grant> = {}): Grant {
  return {
    id: `g-${holder}-${role}`,
    holder: { kind: 'person', id: holder },
    role,
    launch: 'shop',
    environment: 'production',
    givenBy: 'ada',
    givenAt: minutes(-600),
    expiresAt: null,
    revokedAt: null,
    delegates: null,
    breakGlass: null,
    ...patch,
  };
}

/** A launch in which `request()` is approved by `votes()`. */
export function scene(patch: Partial<ApprovalScene> = {}): ApprovalScene {
  return {
    launch: {
      id: 'shop',
      people,
      roles: [],
      environments: [environment('production', true), environment('staging', false)],
    },
    groups: [{ id: 'night-shift', people: ['carol', 'robot'] }],
    grants: [
      ...['alice', 'alice-phone', 'alice-admin', 'bob', 'carol', 'rita', 'arthur', 'oscar', 'robot'].map((each) =>
        grant(each, 'approver'),
      ),
      grant('lena', 'lead'),
      grant('deployer', 'operator'),
      grant('ada', 'admin', { givenBy: null }),
    ],
    policies: [
      { id: 'harmless', actions: ['http'], environments: ['staging'], givenBy: 'ada', expiresAt: minutes(600) },
    ],
    ...patch,
  };
}

export function request(patch: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'r-1',
    launch: 'shop',
    environment: 'production',
    planHash: sha256Hex('plan'),
    candidateSha256: sha256Hex('candidate'),
    dryRunSha256: sha256Hex('dry run'),
    level: 2,
    action: { id: 'switch', kind: 'dns', reversible: false, destructive: false },
    runbook: 'cutover',
    policy: null,
    reason: 'the switch of the evening',
    requester: 'rita',
    authors: ['Arthur Author <arthur@example.org>'],
    executors: ['deployer', 'oscar'],
    requestedAt: minutes(-60),
    expiresAt: minutes(60),
    ...patch,
  };
}

export function vote(of: ApprovalRequest, who: string, patch: Partial<ActionVote> = {}, key = who): LoggedActionVote {
  const statement: ActionVote = {
    format: 'tminus/action-vote/1',
    launch: of.launch,
    environment: of.environment,
    planHash: of.planHash,
    candidateSha256: of.candidateSha256,
    request: of.id,
    requestSha256: requestSha256(of),
    dryRunSha256: of.dryRunSha256,
    vote: 'go',
    person: who,
    role: who === 'lena' ? 'lead' : 'approver',
    authMethod: 'passkey',
    principal: `credential of ${who}`,
    sourceIp: '192.0.2.7',
    reason: 'I have read the dry run',
    signedAt: minutes(-30),
    expiresAt: minutes(60),
    ...patch,
  };
  const signed = signStatement(statement, statement.person, privateKeyOf(key));
  return { id: `v-${who}-${statement.signedAt}-${statement.vote}`, entry: signed };
}
