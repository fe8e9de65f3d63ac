import type { ReadingNode } from '../../api/client.generated.ts';
import styles from './documents.module.css';
import { FindingNote } from './finding-note.tsx';
import { Inline } from './reading-inline.tsx';
import { useReading } from './reading-context.ts';
import { StandingMarks } from './standing-marks.tsx';

/** A table of a document; what lint says of a row stands below the row. Wide ones are scrolled, by Tab and arrows, too. */
export function ReadingTable({ node: { children = [], align = [] } }: { node: ReadingNode }) {
  const [head, ...rows] = children;
  if (head === undefined) return null;
  return (
    // Reached by Tab, so that a wide table can be scrolled without a pointer.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.wide} tabIndex={0}>
      <table>
        <thead>
          <TableRow row={head} align={align} isHead />
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={row.line} row={row} align={align} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  row: ReadingNode;
  align: NonNullable<ReadingNode['align']>;
  isHead?: boolean;
}

function TableRow({ row, align, isHead = false }: RowProps) {
  const { findings } = useReading();
  const own = findings.get(row) ?? [];
  const cells = row.children ?? [];
  const Cell = isHead ? 'th' : 'td';
  return (
    <>
      <tr data-line={row.line} tabIndex={-1}>
        {cells.map((cell, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a document is drawn whole, and never reordered
          <Cell key={index} data-align={align[index] ?? undefined}>
            <Inline nodes={cell.children ?? []} />
            {index === 0 ? <StandingMarks node={row} /> : null}
          </Cell>
        ))}
      </tr>
      {own.length === 0 ? null : (
        <tr>
          <td colSpan={cells.length}>
            {own.map((finding, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- as above
              <FindingNote key={index} finding={finding} />
            ))}
          </td>
        </tr>
      )}
    </>
  );
}
