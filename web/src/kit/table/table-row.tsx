import { memo } from 'react';
import type { MouseEvent } from 'react';

import { joinClasses } from '../join-classes.ts';
import type { Column } from './column.ts';
import styles from './table.module.css';

interface Props {
  row: unknown;
  index: number;
  /** Distance from the top of a virtual table; null where rows stand in the flow. */
  top: number | null;
  columns: readonly Column<unknown>[];
  /** Column of this row that Tab leads to; null where another row has it. */
  active: number | null;
  isSelected: boolean;
  onOpen: ((row: unknown) => void) | undefined;
}

/** One row. Drawn again only when its own values change: scrolling draws the rows that come, and no others. */
export const TableRow = memo(function TableRow({ row, index, top, columns, active, isSelected, onOpen }: Props) {
  const open = (event: MouseEvent): void => {
    if (!isOwnPress(event)) onOpen?.(row);
  };
  return (
    <div
      role="row"
      className={joinClasses(styles.row, top !== null && styles.placed, onOpen && styles.openable)}
      aria-rowindex={index + 2}
      {...(onOpen ? { 'aria-selected': isSelected } : {})}
      style={top === null ? {} : { transform: `translateY(${top}px)` }}
      onClick={open}
    >
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          className={styles.cell}
          data-align={column.align}
          data-row={index}
          data-column={place}
          tabIndex={active === place ? 0 : -1}
          aria-colindex={place + 1}
        >
          <span className={styles.text}>{column.cell(row)}</span>
        </div>
      ))}
    </div>
  );
});

/** True where the press was on something inside the row that does something of its own. */
function isOwnPress({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest('a, button, input, label') !== null;
}
