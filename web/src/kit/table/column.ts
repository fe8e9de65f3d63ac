import type { ReactNode } from 'react';

/** One column of a table. */
export interface Column<Row> {
  id: string;
  name: string;
  cell: (row: Row) => ReactNode;
  /** What rows are sorted by; null sorts last, whatever the direction. Without it the column cannot be sorted. */
  sortBy?: (row: Row) => string | number | null;
  /** 1 is shown on every screen; 2 from 560 px of room, 3 from 880 px. 1 unless said: name few. */
  priority?: 1 | 2 | 3;
  /** Width as a track of CSS grid: `120px`, `2fr`. `1fr` unless said. */
  width?: string;
  /** Figures stand at the end of their cell. */
  align?: 'start' | 'end';
}

/** Where rows are sorted by, and in which direction. */
export interface Sorting {
  column: string;
  direction: 'ascending' | 'descending';
}

const roomFor = { 1: 0, 2: 560, 3: 880 } as const;

/** The columns for which there is room in `width` px. */
export function toVisible<Row>(columns: readonly Column<Row>[], width: number): Column<Row>[] {
  return columns.filter(({ priority = 1 }) => width >= roomFor[priority]);
}

/** The tracks of the columns, as `grid-template-columns`. */
export function toTracks<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width = '1fr' }) => (width.endsWith('fr') ? `minmax(0, ${width})` : width)).join(' ');
}

/** The rows in the order of a sorting; equal ones stay as they were, and those without a value come last. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const by = columns.find(({ id }) => id === sorting?.column)?.sortBy;
  if (sorting === null || by === undefined) return rows;
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, value: by(row) }))
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

const collator = new Intl.Collator('en', { numeric: true });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}

/** The sorting after a press on the head of a column: ascending, descending, as it was. */
export function turn(sorting: Sorting | null, column: string): Sorting | null {
  if (sorting?.column !== column) return { column, direction: 'ascending' };
  return sorting.direction === 'ascending' ? { column, direction: 'descending' } : null;
}
