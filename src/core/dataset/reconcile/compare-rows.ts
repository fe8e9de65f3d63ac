import type { CanonColumn, CanonRow } from '../canon.ts';
import type { ColumnTolerance } from '../dataset.ts';
import { classifyValues } from './classify-values.ts';
import type { ValueDifference } from './difference.ts';
import { tolerates } from './tolerates.ts';

/** What comparing two rows came to. */
export interface RowComparison {
  values: ValueDifference[];
  /** Columns that differ within what the dataset declares. */
  tolerated: string[];
}

/** Returns every column in which two rows of one key differ; a value that now stands in another column is called `moved` in both. */
export function compareRows(
  source: CanonRow,
  target: CanonRow,
  { columns, tolerances }: { columns: readonly CanonColumn[]; tolerances: readonly ColumnTolerance[] },
): RowComparison {
  const values: ValueDifference[] = [];
  const tolerated: string[] = [];
  for (const [at, column] of columns.entries()) {
    const [from, to] = [source[at] ?? null, target[at] ?? null];
    if (from === to) continue;
    const allowed = tolerances.some((one) => one.column === column.name && tolerates(from, to, one));
    if (allowed) tolerated.push(column.name);
    else values.push({ column: column.name, class: classifyValues(from, to, column), source: from, target: to });
  }
  return { values: nameMoved(values), tolerated };
}

/** `a|b` and null became null and `a|b`, or the end of one column the beginning of the next. */
function nameMoved(values: ValueDifference[]): ValueDifference[] {
  if (values.length < 2) return values;
  return values.map((one) => {
    if (one.class !== 'value' && one.class !== 'null-or-empty') return one;
    const partner = values.find((other) => other !== one && (isSwap(one, other) || isShift(one, other)));
    return partner ? { ...one, class: 'moved' } : one;
  });
}

function isSwap(one: ValueDifference, other: ValueDifference): boolean {
  const went = one.source !== null && one.source !== '' && one.source === other.target;
  const came = one.target !== null && one.target !== '' && one.target === other.source;
  return went || came;
}

function isShift(one: ValueDifference, other: ValueDifference): boolean {
  const source = join(one.source, other.source);
  return (
    source !== '' &&
    (source === join(one.target, other.target) || join(other.source, one.source) === join(other.target, one.target))
  );
}

function join(a: string | null, b: string | null): string {
  return `${a ?? ''}${b ?? ''}`.replaceAll(/[|,;\t]/g, '');
}
