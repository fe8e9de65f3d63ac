import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { beginReconcile, readReconcile } from '../../engine/data/begin-reconcile.ts';
import type { DataPlace } from '../../engine/data/data-desk.ts';
import { readDatasets } from '../../engine/data/read-dataset.ts';
import { listRights } from '../../engine/runs/read-run-page.ts';
import type { Scene } from '../../engine/scene.ts';
import { readNow } from '../../store/open-store.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf } from '../signed-route.ts';
import { datasetList, dataWorkView, toDatasetView } from '../views/dataset-view.ts';
import { reconcileView, toReconcileView } from '../views/reconcile-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const ofDataset = ofLaunch.extend({ dataset: z.string() });
const tag = 'data';

/** Datasets: what is declared, how it stands, and comparisons of both sides. */
export const datasetRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/datasets',
    id: 'listDatasets',
    summary: 'Every dataset with its imports, its newest comparison, its drills, and what is missing before GO',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    response: datasetList,
    handle: async ({ parts, params, query, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const entries = await parts.gates.entries(scene.launch.id);
      const now = Date.parse(await readNow(parts.store));
      const standings = await readDatasets(parts.data, { scene, entries, now });
      const { id, production } = scene.environment;
      return {
        environment: id,
        production,
        rights: await listRights(parts.store, { person: person(), launch: scene.launch }, id),
        items: standings.map((one) => toDatasetView(one, scene.planHash)),
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/reconcile',
    id: 'beginReconcile',
    summary: 'Begins to compare both sides of a dataset; it is watched and stopped as work of the dataset',
    tag,
    access: may('check.run'),
    params: ofDataset,
    query: inEnvironment,
    body: z.strictObject({
      full: z.boolean().default(false).describe('goes on where a column of the sample differs systematically'),
    }),
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return beginReconcile(parts.data, scene, { dataset: params.dataset, full: body.full, by: person() });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/datasets/:dataset/reconcile',
    id: 'readReconcile',
    summary: 'The newest comparison with samples of what differs; hidden values are not in it',
    tag,
    access: may('data.view'),
    params: ofDataset,
    query: inEnvironment,
    response: reconcileView,
    handle: async ({ parts, params, query }) => {
      const scene = await sceneOf(parts, params.launch, query);
      const found = await readReconcile(parts.store, toPlace(scene, params.dataset));
      if (found) return toReconcileView(found);
      throw new ProductError(
        'dataset_unknown',
        `dataset ${params.dataset}: expected a comparison in ${scene.environment.id}, got none`,
        { hint: 'compare the dataset first' },
      );
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/launches/:launch/datasets/:dataset/work',
    id: 'stopDataWork',
    summary: 'Stops what is under way with a dataset; what an import has finished stays, and it goes on from there',
    tag,
    access: may('check.run'),
    params: ofDataset,
    query: inEnvironment,
    response: z.object({ stopped: z.boolean() }),
    handle: async ({ parts, params, query }) => {
      const scene = await sceneOf(parts, params.launch, query);
      return { stopped: parts.data.stop(toPlace(scene, params.dataset)) };
    },
  }),
];

/** The place of a dataset in the environment of a scene. */
export function toPlace({ launch, environment }: Scene, dataset: string): DataPlace {
  return { launch: launch.id, environment: environment.id, dataset };
}
