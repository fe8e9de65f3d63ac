import { z } from 'zod';

import { actOnShift } from '../../engine/rollout/act-on-shift.ts';
import type { ShiftDeed } from '../../engine/rollout/act-on-shift.ts';
import { beginRollback } from '../../engine/rollback/begin-rollback.ts';
import { answerWayBack } from '../../engine/rollout/answer-way-back.ts';
import { beginTakeBack } from '../../engine/rollout/begin-take-back.ts';
import { countingMs, lookAtDeclared } from '../../engine/rollout/look-at-declared.ts';
import { readRollouts, readSeries, readShiftPage } from '../../engine/rollout/read-shifts.ts';
import { findRollout, startShift } from '../../engine/rollout/start-shift.ts';
import { createDataSecrets } from '../../engine/data/open-data-access.ts';
import { listRights } from '../../engine/runs/read-run-page.ts';
import { readShiftEntries } from '../../store/rollout-entry.ts';
import type { Permission } from '../../core/access/permission.ts';
import { describeShiftEntry } from '../../core/rollout/describe-entry.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf } from '../signed-route.ts';
import { rolloutList, shiftEntryView, shiftPoint, shiftView } from '../views/rollout-view.ts';
import { toPoint, toRolloutItem, toShiftView } from '../views/to-rollout-view.ts';
import { begunRollback, wayBackAnswer } from '../views/way-back-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const ofShift = ofLaunch.extend({ shift: z.string().max(100) });
const tag = 'rollouts';
const why = z.string().trim().min(3).max(4_000);

