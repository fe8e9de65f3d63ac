import { QueryTrouble } from './query-trouble.ts';
import type { Connection } from './read-connection.ts';
import type { Cell } from './sql-result.ts';

/** What a database is asked, and how much it may answer. */
export interface Question {
  query: string;
  timeoutMs: number;
  maxRows: number;
  maxBytes: number;
}

/** A database behind a network: `address` is where the name was seen to point and was allowed to. */
export interface ServerQuestion extends Question {
  server: Exclude<Connection, { engine: 'sqlite' }>;
  address: string;
  password: string | null;
}

/** Returns a function that keeps rows and refuses the first one beyond the limits, so that no answer is held in memory whole. */
export function collectRows(question: Question, rows: Cell[][]): (row: Cell[]) => void {
  let bytes = 0;
  return (row) => {
    bytes += row.reduce((sum, cell) => sum + (cell?.[1].length ?? 4) + 12, 2);
    if (rows.length === question.maxRows) {
      throw new QueryTrouble('too_large', `the answer: expected at most ${question.maxRows} rows, got more`);
    }
    if (bytes > question.maxBytes) {
      throw new QueryTrouble('too_large', `the answer: expected at most ${question.maxBytes} bytes, got more`);
    }
    rows.push(row);
  };
}
