import { z } from 'zod';

const spread = z.object({ p50: z.number(), p90: z.number() });
const gap = z.object({ code: z.string(), step: z.string().nullable(), text: z.string() });

/** When a run will be through, or why that cannot be told, and until when the way back still fits. */
export const forecastView = z
  .object({
    nowMs: z.number(),
    samples: z.int(),
    seed: z.int(),
    finishMs: spread.nullable().describe('instants; null as soon as there is one gap'),
    t0: z.object({ plannedMs: z.number(), slipMs: spread }).nullable(),
    steps: z.array(
      z.object({
        step: z.string(),
        endMs: spread,
        critical: z.number().describe('share of the samples in which any delay of it delays the finish'),
        slackMs: z.number(),
      }),
    ),
    criticalPath: z.array(z.string()).describe('steps that are critical in half of the samples at least'),
    gaps: z.array(gap),
    assumed: z.array(z.string()),
    wayBack: z.object({
      steps: z.array(z.string()),
      p50Ms: z.number().nullable(),
      p90Ms: z.number().nullable(),
      gaps: z.array(gap),
      end: z.object({ kind: z.enum(['window', 'limit']), atMs: z.number() }).nullable(),
      decideByMs: z.number().nullable().describe('the latest instant at which the way back still fits at P90'),
      spareMs: z.number().nullable(),
      verdict: z.enum(['fits', 'too_late', 'will_be_too_late', 'unknown', 'no_end', 'no_way_back']),
    }),
  })
  .meta({ id: 'Forecast' });

const undone = z.object({
  step: z.string(),
  undoes: z.array(z.string()),
  writes: z.boolean(),
  state: z.string(),
  attempts: z.int(),
  beganAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  lengthMs: z.number().nullable(),
});

/** How a way back went, by what was recorded while it happened. */
export const undoReportView = z
  .object({
    seenAtMs: z.number().nullable(),
    askedAtMs: z.number(),
    beganAtMs: z.number().nullable(),
    endedAtMs: z.number().nullable(),
    state: z.string(),
    variant: z.enum(['full', 'partial-write']).nullable(),
    detectionMs: z.number().nullable(),
    rollbackMs: z.number().nullable(),
    verifyMs: z.number().nullable(),
    steps: z.array(undone),
  })
  .meta({ id: 'UndoReport' });
