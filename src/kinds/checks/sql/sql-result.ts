import type { JsonValue } from '@tminus/verify';

/** What a cell is, by the server's own word; `decimal` is exact, `float` is binary. */
export type CellType = 'int' | 'decimal' | 'float' | 'bool' | 'bytes' | 'text';

/** A cell as the server wrote it, or null for NULL. */
export type Cell = [CellType, string] | null;

/** The answer of a database in the form in which it is kept: texts, so that no digit is lost on the way. */
export interface SqlResult {
  format: 'tminus/sql-result/1';
  engine: 'postgres' | 'mysql' | 'sqlite';
  columns: string[];
  rows: Cell[][];
}

/** Name of the only source of an `sql` check. */
export const resultName = 'result.json';

/** The bytes that are kept of an answer: one row a line. */
export function toResultBytes(result: SqlResult): Uint8Array {
  const { rows, ...head } = result;
  const lines = rows.map((row) => JSON.stringify(row)).join(',\n');
  return new TextEncoder().encode(`${JSON.stringify(head).slice(0, -1)},"rows":[\n${lines}\n]}\n`);
}

/** True for a value of the shape that `toResultBytes` writes. */
export function isSqlResult(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { format, columns, rows } = value;
  if (format !== 'tminus/sql-result/1' || !Array.isArray(columns) || !Array.isArray(rows)) return false;
  if (!columns.every((name) => typeof name === 'string')) return false;
  return rows.every((row) => Array.isArray(row) && row.length === columns.length && row.every(isCell));
}

const cellTypes: readonly JsonValue[] = ['int', 'decimal', 'float', 'bool', 'bytes', 'text'] satisfies CellType[];

function isCell(cell: JsonValue): boolean {
  if (cell === null) return true;
  return Array.isArray(cell) && cell.length === 2 && cellTypes.includes(cell[0]!) && typeof cell[1] === 'string';
}
