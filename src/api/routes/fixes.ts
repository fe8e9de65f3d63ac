import { z } from 'zod';

import type { Permission } from '../../core/access/permission.ts';
import { beginFix, beginFixPlan, beginFixUndo, findFixOf } from '../../engine/data/begin-fix.ts';
import { requireRight } from '../../engine/data/begin-import.ts';
import { approveFix, prepareFixApproval } from '../../engine/data/fix/approve-fix.ts';
import type { FixStatement } from '../../engine/data/fix/approve-fix.ts';
import { listFixes, viewFix } from '../../engine/data/fix/list-fixes.ts';
import { may } from '../access.ts';
import { requireOwn } from '../own-signature.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf } from '../signed-route.ts';
import { requireVersion } from '../versions.ts';
import { dataWorkView } from '../views/dataset-view.ts';
import { fixLine, fixView, toFixLine, toFixView } from '../views/fix-view.ts';
import { preparedView, signedBody, toPreparedView, toSigned } from '../views/sign-view.ts';

const ofDataset = z.object({ launch: z.string(), dataset: z.string() });
const ofFix = ofDataset.extend({ fix: z.string().max(200) });
const tag = 'data';
const seenState = z.strictObject({
  expectedVersion: z.string().max(100).describe('state of the fix that the caller has read'),
});

/** Fixes of datasets: what the declared repairs would change, approved by another person, applied, taken back. */
export const fixRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/datasets/:dataset/fixes',
    id: 'listFixes',
    summary: 'Fixes of a dataset, the newest first; no value of a row',
    tag,
    access: may('launch.view'),
    params: ofDataset,
    query: inEnvironment,
    response: z.object({ items: z.array(fixLine) }),
    handle: async ({ parts, params, query }) => {
      const { launch, environment } = await sceneOf(parts, params.launch, query);
      const about = { launch: launch.id, environment: environment.id, dataset: params.dataset };
      return { items: (await listFixes(parts.store, about)).map(toFixLine) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/fixes',
    id: 'planFix',
    summary: 'Begins to look for what the declared fixes would change; changes no row',
    tag,
    access: may('check.run'),
    params: ofDataset,
    query: inEnvironment,
    body: z.strictObject({}),
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params, query, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return beginFixPlan(parts.data, scene, { dataset: params.dataset, by: person() });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/datasets/:dataset/fixes/:fix',
    id: 'readFix',
    summary: 'A fix row by row, before and after, and what it leaves to people; hidden values are not in it',
    tag,
    access: may('data.view'),
    params: ofFix,
    query: inEnvironment.extend({
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: fixView,
    handle: async ({ parts, params, query: { offset, limit, ...query } }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { id } = await findFixOf(parts.store, scene, { dataset: params.dataset, id: params.fix });
      return toFixView(await viewFix(parts.store, id, { offset, limit }));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/fixes/:fix/approval/prepare',
    id: 'prepareFixApproval',
    summary: 'The approval of a fix by the caller, to be signed; writes nothing',
    tag,
    access: may('approval.vote'),
    params: ofFix,
    query: inEnvironment,
    body: z.strictObject({ comment: z.string().trim().min(1).max(4_000) }),
    response: preparedView,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { id: fix } = await findFixOf(parts.store, scene, { dataset: params.dataset, id: params.fix });
      const wish = { fix, person: person(), comment: body.comment };
      return toPreparedView(scene.launch, await prepareFixApproval(parts.store, { scene }, wish));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/fixes/:fix/approval',
    id: 'approveFix',
    summary: 'Keeps a signed approval with its fix',
    tag,
    access: may('approval.vote'),
    params: ofFix,
    query: inEnvironment,
    body: signedBody,
    response: z.object({ fix: z.string() }),
    status: 201,
    handle: async ({ parts, params: { launch, dataset, fix: id }, query, body, person }) => {
      requireOwn(body, person());
      const scene = await sceneOf(parts, launch, query);
      await requireRight(parts.store, scene, { dataset, by: person(), permission: 'approval.vote' });
      const { id: fix } = await findFixOf(parts.store, scene, { dataset, id });
      await approveFix(parts.store, { scene }, { fix, signed: toSigned<FixStatement>(body) });
      return { fix };
    },
  }),
  deedRoute({
    path: '/launches/:launch/datasets/:dataset/fixes/:fix/apply',
    id: 'applyFix',
    summary: 'Begins to apply an approved fix, each row only where it still is what was planned',
    permission: 'run.start',
    begin: beginFix,
  }),
  deedRoute({
    path: '/launches/:launch/datasets/:dataset/fixes/:fix/undo',
    id: 'undoFix',
    summary: 'Begins to take a fix back: every row becomes what it was, unless somebody wrote to it since',
    permission: 'run.cancel',
    begin: beginFixUndo,
  }),
];

interface FixDeedRoute {
  path: string;
  id: string;
  summary: string;
  permission: Permission;
  begin: typeof beginFix;
}

/** A deed on a fix that the caller has seen as it stands. */
function deedRoute({ path, id, summary, permission, begin }: FixDeedRoute): Route {
  return defineRoute({
    method: 'POST',
    path,
    id,
    summary,
    tag,
    access: may(permission),
    params: ofFix,
    query: inEnvironment,
    body: seenState,
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params: { launch, dataset, fix }, query, body, person }) => {
      const scene = await sceneOf(parts, launch, query);
      const { state } = await findFixOf(parts.store, scene, { dataset, id: fix });
      requireVersion(`fix ${fix}`, body.expectedVersion, state);
      return begin(parts.data, scene, { dataset, fix, by: person() });
    },
  });
}