/** Rollouts: what is declared, what was begun, and what people do to it. */
export const rolloutRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/rollouts',
    id: 'listRollouts',
    summary: 'Every rollout of a launch, with what was begun of it in an environment',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    response: rolloutList,
    handle: async ({ parts, params, query, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { id, production } = scene.environment;
      return {
        environment: id,
        production,
        rights: await listRights(parts.store, { person: person(), launch: scene.launch }, id),
        items: (await readRollouts(parts.store, scene)).map(toRolloutItem),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/way-back',
    id: 'readWayBack',
    summary:
      'Whether the launch can still go back, how long that takes by what was measured, until when, and what is lost',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    response: wayBackAnswer,
    handle: async ({ parts, params, query }) =>
      answerWayBack(parts.store, await sceneOf(parts, params.launch, query), {
        steps: parts.stepKinds,
        checks: parts.kinds,
      }),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/rollbacks/:procedure/start',
    id: 'startRollback',
    summary: 'Begins a declared way back, or flips a kill switch; its clock starts with it, and workers go on with it',
    tag,
    access: may('run.start'),
    params: ofLaunch.extend({ procedure: z.string().max(200) }),
    query: inEnvironment,
    body: z.strictObject({ reason: why }),
    response: begunRollback,
    status: 201,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const wish = { procedure: params.procedure, person: person(), reason: body.reason };
      const asked = { ...wish, kinds: parts.stepKinds, checks: parts.kinds };
      const { id: run, request, procedure, pastReturn, shifts } = await beginRollback(parts.engine, scene, asked);
      return { run, procedure, pastReturn, shifts, waitsForApproval: request !== null };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/rollouts/:rollout/take-back',
    id: 'takeBackRollout',
    summary: 'Gives the canary of a rollout nothing any more, whether its shift is under way or has ended',
    tag,
    access: may('run.hold'),
    params: ofLaunch.extend({ rollout: z.string().max(200) }),
    query: inEnvironment,
    body: z.strictObject({ reason: why }),
    response: shiftView,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const wish = { rollout: params.rollout, person: person(), reason: body.reason };
      const id = await beginTakeBack(parts.store, scene, wish);
      return toShiftView(await readShiftPage(parts.store, scene, id));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/rollouts/:rollout/shifts',
    id: 'startRollout',
    summary: 'Begins to shift traffic, once nothing stands against it; workers carry it from there',
    tag,
    access: may('run.start'),
    params: ofLaunch.extend({ rollout: z.string().max(200) }),
    query: inEnvironment,
    body: z.strictObject({
      reason: why,
      labels: z.array(z.string().max(100)).max(10).default([]),
      watchSeconds: z
        .int()
        .min(1)
        .max(20)
        .default(countingMs / 1_000)
        .describe('how long traffic is counted before'),
      blind: why
        .nullable()
        .default(null)
        .describe(
          'why it may begin although it cannot see its own limit; whoever says it has to be allowed to promote',
        ),
    }),
    response: shiftView,
    status: 201,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const declared = findRollout(scene, params.rollout);
      const { store, signal } = parts;
      const by = { actor: person(), purpose: `rollout ${params.rollout}`, mask: () => undefined };
      const openSecret = createDataSecrets(store, scene, by);
      const { watchSeconds, ...wanted } = body;
      const watchMs = watchSeconds * 1_000;
      const seen = await lookAtDeclared(store, scene, { declared, openSecret, signal, watchMs });
      const wish = { rollout: params.rollout, person: person(), ...wanted, seen };
      const { id } = await startShift(store, scene, wish);
      return toShiftView(await readShiftPage(store, scene, id));
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/shifts/:shift',
    id: 'readShift',
    summary: 'Where a shift of traffic stands: phases, verdicts in words, exposed requests, what it waits for',
    tag,
    access: may('launch.view'),
    params: ofShift,
    query: inEnvironment,
    response: shiftView,
    handle: async ({ parts, params, query, setVersion }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const page = await readShiftPage(parts.store, scene, params.shift);
      setVersion(`${page.shift.version}-${page.shift.entries}`);
      return toShiftView(page);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/shifts/:shift/points',
    id: 'readShiftPoints',
    summary: 'Weights, evidence and counts of a shift against time, thinned evenly where there are many',
    tag,
    access: may('launch.view'),
    params: ofShift,
    query: inEnvironment,
    response: z.object({ items: z.array(shiftPoint) }),
    handle: async ({ parts, params, query }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { shift } = await readShiftPage(parts.store, scene, params.shift);
      return { items: (await readSeries(parts.store, shift)).map(toPoint) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/shifts/:shift/journal',
    id: 'readShiftJournal',
    summary: 'What was seen, decided and set, each entry chained to the one before; mere looks are left out',
    tag,
    access: may('launch.view'),
    params: ofShift,
    query: inEnvironment.extend({ after: z.coerce.number().int().min(0).default(0) }),
    response: z.object({ items: z.array(shiftEntryView), next: z.int().nullable() }),
    handle: async ({ parts, params, query: { after, ...query } }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { shift } = await readShiftPage(parts.store, scene, params.shift);
      const read = await readShiftEntries(parts.store, shift.id, { after, limit: 500, besides: ['looked'] });
      const items = read.map((entry) => ({ ...entry, text: describeShiftEntry(entry.kind, entry.body) }));
      return { items, next: read.length === 500 ? (read.at(-1)?.number ?? null) : null };
    },
  }),
  deed(
    'promote',
    'promoteShift',
    'Goes on to the next phase although the measures do not say so yet',
    'rollout.promote',
  ),
  deed('hold', 'holdShift', 'Keeps the weight where it is; what is measured is still judged', 'run.hold'),
  deed('resume', 'resumeShift', 'Goes on from a hold', 'run.resume'),
  deed('abort', 'abortShift', 'Gives the canary nothing any more, at any phase', 'run.hold'),
  deed('note', 'noteShift', 'Leaves the word that a phase waits for', 'step.attest'),
];

function deed(kind: ShiftDeed['kind'], id: string, summary: string, permission: Permission): Route {
  return defineRoute({
    method: 'POST',
    path: `/launches/:launch/shifts/:shift/${kind}`,
    id,
    summary,
    tag,
    access: may(permission),
    params: ofShift,
    query: inEnvironment,
    body: z.strictObject({
      reason: why.describe(kind === 'note' ? 'what is to be said' : 'why'),
      expectedVersion: z.int().min(1).describe('version of the shift that the caller has read'),
    }),
    response: shiftView,
    handle: async ({ parts, params, query, body: { reason, expectedVersion: seen }, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { shift } = await readShiftPage(parts.store, scene, params.shift);
      await actOnShift(parts.store, scene.launch, shift.id, { kind, person: person(), reason, seen });
      return toShiftView(await readShiftPage(parts.store, scene, shift.id));
    },
  });
}
