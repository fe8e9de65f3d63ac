import { z } from 'zod';

import { beginDrill, beginExport } from '../../engine/data/begin-drill.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { inEnvironment, sceneOf } from '../signed-route.ts';
import { dataWorkView } from '../views/dataset-view.ts';

const ofDataset = z.object({ launch: z.string(), dataset: z.string() });
const tag = 'data';

/** Archives of datasets: written, and restored for good measure. */
export const archiveRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/archives',
    id: 'exportDataset',
    summary: 'Begins to write an archive of a dataset, which stays with the server; no value of it is answered',
    tag,
    access: may('run.start'),
    params: ofDataset,
    query: inEnvironment,
    body: z.strictObject({}),
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params: { launch, dataset }, query, person }) =>
      beginExport(parts.data, await sceneOf(parts, launch, query), { dataset, by: person() }),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/datasets/:dataset/drills',
    id: 'drillArchive',
    summary: 'Begins to restore an archive into a database made for it, and signs what was measured',
    tag,
    access: may('run.start'),
    params: ofDataset,
    query: inEnvironment,
    body: z.strictObject({ archive: z.string().max(200).describe('name of an archive, as the dataset lists it') }),
    response: dataWorkView,
    status: 202,
    handle: async ({ parts, params: { launch, dataset }, query, body, person }) =>
      beginDrill(parts.data, await sceneOf(parts, launch, query), { dataset, by: person(), ...body }),
  }),
];
