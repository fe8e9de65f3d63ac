import { useEffect, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, RefObject } from 'react';

import { moveCell } from './move-cell.ts';
import type { Cell } from './move-cell.ts';

/** Rows that PageUp and PageDown go over. */
const page = 12;

interface Grid {
  rows: number;
  columns: number;
  scroller: RefObject<HTMLDivElement | null>;
  /** Brings a row into the page, so that it can have the focus. */
  reveal: (row: number) => void;
}

/** Which cell Tab leads to, and the keys that lead from cell to cell. Enter does what a press on the cell would do. */
export function useGridKeys({ rows, columns, scroller, reveal }: Grid) {
  const [wanted, setWanted] = useState<Cell>({ row: -1, column: 0 });
  // Kept until its cell is there: between a key and the drawing that follows from it another one may end, such as that of a scroll.
  const target = useRef<Cell | null>(null);
  const active = { row: Math.min(wanted.row, rows - 1), column: Math.min(wanted.column, Math.max(0, columns - 1)) };

  useEffect(() => {
    const cell = target.current && findCell(scroller.current, target.current);
    if (!cell) return;
    target.current = null;
    cell.focus({ preventScroll: false });
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const isOnCell = event.target instanceof HTMLElement && event.target.dataset['column'] !== undefined;
    if (isOnCell && event.key === 'Enter') return press(event);
    const isControl = event.ctrlKey || event.metaKey;
    const to = moveCell(active, event.key, { rows, columns, page, isControl });
    if (to === null || event.altKey) return;
    event.preventDefault();
    target.current = to;
    reveal(to.row);
    setWanted(to);
  };

  const onFocus = (event: FocusEvent): void => {
    const cell = event.target.closest<HTMLElement>('[data-column]');
    if (cell) setWanted({ row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) });
  };
  return { active, onKeyDown, onFocus };
}

function press(event: KeyboardEvent): void {
  const cell = event.target as HTMLElement;
  event.preventDefault();
  (cell.querySelector<HTMLElement>('a, button, input') ?? cell).click();
}

function findCell(scroller: HTMLElement | null, { row, column }: Cell): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`) ?? null;
}
