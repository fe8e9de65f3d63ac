import { z } from 'zod';

import type { Permission } from '../../core/access/permission.ts';
import type { Run } from '../../core/procedure/run.ts';
import { doDeed, freeHoldId } from '../../engine/runs/do-deed.ts';
import type { DeedWish } from '../../engine/runs/do-deed.ts';
import { may } from '../access.ts';
import { loadRunWithLaunch } from '../launch-of-run.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { runState } from '../views/run-view.ts';

const ofRun = z.object({ run: z.string() });
const name = z.string().min(1).max(200);
const text = z.string().trim().min(3).max(4_000);
const version = z.string().max(40);

const said = {
  reason: text,
  expectedVersion: version.describe('version of the run that the caller has seen; of two who saw the same, one wins'),
  role: name.nullable().default(null).describe('null takes one that fits and that the caller holds'),
};

/** How a run stands after a deed. Its version is left out: whoever acts next has to have seen it first. */
export const runAfter = z.object({ run: z.string(), state: runState }).meta({ id: 'RunAfter' });

interface Deed<Body extends z.ZodObject> {
  name: string;
  id: string;
  summary: string;
  permission: Permission;
  body: Body;
  /** The step that it is about; null where it is about the run. */
  step: (body: z.output<Body>) => string | null;
  toInput: (body: z.output<Body>) => DeedWish['toInput'];
}

type Said = { reason: string; expectedVersion: string | null; role: string | null };

/** One thing that people do to a run, as a route. */
function defineDeed<Body extends z.ZodObject>({ name: path, body, step, toInput, ...deed }: Deed<Body>): Route {
  return defineRoute({
    method: 'POST',
    path: `/runs/:run/${path}`,
    id: deed.id,
    summary: deed.summary,
    tag: 'run deeds',
    access: may(deed.permission, 'run'),
    params: ofRun,
    body,
    response: runAfter,
    handle: async ({ parts, params, person, body: given }) => {
      const wish = given as z.output<Body> & Said;
      const target = await loadRunWithLaunch(parts, params.run);
      const { reason, role, expectedVersion: seen } = wish;
      if (seen !== null) requireVersion(`run ${params.run}`, seen, String(target.stored.events));
      const run = await doDeed(parts.engine, target, {
        person: person(),
        role,
        reason,
        step: step(wish),
        // Asked again under the lock of the run: between reading and writing somebody else may have been faster.
        seen: seen === null ? null : target.stored.events,
        toInput: toInput(wish),
      });
      return toAfter(run);
    },
  });
}

/** How a run stands, for an answer. */
export function toAfter({ id, state }: Run): z.input<typeof runAfter> {
  return { run: id, state };
}

const ofWholeRun = (): null => null;

interface StepDeed {
  name: string;
  id: string;
  kind: 'decline' | 'skip' | 'retry' | 'permit_late';
  permission: Permission;
  summary: string;
}

const stepDeeds: readonly StepDeed[] = [
  {
    name: 'decline',
    id: 'declineStep',
    kind: 'decline',
    permission: 'step.attest',
    summary: 'Says that a step that waits for the caller did not work',
  },
  {
    name: 'skip',
    id: 'skipStep',
    kind: 'skip',
    permission: 'step.skip',
    summary: 'Leaves a step out; it stays with the run, with the reason',
  },
  {
    name: 'retry',
    id: 'retryStep',
    kind: 'retry',
    permission: 'run.resume',
    summary: 'Has a failed or unknown step done again',
  },
  {
    name: 'begin-late',
    id: 'beginStepLate',
    kind: 'permit_late',
    permission: 'run.resume',
    summary: 'Lets a step begin although it is late',
  },
];

