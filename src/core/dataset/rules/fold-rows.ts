import { compareDecimals } from '../canon/numbers.ts';
import { meetsConditions } from '../canon/meets-conditions.ts';
import type { CanonColumn, CanonRow } from '../canon.ts';
import type { PassCount } from './compile-pass.ts';
import type { ReadRule } from './read-data-rule.ts';
import { createSum } from './sum-decimals.ts';

/** Counts rows for one rule, as a pass would; for engines and conditions that cannot be asked. */
export function createFold(
  rule: ReadRule,
  columns: readonly CanonColumn[],
): { add(row: CanonRow): void; read(): PassCount } {
  const applies = meetsConditions(rule.where, columns);
  const holds = rule.kind === 'implies' ? meetsConditions(rule.demands, columns) : () => true;
  const at = 'column' in rule ? columns.findIndex(({ name }) => name === rule.column) : -1;
  const total = rule.kind === 'sum' ? createSum() : null;
  const count: PassCount = { applies: 0, violations: 0, total: null };
  return {
    add(row) {
      if (!applies(row)) return;
      count.applies += 1;
      if (!holds(row)) count.violations += 1;
      const value = at === -1 ? null : (row[at] ?? null);
      if (value === null) return;
      total?.add(value);
      if (rule.kind === 'sequence') count.total = greater(count.total, value);
      else if (total !== null) count.total = '';
    },
    read: () => ({ ...count, total: count.total === '' ? (total?.read() ?? null) : count.total }),
  };
}

function greater(known: string | null, value: string): string {
  return known === null || (compareDecimals(value, known) ?? 0) > 0 ? value : known;
}
