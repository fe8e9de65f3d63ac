import { z } from 'zod';

import { permissions } from '../../core/access/permission.ts';

/** Where a rollout stands. */
export const standing = z.enum([
  'waiting',
  'moving',
  'watching',
  'held',
  'going-back',
  'completed',
  'rolled-back',
  'aborted',
]);
const verdict = z.enum(['PASS', 'FAIL', 'INCONCLUSIVE', 'NO_DATA', 'ERROR']);
const counts = z.object({ total: z.number(), bad: z.number() });

const exposed = z
  .object({
    requests: z.number(),
    exact: z.boolean().nullable().describe('false: at least so many; null: no router counts'),
  })
  .meta({ id: 'ExposedRequests' });

const phaseView = z.object({
  id: z.string(),
  weight: z.number().describe('percent of traffic of the canary'),
  minTimeMs: z.number(),
  maxTimeMs: z.number(),
  minRequests: z.number(),
  warmupMs: z.number(),
  bakeMs: z.number(),
  conditions: z.array(z.string()),
  note: z.string().nullable(),
});

const measureView = z.object({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  by: z.string().nullable(),
  margin: z.number(),
  exclude: z.number(),
  gating: z.boolean(),
  cap: z.number().nullable(),
  phases: z.array(z.string()).nullable().describe('phases that it is judged in; null: all'),
});

/** A rollout as the documents declare it. */
export const declaredRollout = z
  .object({
    id: z.string(),
    title: z.string(),
    routers: z.array(z.object({ id: z.string(), kind: z.string() })),
    phases: z.array(phaseView),
    measures: z.array(measureView),
    intervalMs: z.number(),
    onFail: z.enum(['rollback', 'hold']),
    retry: z.enum(['new-candidate', 'person']),
    wayBack: z.string().nullable(),
  })
  .meta({ id: 'Rollout' });

/** What was begun of a rollout, in a list. */
export const shiftLine = z
  .object({
    id: z.string(),
    rollout: z.string(),
    stands: standing,
    weight: z.number(),
    phase: z.string().nullable(),
    requester: z.string(),
    reason: z.string(),
    candidateSha256: z.string(),
    createdAt: z.string(),
    endedAt: z.string().nullable(),
    exposed,
    version: z.int(),
  })
  .meta({ id: 'ShiftLine' });

const measured = z.object({
  measure: z.string(),
  verdict,
  reason: z.string(),
  gating: z.boolean(),
  stable: counts,
  canary: counts,
  compared: z.object({ bad: z.number(), canary: z.number(), explained: z.number() }),
  logAgainst: z.number().describe('natural logarithm of the evidence that it is worse than its margin'),
  logFor: z.number(),
  limit: z.number().describe('evidence that a verdict takes; no logarithm'),
  interval: z.object({ low: z.number().nullable(), high: z.number().nullable() }),
});

const differingRoute = z
  .object({
    route: z.string().describe('method and path, with :id for what names one thing of many'),
    compared: z.int(),
    differed: z.int().describe('in more than noise'),
    noise: z.int(),
    dropped: z.int(),
    failed: z.int().describe('copies without an answer'),
    uncompared: z.int().describe('too large to be held against each other'),
    fields: z.array(
      z.object({
        field: z.string().describe('status, header NAME, or a path in the body; never a value'),
        raw: z.int(),
        noise: z.int().describe('how often the stable version differs from itself there'),
        counts: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'DifferingRoute' });

const explained = z.object({ text: z.string(), unblock: z.string(), who: z.string() });

/** One shift of traffic: where it stands and why. */
export const shiftView = shiftLine
  .extend({
    declared: declaredRollout,
    planHash: z.string(),
    headline: z.string(),
    waits: z.array(explained),
    measures: z.array(explained.extend({ measure: z.string(), gating: z.boolean() })),
    verdicts: z.array(measured),
    phaseIndex: z.int().describe('-1 before the first phase'),
    phaseSince: z.string().nullable(),
    phaseExposed: exposed,
    hold: z.object({ cause: z.string(), reason: z.string(), by: z.string().nullable(), at: z.string() }).nullable(),
    bars: z.array(z.object({ code: z.string(), reason: z.string(), until: z.string().nullable() })),
    notes: z.array(z.object({ by: z.string(), text: z.string(), at: z.string() })),
    outcome: z.object({ cause: z.string(), reason: z.string(), by: z.string().nullable() }).nullable(),
    differences: z.array(differingRoute).nullable().describe('what a shadow found; null where none has spoken'),
    routers: z.array(z.object({ router: z.string(), weight: z.number().nullable(), detail: z.string() })),
    reports: z.array(
      z.object({
        phase: z.string(),
        weight: z.number(),
        ended: z.enum(['passed', 'promoted', 'left']),
        by: z.string().nullable(),
        reason: z.string(),
        from: z.string(),
        to: z.string(),
        exposed,
        verdicts: z.array(measured.extend({ text: z.string().describe('the verdict in words, with its numbers') })),
      }),
    ),
    entries: z.int(),
    head: z.string().describe('SHA-256 of the last entry of the journal'),
    broken: z.int().nullable().describe('first entry of the journal that does not hold'),
  })
  .meta({ id: 'Shift' });

/** Every rollout of a launch with what was begun of it. */
export const rolloutList = z
  .object({
    environment: z.string(),
    production: z.boolean(),
    rights: z.array(z.enum(permissions)),
    items: z.array(z.object({ declared: declaredRollout, shifts: z.array(shiftLine) })),
  })
  .meta({ id: 'Rollouts' });

/** An entry of the journal of a shift. */
export const shiftEntryView = z
  .object({
    number: z.int(),
    kind: z.string(),
    at: z.string(),
    sha256: z.string(),
    text: z.string().describe('what it says, in words'),
    body: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ShiftEntry' });

/** One look of a shift, for a chart. */
export const shiftPoint = z
  .object({
    at: z.string(),
    asked: z.number(),
    read: z.record(z.string(), z.number().nullable()),
    phase: z.string().nullable(),
    requests: z.number(),
    measures: z.array(
      z.object({
        measure: z.string(),
        verdict,
        logAgainst: z.number(),
        logFor: z.number(),
        limit: z.number(),
        canary: counts,
        stable: counts,
      }),
    ),
  })
  .meta({ id: 'ShiftPoint' });
