import { z } from 'zod';

import { importReportFaults } from '../../core/dataset/import/import-report.ts';
import type { ImportCounts } from '../../core/dataset/import/tally-import.ts';
import { judgeReconcile } from '../../core/dataset/reconcile/reconcile-report.ts';
import { permissions } from '../../core/access/permission.ts';
import type { NewestReconcile } from '../../engine/data/begin-reconcile.ts';
import type { ImportResult } from '../../engine/data/import/apply-import.ts';
import type { UndoResult } from '../../engine/data/import/roll-back.ts';
import type { DatasetStanding } from '../../engine/data/read-dataset.ts';
import { archiveLine, drillLine, toArchiveLine, toDrillLine } from './archive-view.ts';

const byReason = z.record(z.string(), z.int());

const counts = z.object({
  source: z.int().describe('as the source counts itself'),
  inserted: z.int(),
  updated: z.int(),
  recovered: z.int(),
  unchanged: z.int(),
  skipped: byReason,
  invalid: byReason,
  conflict: byReason,
});

const account = z.object({
  outcome: z.enum(['pass', 'fail', 'unknown']),
  accounted: z.int().nullable(),
  missing: z.int().nullable(),
  reason: z.string(),
});

const columnNote = z.object({ column: z.string(), message: z.string() });

/** Work on a dataset that this server has begun. */
export const dataWorkView = z
  .object({
    id: z.string(),
    dataset: z.string(),
    does: z.enum([
      'reconcile',
      'plan-import',
      'apply-import',
      'roll-back-import',
      'plan-fix',
      'apply-fix',
      'undo-fix',
      'export',
      'drill',
    ]),
    startedBy: z.string(),
    startedAtMs: z.number(),
    endedAtMs: z.number().nullable().describe('null while it is under way'),
    phase: z.string(),
    done: z.int(),
    total: z.int().nullable(),
    trouble: z.string().nullable(),
  })
  .meta({ id: 'DataWork' });

/** An import, with what became of every record. */
export const batchView = z
  .object({
    id: z.string(),
    mode: z.enum(['full', 'delta']),
    state: z.enum(['planned', 'approved', 'applying', 'applied', 'verified', 'rolled-back', 'failed']),
    requester: z.string(),
    createdAt: z.string(),
    reportSha256: z.string(),
    planned: counts.describe('of the dry run'),
    account: account.describe('of what was imported, else of the dry run'),
    counts: counts.nullable().describe('of what was imported; null before it was'),
    deletions: z
      .int()
      .nullable()
      .describe('records that an earlier import left in the target and the source no longer has; null: nobody looked'),
    gone: z
      .object({
        deleted: z.int(),
        edited: z.int().describe('stay, since people have edited them'),
        absent: z.int().describe('are not in the target any more'),
      })
      .nullable()
      .describe(
        'what became of those, as it was imported, else by the dry run; null where the dataset declares that they stay',
      ),
    faults: z.array(z.string()).describe('why it may not be approved'),
    questions: z.array(columnNote),
    notes: z.array(columnNote),
    verification: z.string().nullable(),
    undone: z
      .object({ deleted: z.int(), restored: z.int(), edited: z.int().describe('left since people have edited them') })
      .nullable(),
    moves: z.array(z.object({ to: z.string(), person: z.string().nullable(), detail: z.string(), at: z.string() })),
  })
  .meta({ id: 'ImportBatch' });

/** Rows that an import would delete, as its dry run saw them; keys that the dataset hides are `[redacted]`. */
export const deletionsView = z
  .object({
    planned: z.int(),
    keys: z.array(z.string()).describe('of the first ones'),
    takesAlong: z
      .array(z.object({ table: z.string(), column: z.string(), rows: z.int() }))
      .describe('rows of other tables that would go with them: while there are any, nothing is deleted'),
  })
  .meta({ id: 'ImportDeletions' });

