import { z } from 'zod';

import { rollbackKinds } from '../../core/rollback/rollback-terms.ts';
import { standing } from './rollout-view.ts';

/** Whether a launch can still go back. */
export const wayBackAnswer = z
  .object({
    verdict: z.enum(['yes', 'person', 'nothing']),
    reasons: z.array(z.string()),
    traffic: z.array(
      z.object({
        rollout: z.string(),
        shift: z.string().nullable(),
        stands: standing.nullable(),
        asked: z.number().nullable().describe('what the shift asked the routers for last'),
        weight: z.number().nullable().describe('largest weight that a router says; null where one does not say'),
        heard: z.array(
          z.object({
            router: z.string(),
            weight: z.number().nullable(),
            at: z.string().nullable().describe('when it said so'),
            detail: z.string(),
          }),
        ),
        setMs: z.number().nullable().describe('slowest write of a weight, with its reading back'),
        exposed: z.number(),
      }),
    ),
    points: z.array(
      z.object({
        text: z.string(),
        state: z.enum(['ahead', 'crossed', 'unknown', 'unasked']),
        detail: z.string(),
        at: z.string().nullable(),
      }),
    ),
    procedures: z.array(
      z.object({
        procedure: z.string(),
        p50Ms: z.number().nullable(),
        p90Ms: z.number().nullable(),
        gaps: z.array(z.string()),
      }),
    ),
    rollbacks: z.array(
      z.object({
        procedure: z.string(),
        title: z.string(),
        kind: z.enum(rollbackKinds),
        withinMs: z.number().describe('how long it may take from its trigger to verified'),
        observer: z.string().nullable().describe('role or person who has to watch its drills'),
        p90Ms: z.number().nullable(),
        gaps: z.array(z.string()),
        drills: z.array(
          z.object({
            id: z.string(),
            at: z.string(),
            environment: z.string(),
            passed: z.boolean(),
            current: z.boolean().describe('whether it is of this candidate and plan'),
            tookMs: z.number().nullable(),
            findings: z.array(z.string()),
            observedBy: z.string().nullable().describe('who watched it and has attested it'),
            waitsFor: z.array(z.string()).describe('who may attest it still; it counts only then'),
          }),
        ),
        running: z
          .object({
            run: z.string(),
            state: z.string(),
            since: z.string().describe('when its clock started'),
            done: z.int(),
            steps: z.int(),
            next: z.string().nullable(),
          })
          .nullable(),
      }),
    ),
    drill: z
      .object({
        id: z.string(),
        procedure: z.string(),
        at: z.string(),
        passed: z.boolean(),
        current: z.boolean().describe('whether it is of this candidate and plan'),
        rollbackMs: z.number().nullable(),
        verifyMs: z.number().nullable(),
      })
      .nullable(),
    until: z.object({ kind: z.enum(['window', 'bake']), at: z.string() }).nullable(),
    lost: z.array(z.string()),
  })
  .meta({ id: 'WayBackAnswer' });

/** A way back that has begun. */
export const begunRollback = z
  .object({
    run: z.string(),
    procedure: z.string().describe('behind the point of no return it may be another than the one that was asked for'),
    pastReturn: z.boolean(),
    shifts: z.array(z.string()).describe('shifts that give the canary nothing any more'),
    waitsForApproval: z.boolean(),
  })
  .meta({ id: 'BegunRollback' });
