import { digestOf } from '@tminus/verify';

import type { CanonColumn, CanonRow, CanonValue } from '../canon.ts';

export const fixPlanFormat = 'tminus/fix-plan/1';

/** One column of one row that a fix writes. A value that the dataset hides, or that is made when the fix is applied, stands nowhere in the plan. */
export interface FixValue {
  column: string;
  before: CanonValue;
  after: CanonValue;
  shown: 'value' | 'redacted' | 'generated';
  /** Where the value comes from when the fix is applied. */
  from: 'source' | 'plan' | 'token';
  /** SHA-256 of the canonical text of a value that is redacted; null for every other one, and for null. */
  sha256: string | null;
}

/** One change of one row. It is made only where the row still has the digest that was seen. */
export interface FixChange {
  operation: 'insert' | 'update' | 'delete';
  /** Canonical values of the key of the plan. */
  key: CanonRow;
  /** SHA-256 of the canonical line of the whole row before; null for an insert. */
  beforeSha256: string | null;
  values: FixValue[];
  /** Ids of the declared fixes that want it. */
  fixes: string[];
  /** Classes of difference, or ids of rules. */
  repairs: string[];
  reason: string;
}

/** What no declared fix may touch: for a person. */
export interface FixReview {
  /** Null where a rule is about a whole table. */
  key: CanonRow | null;
  repairs: string;
  reason: string;
}

/** Rows of another table that a deletion would take along. */
export interface FixCascade {
  table: string;
  column: string;
  rows: number;
}

/** What would be changed to repair a dataset, row by row. Its digest is what people approve. */
export interface FixPlan {
  format: typeof fixPlanFormat;
  canon: string;
  launch: string;
  environment: string;
  dataset: string;
  on: string;
  table: string;
  /** Every column of the table that can be written, the key first: what the digests of rows are made of. */
  columns: CanonColumn[];
  key: string[];
  /** Columns whose values no page, report or log may show. */
  hidden: string[];
  /** Version of the policy of repairs; applied under no other one. */
  policy: string;
  changes: FixChange[];
  review: FixReview[];
  /** Not empty: the plan is refused, because deletions would take these along. */
  cascades: FixCascade[];
  notes: string[];
}

/** Returns the digest that an approval of a plan is bound to. */
export function fixPlanSha256(plan: FixPlan): string {
  return digestOf(plan);
}

/** Why a plan may not be approved or applied, each reason; empty where it may. */
export function fixPlanFaults(plan: FixPlan): string[] {
  const taken = plan.cascades.map(
    ({ table, column, rows }) => `its deletions would take along or empty ${rows} rows of ${table} by ${column}`,
  );
  return [...(plan.changes.length === 0 ? ['it changes nothing'] : []), ...taken];
}

/** How many changes one declared fix makes. */
export interface FixCount {
  fix: string;
  repairs: string;
  operation: FixChange['operation'];
  rows: number;
}

/** Returns how many rows each declared fix changes, the most first. */
export function countFixes({ changes }: Pick<FixPlan, 'changes'>): FixCount[] {
  const counts = new Map<string, FixCount>();
  for (const { operation, fixes, repairs } of changes)
    for (const [at, fix] of fixes.entries()) {
      const name = `${fix}\t${operation}`;
      const count = counts.get(name) ?? { fix, repairs: repairs[at] ?? '', operation, rows: 0 };
      counts.set(name, { ...count, rows: count.rows + 1 });
    }
  return [...counts.values()].toSorted((a, b) => b.rows - a.rows || (a.fix < b.fix ? -1 : 1));
}

const redacted = '[redacted]';

/** Returns the changes as people may see them: values of hidden columns, also of the key, are `[redacted]`. */
export function toShownChanges({ changes, key, hidden }: FixPlan): FixChange[] {
  const isHidden = key.map((name) => hidden.includes(name));
  return changes.map((change) => ({
    ...change,
    key: change.key.map((value, at) => (isHidden[at] ? redacted : value)),
  }));
}

/** Returns what is left to people, as people may see it. */
export function toShownReview({ review, key, hidden }: FixPlan): FixReview[] {
  const isHidden = key.map((name) => hidden.includes(name));
  return review.map((one) => ({
    ...one,
    key: one.key === null ? null : one.key.map((value, at) => (isHidden[at] ? redacted : value)),
  }));
}