const reconcileLine = z.object({
  verdict: z.enum(['equal', 'equal within tolerance', 'differs', 'inconclusive']),
  reason: z.string(),
  at: z.string(),
  startedBy: z.string(),
  reportSha256: z.string(),
  current: z.boolean().describe('whether it is of the documents as they stand now'),
  missing: z.int(),
  extra: z.int(),
  changed: z.int(),
  compared: z.int(),
});

const criterion = z.object({
  criterion: z.string(),
  title: z.string(),
  gate: z.string(),
  kind: z.string(),
  state: z.enum(['due', 'fresh', 'waiting', 'blocked', 'undeclared']),
  reason: z.string(),
  outcome: z.enum(['pass', 'fail', 'unknown']).nullable(),
  isMet: z.boolean(),
});

const place = z.object({ on: z.string(), table: z.string() });

/** A dataset with everything that is known of it in an environment; no value of a row. */
export const datasetView = z
  .object({
    id: z.string(),
    title: z.string(),
    source: place,
    target: place.nullable(),
    key: z.array(z.string()),
    fixes: z
      .array(z.object({ id: z.string(), repairs: z.string(), does: z.string(), safe: z.boolean() }))
      .describe('repairs that the document declares'),
    batches: z.array(batchView),
    reconcile: reconcileLine.nullable(),
    archives: z.array(archiveLine).describe('written by this server, the newest first'),
    drills: z.array(drillLine),
    unreadableDrills: z.int(),
    criteria: z.array(criterion),
    work: dataWorkView.nullable(),
  })
  .meta({ id: 'Dataset' });

/** The datasets of a launch in an environment. */
export const datasetList = z.object({
  environment: z.string(),
  production: z.boolean(),
  rights: z.array(z.enum(permissions)),
  items: z.array(datasetView),
});

/** Returns what the API shows of a dataset. */
export function toDatasetView(
  { dataset, batches, reconcile, archives, drills, unreadableDrills, criteria, work }: DatasetStanding,
  planHash: string,
): z.input<typeof datasetView> {
  const { id, title, source, target, key, fixes } = dataset;
  return {
    id,
    title,
    source,
    target,
    unreadableDrills,
    criteria,
    work,
    key: [...key],
    fixes: fixes.map(({ id: fix, repairs, does, safe }) => ({
      id: fix,
      repairs,
      does,
      safe,
    })),
    batches: batches.map(toBatchView),
    reconcile: reconcile === null ? null : toReconcileLine(reconcile, planHash),
    archives: archives.map(toArchiveLine),
    drills: drills.map(toDrillLine),
  };
}

function toBatchView(batch: DatasetStanding['batches'][number]): z.input<typeof batchView> {
  const { id, mode, state, requester, createdAt, reportSha256, report, moves } = batch;
  const result: (Partial<ImportResult> & { undo?: UndoResult }) | null = batch.result;
  return {
    id,
    mode,
    state,
    requester,
    createdAt,
    reportSha256,
    planned: toCounts(report.counts),
    account: result?.account ?? report.account,
    counts: result?.counts ? toCounts(result.counts) : null,
    deletions: report.deletions,
    gone: result?.gone ?? report.gone?.counts ?? null,
    faults: importReportFaults(report),
    questions: report.questions,
    notes: report.notes,
    verification: result?.verification?.reason ?? null,
    undone: result?.undo?.counts ?? null,
    moves,
  };
}

function toCounts({ skipped, invalid, conflict, ...plain }: ImportCounts): z.input<typeof counts> {
  return { ...plain, skipped: { ...skipped }, invalid: { ...invalid }, conflict: { ...conflict } };
}

function toReconcileLine(
  { report, at, startedBy, reportSha256, planHash: of }: NewestReconcile,
  planHash: string,
): z.input<typeof reconcileLine> {
  const { missing, extra, changed } = report.differences;
  return {
    ...judgeReconcile(report),
    startedBy,
    reportSha256,
    missing,
    extra,
    changed,
    at: at.toISOString(),
    current: of === planHash,
    compared: report.counts.compared,
  };
}
