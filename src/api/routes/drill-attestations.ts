import { z } from 'zod';

import { keepDrillAttestation, prepareDrillAttestation } from '../../engine/rollback/attest-drill.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { may } from '../access.ts';
import { requireOwn } from '../own-signature.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf } from '../signed-route.ts';
import { preparedView, signedBody, toPreparedView } from '../views/sign-view.ts';

const ofDrill = z.object({ launch: z.string(), drill: z.string().max(100) });
const tag = 'rollouts';

/** The word of somebody who watched a drill, in two requests: what would be said now, and the same signed. */
export const drillAttestationRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/drills/:drill/attestations/prepare',
    id: 'prepareDrillAttestation',
    summary: 'The word of the caller that they watched a drill, to be signed; writes nothing',
    tag,
    access: may('launch.view'),
    params: ofDrill,
    query: inEnvironment,
    body: z.strictObject({ comment: z.string().trim().max(4_000).default('') }),
    response: preparedView,
    handle: async ({ parts, params: { launch, drill }, query, body, person }) => {
      const scene = await sceneOf(parts, launch, query);
      return toPreparedView(
        scene.launch,
        await prepareDrillAttestation(parts.store, scene, person(), { drill, ...body }),
      );
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/drills/:drill/attestations',
    id: 'attestDrill',
    summary: 'Keeps a signed word on a drill beside its report, where a drill check counts it',
    tag,
    access: may('launch.view'),
    params: ofDrill,
    query: inEnvironment,
    body: signedBody,
    response: z.object({ drill: z.string(), person: z.string(), sha256: z.string().describe('of the signed word') }),
    status: 201,
    handle: async ({ parts, params: { launch, drill }, query, body, person }) => {
      requireOwn(body, person());
      const about = body.statement['drill'];
      if (about !== drill)
        throw new ProductError('signature_invalid', `statement: expected one about ${drill}, got ${String(about)}`, {
          hint: 'prepare it for this drill, and sign that',
        });
      const { file: _file, ...kept } = await keepDrillAttestation(
        parts.store,
        await sceneOf(parts, launch, query),
        body,
      );
      return kept;
    },
  }),
];
