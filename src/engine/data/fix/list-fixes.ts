import { countFixes, fixPlanFaults, toShownChanges, toShownReview } from '../../../core/dataset/fix/fix-plan.ts';
import type { FixChange, FixCount, FixReview } from '../../../core/dataset/fix/fix-plan.ts';
import type { FixState } from '../../../core/dataset/fix/fix-state.ts';
import { listFixMoves, listStoredFixes } from '../../../store/fix-plan.ts';
import type { StoredFix, StoredFixMove } from '../../../store/fix-plan.ts';
import type { Store } from '../../../store/open-store.ts';
import type { FixResult } from './apply-fix.ts';
import { findFix } from './move-fix.ts';

/** One line of a list of fixes. */
export interface FixSummary {
  id: string;
  dataset: string;
  environment: string;
  state: FixState;
  requester: string;
  createdAt: string;
  policy: string;
  /** What an approval is bound to. */
  planSha256: string;
  on: string;
  table: string;
  changes: number;
  review: number;
  counts: FixCount[];
  /** Why it may not be approved; empty where it may. */
  faults: string[];
  notes: string[];
  result: (Partial<FixResult> & { restored?: number }) | null;
}

/** A fix as people look at it: values of hidden columns, also of keys, are left out. */
export interface FixView extends FixSummary {
  columns: string[];
  key: string[];
  rows: FixChange[];
  reviewRows: FixReview[];
  moves: StoredFixMove[];
}

/** Returns the fixes of a dataset, or of all, in an environment, the newest first. */
export async function listFixes(
  store: Store,
  about: { launch: string; environment: string; dataset: string | null },
): Promise<FixSummary[]> {
  return (await listStoredFixes(store, about)).map(toSummary);
}

/** Returns one fix, with its first rows from `offset` and with who did what; throws `fix_unknown`. */
export async function viewFix(store: Store, id: string, page: { offset: number; limit: number }): Promise<FixView> {
  const fix = await findFix(store, id);
  const { plan } = fix;
  const { offset, limit } = page;
  const shown = toShownChanges({ ...plan, changes: plan.changes.slice(offset, offset + limit) });
  return {
    ...toSummary(fix),
    columns: plan.columns.map(({ name }) => name),
    key: plan.key,
    rows: shown,
    reviewRows: toShownReview({ ...plan, review: plan.review.slice(offset, offset + limit) }),
    moves: await listFixMoves(store, id),
  };
}

/** Returns a fix without its rows. */
export function toSummary(fix: StoredFix): FixSummary {
  const { id, dataset, environment, state, requester, createdAt, planSha256, plan } = fix;
  return {
    id,
    dataset,
    environment,
    state,
    requester,
    createdAt,
    planSha256,
    policy: plan.policy,
    on: plan.on,
    table: plan.table,
    notes: plan.notes,
    changes: plan.changes.length,
    review: plan.review.length,
    counts: countFixes(plan),
    faults: fixPlanFaults(plan),
    result: fix.result,
  };
}
