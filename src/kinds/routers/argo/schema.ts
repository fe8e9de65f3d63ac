import { z } from 'zod';

import { clusterName, clusterOptions } from '../cluster-options.ts';
import { readOptionsBy } from '../router-options.ts';

const argoSchema = z.strictObject({ ...clusterOptions, rollout: clusterName.describe('Name of the Rollout.') });

/** Options of a Rollout of Argo. */
export type ArgoOptions = z.output<typeof argoSchema>;

export const argoOptions = readOptionsBy(argoSchema);
