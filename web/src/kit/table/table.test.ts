import { describe, expect, it } from 'vitest';

import { sortRows, toTracks, toVisible, turn } from './column.ts';
import type { Column } from './column.ts';
import { moveCell } from './move-cell.ts';

interface Row {
  id: string;
  at: number | null;
}

const columns: Column<Row>[] = [
  { id: 'id', name: 'Step', cell: ({ id }) => id, sortBy: ({ id }) => id, width: '80px' },
  { id: 'at', name: 'At', cell: ({ at }) => at, sortBy: ({ at }) => at, priority: 2 },
  { id: 'note', name: 'Note', cell: () => '', priority: 3, width: '2fr' },
];
const rows: Row[] = [
  { id: 'S10', at: 5 },
  { id: 'S9', at: null },
  { id: 'S1', at: -3 },
];
const ids = (sorted: readonly Row[]): string[] => sorted.map(({ id }) => id);

describe('rows of a table', () => {
  it('sorts numbers in text as people count, and what has no value last in both directions', () => {
    expect(ids(sortRows(rows, columns, { column: 'id', direction: 'ascending' }))).toEqual(['S1', 'S9', 'S10']);
    expect(ids(sortRows(rows, columns, { column: 'at', direction: 'ascending' }))).toEqual(['S1', 'S10', 'S9']);
    expect(ids(sortRows(rows, columns, { column: 'at', direction: 'descending' }))).toEqual(['S10', 'S1', 'S9']);
  });

  it('leaves rows as they are without a sorting, and for a column that cannot be sorted', () => {
    expect(sortRows(rows, columns, null)).toBe(rows);
    expect(sortRows(rows, columns, { column: 'note', direction: 'ascending' })).toBe(rows);
  });

  it('turns from ascending to descending to none', () => {
    const first = turn(null, 'id');
    const second = turn(first, 'id');
    expect([first?.direction, second?.direction, turn(second, 'id')]).toEqual(['ascending', 'descending', null]);
    expect(turn(second, 'at')).toEqual({ column: 'at', direction: 'ascending' });
  });

  it('leaves out columns that find no room, by their priority', () => {
    const names = (width: number) => toVisible(columns, width).map(({ id }) => id);
    expect([names(320), names(600), names(1_000)]).toEqual([['id'], ['id', 'at'], ['id', 'at', 'note']]);
    expect(toTracks(columns)).toBe('80px minmax(0, 1fr) minmax(0, 2fr)');
  });
});

describe('keys of a table', () => {
  const size = { rows: 50, columns: 3, page: 12, isControl: false };
  it.each([
    ['ArrowDown', { row: -1, column: 0 }, { row: 0, column: 0 }],
    ['ArrowUp', { row: -1, column: 2 }, { row: -1, column: 2 }],
    ['ArrowRight', { row: 3, column: 2 }, { row: 3, column: 2 }],
    ['PageDown', { row: 45, column: 1 }, { row: 49, column: 1 }],
    ['PageUp', { row: 5, column: 1 }, { row: 0, column: 1 }],
    ['Home', { row: 5, column: 2 }, { row: 5, column: 0 }],
    ['End', { row: 5, column: 0 }, { row: 5, column: 2 }],
  ])('%s stays inside the table', (key, from, to) => expect(moveCell(from, key, size)).toEqual(to));

  it('leads to the corners with Control, and nowhere with a letter (negative control)', () => {
    expect(moveCell({ row: 5, column: 1 }, 'End', { ...size, isControl: true })).toEqual({ row: 49, column: 2 });
    expect(moveCell({ row: 5, column: 1 }, 'Home', { ...size, isControl: true })).toEqual({ row: -1, column: 0 });
    expect(moveCell({ row: 5, column: 1 }, 'x', size)).toBeNull();
  });
});
