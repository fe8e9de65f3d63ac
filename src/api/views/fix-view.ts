import { z } from 'zod';

import type { FixSummary, FixView } from '../../engine/data/fix/list-fixes.ts';

const value = z.string().nullable();
const operation = z.enum(['insert', 'update', 'delete']);

/** A fix in a list: how many rows it would change and why, and no value of any. */
export const fixLine = z
  .object({
    id: z.string(),
    state: z.enum(['planned', 'approved', 'applying', 'applied', 'undoing', 'undone', 'failed']),
    requester: z.string(),
    createdAt: z.string(),
    policy: z.string(),
    planSha256: z.string(),
    on: z.string(),
    table: z.string(),
    changes: z.int(),
    review: z.int().describe('rows that no declared fix may touch'),
    counts: z.array(z.object({ fix: z.string(), repairs: z.string(), operation, rows: z.int() })),
    faults: z.array(z.string()).describe('why it may not be approved'),
    notes: z.array(z.string()),
    outcome: z.string().nullable().describe('what it came to; null before it was applied'),
  })
  .meta({ id: 'FixLine' });

/** A fix row by row. Values that the dataset hides are `[redacted]`. */
export const fixView = fixLine
  .extend({
    key: z.array(z.string()),
    rows: z.array(
      z.object({
        operation,
        key: z.array(value),
        reason: z.string(),
        fixes: z.array(z.string()),
        values: z.array(
          z.object({
            column: z.string(),
            before: value,
            after: value,
            shown: z.enum(['value', 'redacted', 'generated']),
          }),
        ),
      }),
    ),
    reviewRows: z.array(z.object({ key: z.array(value).nullable(), repairs: z.string(), reason: z.string() })),
    moves: z.array(z.object({ to: z.string(), person: z.string().nullable(), detail: z.string(), at: z.string() })),
  })
  .meta({ id: 'Fix' });

/** Returns what the API shows of a fix in a list. */
export function toFixLine({ result, ...fix }: FixSummary): z.input<typeof fixLine> {
  const { id, state, requester, createdAt, policy, planSha256, on, table, changes, review, counts, faults, notes } =
    fix;
  const outcome = result?.verification?.reason ?? null;
  return {
    id,
    state,
    requester,
    createdAt,
    policy,
    planSha256,
    on,
    table,
    changes,
    review,
    counts,
    faults,
    notes,
    outcome,
  };
}

/** Returns what the API shows of a fix. */
export function toFixView(fix: FixView): z.input<typeof fixView> {
  return {
    ...toFixLine(fix),
    key: [...fix.key],
    rows: fix.rows.map(({ operation: does, key, reason, fixes, values }) => ({
      operation: does,
      key: [...key],
      reason,
      fixes,
      values: values.map(({ column, before, after, shown }) => ({ column, before, after, shown })),
    })),
    reviewRows: fix.reviewRows.map(({ key, ...rest }) => ({ ...rest, key: key === null ? null : [...key] })),
    moves: fix.moves,
  };
}