/** What people do to runs. Each names the version that it was decided on, and says why. */
export const runDeedRoutes: readonly Route[] = [
  defineDeed({
    name: 'hold',
    id: 'holdRun',
    summary: 'Keeps back every further step of a run, or one step, or all that touch an asset',
    permission: 'run.hold',
    body: z.strictObject({
      ...said,
      expectedVersion: version.nullable().describe('null holds it as it stands: a hold is never too late'),
      step: name.nullable().default(null),
      asset: name.nullable().default(null),
      mode: z.enum(['boundary', 'now']).default('boundary').describe('boundary lets what runs end; now stops it, too'),
      count: z.enum(['stops', 'runs']).default('stops').describe('whether T-time goes on'),
    }),
    step: ofWholeRun,
    toInput:
      ({ step, asset, mode, count }) =>
      ({ run, by, reason }) => {
        const [scope, subject] = toSubject(step, asset);
        return { kind: 'hold', hold: { id: freeHoldId(run), scope, subject, mode, count }, by, reason };
      },
  }),
  defineDeed({
    name: 'resume',
    id: 'resumeRun',
    summary: 'Lifts a hold, or says go at a built-in one',
    permission: 'run.resume',
    body: z.strictObject({ ...said, hold: name.describe('id of the hold') }),
    step: ofWholeRun,
    toInput:
      ({ hold }) =>
      ({ by, reason }) => ({ kind: 'release', hold, by, reason }),
  }),
  ...stepDeeds.map(({ kind, ...deed }) =>
    defineDeed({
      ...deed,
      body: z.strictObject({ ...said, step: name }),
      step: ({ step }) => step,
      toInput:
        ({ step }) =>
        ({ by, reason }) => ({ kind, step, by, reason }),
    }),
  ),
  defineDeed({
    name: 'settle',
    id: 'settleStep',
    summary: 'Says what became of a step whose outcome nobody could tell',
    permission: 'run.resume',
    body: z.strictObject({ ...said, step: name, outcome: z.enum(['done', 'failed']) }),
    step: ({ step }) => step,
    toInput:
      ({ step, outcome }) =>
      ({ by, reason }) => ({ kind: 'settle', step, outcome, by, reason }),
  }),
  defineDeed({
    name: 'retarget',
    id: 'retargetRun',
    summary: 'Moves T-0; what hangs on the count moves with it',
    permission: 'run.retarget',
    body: z.strictObject({ ...said, t0: z.iso.datetime({ offset: true }) }),
    step: ofWholeRun,
    toInput:
      ({ t0 }) =>
      ({ by, reason }) => ({ kind: 'retarget', t0Ms: Date.parse(t0), by, reason }),
  }),
  defineDeed({
    name: 'recycle',
    id: 'recycleRun',
    summary: 'Takes the count back to a declared point',
    permission: 'run.retarget',
    body: z.strictObject({ ...said, point: name }),
    step: ofWholeRun,
    toInput:
      ({ point }) =>
      ({ by, reason }) => ({ kind: 'recycle', point, by, reason }),
  }),
  defineDeed({
    name: 'cancel',
    id: 'cancelRun',
    summary: 'Calls a run off: what runs is asked to end, nothing more begins',
    permission: 'run.cancel',
    body: z.strictObject({ ...said, takeBack: z.boolean().default(false).describe('takes back what was done, too') }),
    step: ofWholeRun,
    toInput:
      ({ takeBack }) =>
      ({ by, reason, wayBack }) => ({
        kind: 'cancel',
        cause: 'user_initiated',
        takeBack,
        approval: wayBack,
        by,
        reason,
      }),
  }),
  defineDeed({
    name: 'undo',
    id: 'undoRun',
    summary: 'Takes back what a run has done, newest first; wants an approval of the way back where its plan says so',
    permission: 'run.cancel',
    body: z.strictObject(said),
    step: ofWholeRun,
    toInput:
      () =>
      ({ by, reason, wayBack }) => ({ kind: 'undo', approval: wayBack, by, reason }),
  }),
  defineDeed({
    name: 'start',
    id: 'startRun',
    summary: 'Hands an approved run to the workers, where nobody has yet',
    permission: 'run.start',
    body: z.strictObject(said),
    step: ofWholeRun,
    toInput: () => () => ({ kind: 'enqueue' }),
  }),
];

function toSubject(step: string | null, asset: string | null): ['run' | 'step' | 'asset', string | null] {
  if (step !== null) return ['step', step];
  return asset === null ? ['run', null] : ['asset', asset];
}
