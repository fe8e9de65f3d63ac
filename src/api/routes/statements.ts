import type { Approval, Attestation, Waiver } from '@tminus/verify';
import { z } from 'zod';

import { appendSignedApproval, prepareApproval } from '../../engine/sign/approval.ts';
import { appendSignedAttestation, prepareAttestation } from '../../engine/sign/attestation.ts';
import { appendSignedWaiver, prepareWaiver } from '../../engine/sign/waiver.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf, signedRoute } from '../signed-route.ts';
import { requireVersion } from '../versions.ts';
import { preparedView, toPreparedView } from '../views/sign-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const ofGate = ofLaunch.extend({ gate: z.string() });
const tag = 'gates';
const text = z.string().trim().max(4_000);
const role = z.string().max(200).nullable().default(null);
const proof = z
  .strictObject({
    kind: z.enum(['url', 'file', 'artifact', 'comment', 'external-status']),
    value: z.string().min(1).max(2_000),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/u)
      .nullable()
      .default(null)
      .describe('of the bytes of a file, which stay with the caller'),
  })
  .nullable()
  .default(null);

/** What people say and sign about a launch: votes at gates, words on human criteria, waivers. Each in two requests: what would be said now, and the same signed. */
export const statementRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/gates/:gate/votes/prepare',
    id: 'prepareVote',
    summary: 'The vote of the caller on a gate as it stands now, to be signed; writes nothing',
    tag,
    access: may('launch.view'),
    params: ofGate,
    query: inEnvironment,
    body: z.strictObject({
      vote: z.enum(['go', 'no-go']),
      comment: text,
      role,
      seen: z.string().describe('subjectSha256 of the decision that the caller has read'),
    }),
    response: preparedView,
    handle: async ({ parts, params, query, body: { seen, ...said }, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const prepared = await prepareApproval(parts.store, scene, person(), { gate: params.gate, phase: null, ...said });
      requireVersion(`gate ${params.gate}`, seen, prepared.decision.subjectSha256);
      return toPreparedView(scene.launch, prepared);
    },
  }),
  signedRoute<Approval, typeof ofGate>({
    path: '/launches/:launch/gates/:gate/votes',
    id: 'castVote',
    summary: 'Appends a signed vote; refused as statement_stale where anything that was shown has changed',
    tag,
    access: may('launch.view'),
    params: ofGate,
    append: ({ store }, scene, signed) => appendSignedApproval(store, scene, signed, { phase: null }),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/attestations/prepare',
    id: 'prepareAttestation',
    summary: 'The word of the caller on a human criterion, to be signed; writes nothing',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    body: z.strictObject({ criterion: z.string().max(200), comment: text, role, proof }),
    response: preparedView,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return toPreparedView(scene.launch, await prepareAttestation(parts.store, scene, person(), body));
    },
  }),
  signedRoute<Attestation, typeof ofLaunch>({
    path: '/launches/:launch/attestations',
    id: 'attest',
    summary: 'Seals a signed word as evidence of its criterion',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    append: ({ store }, scene, signed) => appendSignedAttestation(store, scene, signed),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/waivers/prepare',
    id: 'prepareWaiver',
    summary: 'A waiver by the caller, to be signed; writes nothing',
    tag,
    access: may('waiver.sign'),
    params: ofLaunch,
    query: inEnvironment,
    body: z.strictObject({
      criterion: z.string().max(200),
      reason: text.min(3),
      role,
      requestedBy: z.string().max(200),
      expiresAt: z.iso.datetime(),
    }),
    response: preparedView,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return toPreparedView(scene.launch, await prepareWaiver(parts.store, scene, person(), body));
    },
  }),
  signedRoute<Waiver, typeof ofLaunch>({
    path: '/launches/:launch/waivers',
    id: 'waive',
    summary: 'Appends a signed waiver',
    tag,
    access: may('waiver.sign'),
    params: ofLaunch,
    append: ({ store }, scene, signed) => appendSignedWaiver(store, scene, signed),
  }),
];
