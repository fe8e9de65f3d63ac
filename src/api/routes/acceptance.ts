import type { Attestation } from '@tminus/verify';
import { z } from 'zod';

import { acceptanceActions } from '../../core/acceptance/acceptance-record.ts';
import type { AcceptancePass } from '../../engine/acceptance/read-pass.ts';
import { listPasses, readPass } from '../../engine/acceptance/read-pass.ts';
import { appendSignedPass, beginPass, preparePass } from '../../engine/acceptance/sign-pass.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf, signedRoute } from '../signed-route.ts';
import { preparedView, toPreparedView } from '../views/sign-view.ts';

const act = z
  .object({
    action: z.enum(acceptanceActions),
    done: z
      .object({
        ref: z
          .string()
          .describe('the row that shows it: SOURCE/KEY, as in the audit; sight/KEY is what the server showed'),
        at: z.string(),
        subject: z.string().nullable().describe('KIND:ID of what it was about'),
        how: z.enum(['completed', 'blocked']).nullable(),
        proof: z.string().nullable(),
      })
      .nullable()
      .describe('null while no row shows it'),
  })
  .meta({ id: 'AcceptanceAct' });

const passView = z
  .object({
    id: z.string(),
    launch: z.string(),
    environment: z.string(),
    person: z.string(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    acts: z.array(act).describe('all six, in the order in which they are asked for'),
    isComplete: z.boolean(),
    sha256: z.string().nullable().describe('digest of what is signed; null while an action is missing'),
    entry: z.string().nullable().describe('id of the entry of the log that says it was signed'),
  })
  .meta({ id: 'AcceptancePass' });

const ofLaunch = z.object({ launch: z.string() });
const ofPass = ofLaunch.extend({ pass: z.string() });
const tag = 'acceptance';

/** The guided pass in which a person goes through their work once, and signs for it: each action is found in what was really done. */
export const acceptanceRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/acceptance',
    id: 'listAcceptancePasses',
    summary: 'Acceptance passes of a launch with what was done in each, the newest first and at most a hundred',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    response: z.object({ items: z.array(passView) }),
    handle: async ({ parts, params }) => ({ items: (await listPasses(parts, params.launch)).map(toView) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/acceptance',
    id: 'beginAcceptancePass',
    summary: 'Begins a pass of the caller, who signs in anew as its first action; one that they have open is given up',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    response: passView,
    status: 201,
    handle: async ({ parts, params, query, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const pass = await beginPass(parts, scene, person());
      parts.sights.forget();
      return toView(pass);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/acceptance/:pass',
    id: 'readAcceptancePass',
    summary: 'A pass with its six actions, each with the row that shows it',
    tag,
    access: may('launch.view'),
    params: ofPass,
    response: passView,
    handle: async ({ parts, params }) => toView(await readPass(parts, params.launch, params.pass)),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/acceptance/:pass/prepare',
    id: 'prepareAcceptance',
    summary:
      'The word of the caller on a human criterion with the digest of the pass as its proof, to be signed; writes nothing',
    tag,
    access: may('launch.view'),
    params: ofPass,
    query: inEnvironment,
    body: z.strictObject({
      criterion: z.string().max(200),
      comment: z.string().trim().min(1).max(4_000),
      role: z.string().max(200).nullable().default(null),
    }),
    response: preparedView,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return toPreparedView(scene.launch, await preparePass(parts, scene, person(), { pass: params.pass, ...body }));
    },
  }),
  signedRoute<Attestation, typeof ofPass>({
    path: '/launches/:launch/acceptance/:pass/sign',
    id: 'signAcceptance',
    summary: 'Seals a signed pass as evidence of its criterion, and ends the pass',
    tag,
    access: may('launch.view'),
    params: ofPass,
    append: (parts, scene, signed, { pass }) => appendSignedPass(parts, scene, { id: pass, signed }),
  }),
];

function toView({ acts, ...pass }: AcceptancePass): z.input<typeof passView> {
  return {
    ...pass,
    acts: acts.map(({ action, row }) => ({
      action,
      done: row && {
        ref: row.ref,
        at: row.at,
        subject: 'subject' in row ? row.subject : null,
        how: row.kind === 'finished' ? row.how : null,
        proof: row.kind === 'finished' ? row.proof : null,
      },
    })),
  };
}
