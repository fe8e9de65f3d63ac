import { z } from 'zod';

/** A procedure that recurs, as it stands. */
export const recurringView = z
  .object({
    procedure: z.string(),
    title: z.string(),
    environment: z.string(),
    state: z
      .enum(['before', 'unwatched', 'overdue', 'due', 'kept'])
      .describe('unwatched: no worker has looked after it yet, so nothing will begin'),
    cron: z.string(),
    timeZone: z.string(),
    withinMs: z.number(),
    requester: z.string().nullable(),
    people: z.array(z.string()),
    nextDueMs: z.number().nullable(),
    lastProof: z.object({ run: z.string(), endedMs: z.number() }).nullable(),
    due: z.object({ dueMs: z.number(), run: z.string(), untilMs: z.number() }).nullable(),
    overdue: z
      .object({
        dueMs: z.number(),
        kind: z.enum(['slot_not_begun', 'slot_not_ended']),
        sinceMs: z.number(),
        more: z.int(),
      })
      .nullable()
      .describe('the oldest slot that should have begun or ended by now, and how many stand behind it'),
    slots: z.array(
      z.object({
        dueMs: z.number(),
        outcome: z.enum(['done', 'late', 'missed', 'open']),
        endedMs: z.number().nullable(),
        run: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Recurring' });
