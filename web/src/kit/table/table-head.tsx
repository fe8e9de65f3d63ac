import { Icon } from '../icon.tsx';
import { turn } from './column.ts';
import type { Column, Sorting } from './column.ts';
import styles from './table.module.css';

/** The names of the columns; a press sorts by one. */
export function TableHead<Row>({
  columns,
  sorting,
  onSort,
  active,
}: {
  columns: readonly Column<Row>[];
  sorting: Sorting | null;
  onSort: (sorting: Sorting | null) => void;
  /** Column that Tab leads to; null where a row has it. */
  active: number | null;
}) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" className={styles.row} aria-rowindex={1}>
        {columns.map((column, index) => {
          const isSortable = column.sortBy !== undefined;
          const direction = sorting?.column === column.id ? sorting.direction : null;
          return (
            <div
              key={column.id}
              role="columnheader"
              className={styles.cell}
              data-align={column.align}
              data-sortable={isSortable}
              data-row={-1}
              data-column={index}
              tabIndex={active === index ? 0 : -1}
              aria-colindex={index + 1}
              {...(isSortable ? { 'aria-sort': direction ?? 'none' } : {})}
              onClick={() => {
                if (isSortable) onSort(turn(sorting, column.id));
              }}
            >
              <span className={styles.text}>{column.name}</span>
              {direction === null ? null : <Icon name={direction === 'ascending' ? 'arrowUp' : 'arrowDown'} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
