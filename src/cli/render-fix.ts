import type { FixChange, FixValue } from '../core/dataset/fix/fix-plan.ts';
import type { FixSummary, FixView } from '../engine/data/fix/list-fixes.ts';

const done = { insert: 'inserted', update: 'updated', delete: 'deleted' };

/** Fixes for a person, one line each, the newest first. */
export function describeFixes(fixes: readonly FixSummary[]): string {
  const lines = fixes.map(
    ({ id, planSha256, dataset, state, changes, review }) =>
      `${id}  ${planSha256.slice(0, 12)}  ${dataset}  ${state}  ${changes} changes, ${review} for people`,
  );
  return `${lines.join('\n') || 'no fix was planned'}\n`;
}

/** A fix for a person: what it changes as a diff, what is left to people, who moved it. */
export function describeFix(view: FixView): string {
  const { id, dataset, environment, state, on, table, policy, planSha256, counts, faults, notes, moves } = view;
  const left = view.changes - view.rows.length;
  return [
    `fix ${id} of ${dataset}, ${environment}: ${state}`,
    `  ${on} ${table}, policy ${policy}, plan ${planSha256}`,
    ...counts.map(({ fix, repairs, operation, rows }) => `  ${rows} rows ${done[operation]} by ${fix}, for ${repairs}`),
    `  ${view.changes} changes; ${view.review} rows for people`,
    ...notes.map((note) => `  note: ${note}`),
    ...(view.changes > 0 || view.review > 0 ? faults.map((fault) => `  not to be approved: ${fault}`) : []),
    ...view.rows.flatMap((change) => describeChange(change, view.key)),
    ...(left > 0 ? [`  and ${left} more`] : []),
    ...view.reviewRows.map(({ key, reason }) => `  ? ${key === null ? table : nameOf(key, view.key)}: ${reason}`),
    ...moves.map(({ at, to, person, detail }) => `  ${at} ${to}${person === null ? '' : ` by ${person}`}: ${detail}`),
    '',
  ].join('\n');
}

function describeChange({ operation, key, values, reason }: FixChange, names: readonly string[]): string[] {
  const sign = { insert: '+', update: '~', delete: '-' }[operation];
  const told = values.map((value) =>
    operation === 'update'
      ? `      ${value.column}: ${shown(value, 'before')} -> ${shown(value, 'after')}`
      : `      ${value.column}: ${shown(value, operation === 'insert' ? 'after' : 'before')}`,
  );
  return [`  ${sign} ${nameOf(key, names)}: ${reason}`, ...told];
}

function shown(value: FixValue, side: 'before' | 'after'): string {
  if (value.shown === 'generated') return side === 'after' ? '[generated when it is applied]' : '[redacted]';
  const isKept = value[side] !== null || value.shown === 'value' || (side === 'after' && value.from === 'plan');
  return isKept ? JSON.stringify(value[side]) : '[redacted]';
}

function nameOf(key: readonly (string | null)[], names: readonly string[]): string {
  return key.map((value, at) => `${names[at] ?? ''} ${value ?? 'null'}`).join(', ');
}
