import { z } from 'zod';

import { metricDefinitions, metricIds } from '../../core/metric/metric-definitions.ts';
import { toPartLevel, toStatusLevel } from '../../core/metric/to-status.ts';
import { readAlarms } from '../../store/alarm.ts';
import { may, open } from '../access.ts';
import { readStatus } from '../read-status.ts';
import type { StatusLook } from '../read-status.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const level = z.enum(['operational', 'degraded', 'partial', 'major', 'unknown']);
const component = z.enum(['database', 'engine', 'queue', 'workers', 'metrics']);
const bound = z.object({ is: z.enum(['<', '>', '>=']), value: z.number() });

const metric = z
  .object({
    id: z.enum(metricIds as [string, ...string[]]),
    title: z.string(),
    unit: z.string(),
    value: z.number().nullable().describe('null where it could not be read'),
    from: z.string().describe('what it was read from, or why it could not be'),
    target: bound,
    alert: bound,
    verdict: z.string(),
  })
  .meta({ id: 'Metric' });

/** How the installation is (T33): always derived from what was measured, never typed in. */
export const statusRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/status',
    id: 'readStatus',
    summary: 'The level of the installation and of its parts, for everybody; without reasons or figures',
    tag: 'health',
    access: open,
    response: z
      .object({ level, at: z.string(), parts: z.array(z.object({ component, level })) })
      .meta({ id: 'StatusSummary' }),
    handle: async ({ parts }) => {
      const { at, health } = await readStatus(parts);
      return {
        at,
        level: toStatusLevel(health.components),
        parts: health.components.map((part) => ({ component: part.component, level: toPartLevel(part) })),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/status/details',
    id: 'readStatusDetails',
    summary: 'The same with the reason of each part, every metric beside its target, and the alarms that are open',
    tag: 'health',
    access: may('run.view', 'any'),
    response: z
      .object({
        level,
        at: z.string(),
        parts: z.array(z.object({ component, level, why: z.string() })),
        metrics: z.array(metric),
        alarms: z.array(z.object({ subject: z.string(), kind: z.string(), since: z.string(), detail: z.string() })),
      })
      .meta({ id: 'StatusDetails' }),
    handle: async ({ parts }) => {
      const look = await readStatus(parts);
      const alarms = await readAlarms(parts.store);
      return {
        at: look.at,
        level: toStatusLevel(look.health.components),
        parts: look.health.components.map((part) => ({
          component: part.component,
          level: toPartLevel(part),
          why: part.why,
        })),
        metrics: toMetrics(look),
        alarms: alarms.map(({ since, ...alarm }) => ({ ...alarm, since: since.toISOString() })),
      };
    },
  }),
];

function toMetrics({ health }: StatusLook): z.input<typeof metric>[] {
  return health.metrics.map(({ id, reading, verdict }) => {
    const { title, unit, target, alert } = metricDefinitions[id];
    const isKnown = reading.state === 'known';
    const from = isKnown ? reading.from : reading.reason;
    return { id, title, unit, value: isKnown ? reading.value : null, from, target, alert, verdict };
  });
}
