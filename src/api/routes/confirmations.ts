import type { StepConfirmation } from '@tminus/verify';
import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { proofText } from '../../core/procedure/proof-text.ts';
import type { Run } from '../../core/procedure/run.ts';
import { appendSignedConfirmation, prepareConfirmation } from '../../engine/sign/confirmation.ts';
import { may } from '../access.ts';
import { loadRunWithLaunch } from '../launch-of-run.ts';
import { requireOwn } from '../own-signature.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { runState } from '../views/run-view.ts';
import { preparedView, signedBody, toPreparedView, toSigned } from '../views/sign-view.ts';

const ofStep = z.object({ run: z.string(), step: z.string() });

const proof = z
  .strictObject({
    value: z.string().trim().max(4_000).default('').describe('a URL, a status, a comment, or the name of a file'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/u)
      .nullable()
      .default(null)
      .describe('of the bytes of a file, which stay with the caller'),
  })
  .prefault({});

/** Human steps, closed by a signed word in two requests: what would be said now, and the same signed. */
export const confirmationRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/runs/:run/steps/:step/confirmations/prepare',
    id: 'prepareConfirmation',
    summary: 'The word of the caller that a step which waits for them is done, to be signed; writes nothing',
    tag: 'run deeds',
    access: may('step.attest', 'run'),
    params: ofStep,
    body: z.strictObject({
      proof,
      comment: z.string().trim().max(4_000).default(''),
      role: z.string().max(200).nullable().default(null),
    }),
    response: preparedView,
    handle: async ({ parts, params, body, person }) => {
      const { stored, launch } = await loadRunWithLaunch(parts, params.run);
      const wish = { ...params, ...body, proof: toProof(stored.run, params.step, body.proof) };
      return toPreparedView(launch, await prepareConfirmation(parts.store, launch, person(), wish));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/:run/steps/:step/confirmations',
    id: 'confirmStep',
    summary: 'Closes a step by a signed word; refused as statement_stale where the step was begun again since',
    tag: 'run deeds',
    access: may('step.attest', 'run'),
    params: ofStep,
    body: signedBody,
    response: z.object({ id: z.string(), index: z.int(), run: z.string(), state: runState }),
    status: 201,
    handle: async ({ parts, params, body, person }) => {
      requireOwn(body, person());
      requireAbout(body, params);
      const { launch } = await loadRunWithLaunch(parts, params.run);
      const { id, index, run } = await appendSignedConfirmation(parts.engine, launch, toSigned<StepConfirmation>(body));
      return { id, index, run: run.id, state: run.state };
    },
  }),
];

/** A word about another step than the address names was sent to the wrong place, whatever it is worth. */
function requireAbout({ statement }: z.output<typeof signedBody>, { run, step }: z.output<typeof ofStep>): void {
  if (statement['run'] === run && statement['step'] === step) return;
  const got = `${String(statement['step'])} of ${String(statement['run'])}`;
  throw new ProductError('signature_invalid', `statement: expected one about ${step} of ${run}, got one about ${got}`, {
    hint: 'prepare it for this step, and sign that',
  });
}

function toProof(run: Run, step: string, given: z.output<typeof proof>): string {
  const told = proofText(plannedSteps(run.plan).get(step)?.proof ?? null, given);
  if (told.ok) return told.text;
  throw new ProductError('request_invalid', `proof of ${step}: expected ${told.expected}, got ${told.got}`, {
    hint: 'hand in what the step asks for',
  });
}
