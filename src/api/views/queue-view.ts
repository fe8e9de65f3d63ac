import { z } from 'zod';

/** What a job does, in the words of its run. */
export const jobWorkView = z.object({
  does: z.string().describe('run or probe of a step; watch, tell, send, begin or sweep of a run; else the queue'),
  run: z.string().nullable(),
  step: z.string().nullable(),
  title: z.string().nullable(),
  kind: z.string().nullable().describe('kind of what the step carries out'),
  writes: z.boolean().nullable(),
  interrupted: z.string().nullable().describe('what the document says about an attempt that was interrupted'),
  place: z.object({ launch: z.string(), environment: z.string() }).nullable(),
});

/** How one queue is. */
export const queueView = z
  .object({
    queue: z.string(),
    waiting: z.int(),
    delayed: z.int(),
    oldestSeconds: z.number().nullable(),
    active: z.int(),
    dead: z.int(),
    stuck: z.int(),
  })
  .meta({ id: 'Queue' });

/** A job whose tries are used up. */
export const letterView = z
  .object({
    id: z.string(),
    queue: z.string(),
    key: z.string(),
    attempts: z.int(),
    reason: z.string().describe('what the last try said, masked'),
    at: z.string(),
    work: jobWorkView,
  })
  .meta({ id: 'DeadLetter' });

/** A process that carries out steps. */
export const workerView = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    version: z.string(),
    launches: z.array(z.object({ launch: z.string(), planHash: z.string() })),
    slots: z.int().describe('steps that it carries out at once, now'),
    state: z.enum(['working', 'draining', 'silent']).describe('silent: not heard for a quarter of a minute'),
    startedAt: z.string(),
    silentMs: z.number(),
    wish: z
      .object({
        slots: z.int().nullable(),
        drain: z.boolean(),
        person: z.string(),
        reason: z.string(),
        at: z.string(),
      })
      .nullable()
      .describe('what a person wants of it; it follows within its next beat'),
    jobs: z.array(z.object({ work: jobWorkView, claimedAt: z.string() })).describe('what its process carries out now'),
    wishVersion: z.string().describe('what a wish names as expectedVersion'),
  })
  .meta({ id: 'Worker' });
