import type { CanonRow, CanonValue } from '../canon.ts';
import type { RowDifference, DifferenceClass } from './difference.ts';

/** One difference as a report shows it: values of redacted columns are `[redacted]`. */
export interface DifferenceSample {
  key: CanonRow;
  column: string | null;
  source: CanonValue;
  target: CanonValue;
}

/** Differences of one cause, with the first few. */
export interface DifferenceGroup {
  cause: 'missing' | 'extra' | DifferenceClass;
  /** Null for rows that are on one side only. */
  column: string | null;
  count: number;
  samples: DifferenceSample[];
}

/** All differences of a comparison, counted; memory does not grow with them beyond what is kept on purpose. */
export interface DifferenceTally {
  missing: number;
  extra: number;
  changed: number;
  groups: DifferenceGroup[];
  /** Rows that differ, whole, for repairs and for looking again; as far as they were kept. */
  rows: RowDifference[];
  /** True where more rows differ than were kept. */
  cut: boolean;
}

export interface TallyLimits {
  samples: number;
  rows: number;
  /** Columns whose values no report may show. */
  redact: ReadonlySet<string>;
  /** Names of the columns of a row, those of the key first; without a key, all of the row tells it apart. */
  columns: readonly string[];
}

const redacted = '[redacted]';

/** Counts differences one by one. */
export function openTally(limits: TallyLimits): { add(difference: RowDifference): void; read(): DifferenceTally } {
  const tally: DifferenceTally = { missing: 0, extra: 0, changed: 0, groups: [], rows: [], cut: false };
  const groups = new Map<string, DifferenceGroup>();
  const count = (cause: DifferenceGroup['cause'], column: string | null, sample: DifferenceSample): void => {
    const name = `${cause}\t${column ?? ''}`;
    const group = groups.get(name) ?? { cause, column, count: 0, samples: [] };
    groups.set(name, group);
    group.count += 1;
    if (group.samples.length < limits.samples) group.samples.push(sample);
  };
  return {
    add(difference) {
      const { kind, key } = difference;
      tally[kind] += 1;
      if (tally.rows.length < limits.rows) tally.rows.push(difference);
      else tally.cut = true;
      const hide = toHide(difference, limits);
      if (kind !== 'changed') return count(kind, null, hide({ key, column: null, source: null, target: null }));
      for (const { class: cause, ...value } of difference.values) count(cause, value.column, hide({ key, ...value }));
    },
    read: () => ({ ...tally, groups: [...groups.values()].toSorted((a, b) => b.count - a.count) }),
  };
}

/** Shorter ones stand in other values by chance, and tell nothing there. */
const shortestSecret = 3;

/**
 * Hides what stands in a redacted column of the row, wherever it turns up: a value that moved to another column, or was copied there, is as personal as it was
 * before.
 */
function toHide(row: RowDifference, { redact, columns }: TallyLimits): (sample: DifferenceSample) => DifferenceSample {
  const secrets = columns.flatMap((name, at) => (redact.has(name) ? [row.source?.[at], row.target?.[at]] : []));
  const known = secrets.filter((value) => typeof value === 'string' && value.length >= shortestSecret) as string[];
  const hide = (name: string, value: CanonValue): CanonValue => {
    if (value === null) return null;
    const tells =
      value.length >= shortestSecret && known.some((secret) => value.includes(secret) || secret.includes(value));
    return redact.has(name) || tells ? redacted : value;
  };
  return ({ key, column, source, target }) => ({
    key: key.map((value, at) => hide(columns[at] ?? '', value)),
    column,
    source: hide(column ?? '', source),
    target: hide(column ?? '', target),
  });
}
