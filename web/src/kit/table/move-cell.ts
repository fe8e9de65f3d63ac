/** A cell of a table: row -1 is the head. */
export interface Cell {
  row: number;
  column: number;
}

/** The cell that a key leads to from another (WAI-ARIA grid pattern); null for a key that leads nowhere. */
export function moveCell(
  from: Cell,
  key: string,
  size: { rows: number; columns: number; page: number; isControl: boolean },
): Cell | null {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const to = target(from, key, { ...size, last });
  if (to === null) return null;
  return {
    row: Math.max(-1, Math.min(last.row, to.row)),
    column: Math.max(0, Math.min(last.column, to.column)),
  };
}

function target(
  { row, column }: Cell,
  key: string,
  { page, isControl, last }: { page: number; isControl: boolean; last: Cell },
): Cell | null {
  switch (key) {
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'PageDown':
      return { row: row + page, column };
    case 'PageUp':
      return { row: Math.max(0, row - page), column };
    case 'Home':
      return isControl ? { row: -1, column: 0 } : { row, column: 0 };
    case 'End':
      return isControl ? last : { row, column: last.column };
    default:
      return null;
  }
}
