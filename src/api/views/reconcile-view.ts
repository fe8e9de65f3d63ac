import { z } from 'zod';

import { judgeReconcile } from '../../core/dataset/reconcile/reconcile-report.ts';
import type { NewestReconcile } from '../../engine/data/begin-reconcile.ts';

const value = z.string().nullable();

const sample = z.object({ key: z.array(value), source: value, target: value });

const group = z
  .object({
    cause: z.string().describe('missing, extra, or the class of a difference between two values'),
    column: z.string().nullable().describe('null for rows that are on one side only'),
    count: z.int(),
    samples: z.array(sample),
  })
  .meta({ id: 'DifferenceGroup' });

/** What a comparison came to, with samples of what differs; values that the dataset hides are `[redacted]`. */
export const reconcileView = z
  .object({
    dataset: z.string(),
    verdict: z.enum(['equal', 'equal within tolerance', 'differs', 'inconclusive']),
    reason: z.string(),
    at: z.string(),
    startedBy: z.string(),
    reportSha256: z.string(),
    source: z.object({ on: z.string(), table: z.string() }),
    target: z.object({ on: z.string(), table: z.string() }),
    strategy: z.string(),
    tookMs: z.number(),
    plan: z.array(z.object({ did: z.string(), saw: z.string() })),
    counts: z.object({
      source: z.int(),
      target: z.int(),
      compared: z.int(),
      skipped: z.record(z.string(), z.int()),
    }),
    missing: z.int(),
    extra: z.int(),
    changed: z.int(),
    groups: z.array(group),
    systematic: z.array(
      z.object({ column: z.string(), differing: z.int(), sampled: z.int(), guess: z.string().nullable() }),
    ),
    tolerated: z.record(z.string(), z.int()),
    omitted: z.array(z.object({ column: z.string(), reason: z.string() })),
    notes: z.array(z.object({ column: z.string(), message: z.string(), blocks: z.boolean() })),
    changedBuckets: z
      .object({ source: z.int(), target: z.int() })
      .nullable()
      .describe('groups of buckets that changed since the comparison before; null where there is none to compare with'),
  })
  .meta({ id: 'Reconcile' });

/** Returns what the API shows of a report. Its samples were redacted when it was made. */
export function toReconcileView({
  report,
  at,
  startedBy,
  reportSha256,
}: NewestReconcile): z.input<typeof reconcileView> {
  const { dataset, source, target, strategy, plan, counts, differences, systematic, tolerated, omitted, notes } =
    report;
  const { groups, missing, extra, changed } = differences;
  return {
    ...judgeReconcile(report),
    dataset,
    startedBy,
    reportSha256,
    strategy,
    plan,
    systematic,
    tolerated,
    omitted,
    notes,
    missing,
    extra,
    changed,
    source,
    target,
    counts,
    at: at.toISOString(),
    tookMs: Date.parse(report.endedAt) - Date.parse(report.startedAt),
    groups: groups.map(({ samples, ...one }) => ({
      ...one,
      samples: samples.map((each) => ({
        key: [...each.key],
        source: each.source,
        target: each.target,
      })),
    })),
    changedBuckets: report.buckets?.changed ?? null,
  };
}
