import { z } from 'zod';

import { runMode, runState } from './run-view.ts';

const side = z.object({
  run: z.string(),
  procedure: z.string(),
  mode: runMode,
  environment: z.string(),
  state: runState,
  planHash: z.string(),
  t0Ms: z.number().nullable(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
});

const actual = z.object({
  state: z.string(),
  attempts: z.int(),
  offsetMs: z
    .number()
    .nullable()
    .describe('from T-0 to its beginning; null where it has not begun, or nothing hangs on T-0'),
  sinceStartMs: z.number().nullable().describe('from the start of the run to its beginning'),
  lengthMs: z.number().nullable(),
});

/** Two runs, or one beside its plan, step by step. */
export const comparisonView = z
  .object({
    run: side,
    with: side.nullable(),
    samePlan: z.boolean().nullable().describe('whether both were made from the same documents'),
    steps: z.array(
      z.object({
        step: z.string(),
        title: z.string(),
        part: z.enum(['forward', 'undo']),
        planned: z.object({ offsetMs: z.number().nullable(), typicalMs: z.number().nullable() }),
        run: actual.nullable(),
        with: actual.nullable(),
        differenceMs: z.number().nullable().describe('by how much it took longer than in the other run'),
      }),
    ),
  })
  .meta({ id: 'RunComparison' });
