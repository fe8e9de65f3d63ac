import { z } from 'zod';

import type { Permission } from '../../core/access/permission.ts';
import {
  beginImport,
  beginImportPlan,
  beginRollBack,
  findBatch,
  requireRight,
} from '../../engine/data/begin-import.ts';
import { toImportSetting } from '../../engine/data/data-desk.ts';
import { keepImportApproval, prepareImportApproval } from '../../engine/data/import/approve-import.ts';
import type { ImportStatement } from '../../engine/data/import/approve-import.ts';
import { may } from '../access.ts';
import { requireOwn } from '../own-signature.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf } from '../signed-route.ts';
import { requireVersion } from '../versions.ts';
import { dataWorkView, deletionsView } from '../views/dataset-view.ts';
import { preparedView, signedBody, toPreparedView, toSigned } from '../views/sign-view.ts';

const ofDataset = z.object({ launch: z.string(), dataset: z.string() });
const ofBatch = ofDataset.extend({ batch: z.string().max(200) });
const tag = 'data';
const seen = z.string().max(100).describe('state of the import that the caller has read');

/** Imports of datasets: dry run, approval, writing, taking back. */
export const importRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/imports',
    id: 'planImport',
    summary: 'Begins a dry run, which changes no byte and is kept as a planned import',
    tag,
    access: may('check.run'),
    params: ofDataset,
    query: inEnvironment,
    body: z.strictObject({ mode: z.enum(['full', 'delta']).default('full') }),
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return beginImportPlan(parts.data, scene, { dataset: params.dataset, by: person(), mode: body.mode });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/datasets/:dataset/imports/:batch/deletions',
    id: 'readImportDeletions',
    summary: 'Keys of the rows that an import would delete, since their records are gone from the source',
    tag,
    access: may('data.view'),
    params: ofBatch,
    query: inEnvironment,
    response: deletionsView,
    handle: async ({ parts, params: { launch, dataset, batch }, query }) => {
      const scene = await sceneOf(parts, launch, query);
      const { gone } = (await findBatch(parts.store, scene, { dataset, id: batch })).report;
      return { planned: gone?.counts.deleted ?? 0, keys: gone?.keys ?? [], takesAlong: gone?.takesAlong ?? [] };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/imports/:batch/approval/prepare',
    id: 'prepareImportApproval',
    summary: 'The approval of a dry run by the caller, to be signed; writes nothing',
    tag,
    access: may('approval.vote'),
    params: ofBatch,
    query: inEnvironment,
    body: z.strictObject({ comment: z.string().trim().min(1).max(4_000) }),
    response: preparedView,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const { dataset } = params;
      const batch = await findBatch(parts.store, scene, { dataset, id: params.batch });
      // To approve is no right to use secrets: what is shown to an approver is looked up by the installation.
      const setting = await toImportSetting(parts.store, scene, { dataset, by: null, signal: parts.signal });
      const wish = { batch, person: person(), comment: body.comment };
      return toPreparedView(scene.launch, await prepareImportApproval(parts.store, setting, wish));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/imports/:batch/approval',
    id: 'approveImport',
    summary: 'Keeps a signed approval with its import',
    tag,
    access: may('approval.vote'),
    params: ofBatch,
    query: inEnvironment,
    body: signedBody,
    response: z.object({ batch: z.string() }),
    status: 201,
    handle: async ({ parts, params, query, body, person }) => {
      requireOwn(body, person());
      const scene = await sceneOf(parts, params.launch, query);
      const { dataset } = params;
      await requireRight(parts.store, scene, { dataset, by: person(), permission: 'approval.vote' });
      const batch = await findBatch(parts.store, scene, { dataset, id: params.batch });
      const setting = await toImportSetting(parts.store, scene, { dataset, by: null, signal: parts.signal });
      await keepImportApproval(parts.store, setting, { batch, signed: toSigned<ImportStatement>(body) });
      return { batch: batch.id };
    },
  }),
  deedRoute({
    path: '/launches/:launch/datasets/:dataset/imports/:batch/apply',
    id: 'applyImport',
    summary: 'Begins to write an approved import, or goes on with it; outside production no approval is wanted',
    permission: 'run.start',
    begin: beginImport,
  }),
  deedRoute({
    path: '/launches/:launch/datasets/:dataset/imports/:batch/roll-back',
    id: 'rollBackImport',
    summary: 'Begins to take an import back: exactly its rows, less those that people have edited since',
    permission: 'run.cancel',
    begin: beginRollBack,
  }),
];

interface ImportDeedRoute {
  path: string;
  id: string;
  summary: string;
  permission: Permission;
  begin: typeof beginImport;
}

/** A deed on an import that the caller has seen as it stands. */
function deedRoute({ path, id, summary, permission, begin }: ImportDeedRoute): Route {
  return defineRoute({
    method: 'POST',
    path,
    id,
    summary,
    tag,
    access: may(permission),
    params: ofBatch,
    query: inEnvironment,
    body: z.strictObject({ expectedVersion: seen }),
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params: { launch, dataset, batch }, query, body, person }) => {
      const scene = await sceneOf(parts, launch, query);
      const { state } = await findBatch(parts.store, scene, { dataset, id: batch });
      requireVersion(`import ${batch}`, body.expectedVersion, state);
      return begin(parts.data, scene, { dataset, batch, by: person() });
    },
  });
}
