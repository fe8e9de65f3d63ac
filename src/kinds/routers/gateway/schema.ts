import { z } from 'zod';

import { clusterName, clusterOptions } from '../cluster-options.ts';
import { readOptionsBy, textOption } from '../router-options.ts';

const gatewaySchema = z
  .strictObject({
    ...clusterOptions,
    route: clusterName.describe('Name of the HTTPRoute.'),
    rule: textOption('the place of a rule, from 0', (text) => /^\d{1,3}$/.test(text))
      .default('0')
      .describe('Place of the rule among those of the route, from 0.'),
    stable: clusterName.describe('Service of the stable arm, a backend of the rule.'),
    canary: clusterName.describe('Service of the canary arm.'),
  })
  .refine(({ stable, canary }) => stable !== canary, { path: ['canary'], error: 'another service than stable' });

/** Options of a route of the Gateway API. */
export type GatewayOptions = z.output<typeof gatewaySchema>;

export const gatewayOptions = readOptionsBy(gatewaySchema);
