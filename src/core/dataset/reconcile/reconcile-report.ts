import type { JsonObject } from '@tminus/verify';

import type { CanonType } from '../canon.ts';
import { asks } from '../canon/column-note.ts';
import type { ColumnNote } from '../canon/column-note.ts';
import type { Strategy } from './choose-strategy.ts';
import type { SystematicDifference } from './guess-transformation.ts';
import type { DifferenceGroup } from './tally-differences.ts';

export const reconcileReportFormat = 'tminus/reconcile-report/1';

/** So many rows that differ are kept, to be looked at again and repaired. */
export const keptRows = 10_000;

/** What comparing a dataset on both sides came to; the bytes of a `reconcile` check. */
export interface ReconcileReport {
  format: typeof reconcileReportFormat;
  canon: string;
  dataset: string;
  source: { on: string; table: string; versions: JsonObject };
  target: { on: string; table: string; versions: JsonObject };
  startedAt: string;
  endedAt: string;
  seed: number;
  strategy: Strategy | 'sample';
  /** What the planner did and saw, in order. */
  plan: { did: string; saw: string }[];
  columns: {
    source: string | null;
    target: string;
    type: CanonType;
    scale: number | null;
    steps: string[];
    tolerance: string[];
  }[];
  /** Columns that nobody looked at, with the reason. */
  omitted: { column: string; reason: string }[];
  notes: ColumnNote[];
  /** Records of the source, of which so many were left out by reason; the rest was compared with all rows of the target. */
  counts: { source: number; target: number; compared: number; skipped: { [reason: string]: number } };
  differences: { missing: number; extra: number; changed: number; groups: DifferenceGroup[] };
  /** Differences that had gone when they were looked at again. */
  inFlight: number;
  rechecks: { afterMs: number; persisting: number }[];
  /** Values that differ within what the dataset declares, by column. */
  tolerated: { [column: string]: number };
  /** Named from the sample; where there are any, and a full comparison was not asked for, nothing else was looked at. */
  systematic: SystematicDifference[];
  /** Set where the comparison could not be trusted or did not come to its end. */
  inconclusive: string | null;
  bytes: { source: number; target: number };
  /** Digests of the groups of buckets of both sides, for what changed since the last run; null where rows were streamed. */
  buckets: ReconcileBuckets | null;
}

/** Buckets folded into about 256 groups, so that two runs can be held beside each other: groups of hashes by the hash, of ranges between these bounds. */
export interface ReconcileBuckets {
  by: 'range' | 'hash';
  /** Bounds of the groups for ranges; empty for hashes. */
  bounds: string[];
  source: string[];
  target: string[];
  /** Groups whose source changed since the run before, whose target did; null where there is none to compare with. */
  changed: { source: number; target: number } | null;
}

/** What a report amounts to. */
export interface ReconcileVerdict {
  verdict: 'equal' | 'equal within tolerance' | 'differs' | 'inconclusive';
  reason: string;
}

/**
 * Returns the verdict that a report's own numbers carry; it trusts no verdict that stands in it. Nothing compared is inconclusive, and so is a comparison
 * that did not end: only rows that were looked at say anything.
 */
export function judgeReconcile(report: ReconcileReport): ReconcileVerdict {
  const { counts, differences } = report;
  const { missing, extra, changed } = differences;
  const blocking = report.notes.find(asks);
  const skipped = Object.values(counts.skipped).reduce((sum, count) => sum + count, 0);
  const systematic = report.systematic[0];
  if (missing + extra + changed > 0)
    return { verdict: 'differs', reason: `${missing} missing, ${extra} extra, ${changed} changed` };
  if (systematic !== undefined) return { verdict: 'differs', reason: describeSystematic(systematic) };
  if (report.inconclusive !== null) return { verdict: 'inconclusive', reason: report.inconclusive };
  if (blocking !== undefined) return { verdict: 'inconclusive', reason: `${blocking.column}: ${blocking.message}` };
  if (report.strategy === 'sample') return { verdict: 'inconclusive', reason: 'only a sample was compared' };
  if (counts.source !== counts.compared + skipped)
    return {
      verdict: 'inconclusive',
      reason: `expected ${counts.source} records accounted for, got ${counts.compared + skipped}`,
    };
  // Counts were taken once, before anything was looked at again: rows on their way stand in them.
  if (!(Math.abs(counts.compared - counts.target) <= report.inFlight))
    return { verdict: 'differs', reason: `${counts.compared} records against ${counts.target} rows` };
  if (counts.compared === 0) return { verdict: 'inconclusive', reason: 'no rows were compared: both sides are empty' };
  const within = Object.values(report.tolerated).reduce((sum, count) => sum + count, 0);
  if (within > 0)
    return { verdict: 'equal within tolerance', reason: `${within} values differ within what is declared` };
  return { verdict: 'equal', reason: `${counts.compared} rows are the same on both sides` };
}

/** One column, one cause, in words. */
export function describeSystematic({ column, differing, sampled, guess }: SystematicDifference): string {
  return `${column} differs in ${differing} of ${sampled} sampled rows${guess === null ? '' : `: ${guess}`}`;
}
