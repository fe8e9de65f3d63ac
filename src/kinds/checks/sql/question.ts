import type { ServerAddress } from '../../server-target.ts';
import { QueryTrouble } from './query-trouble.ts';
import type { Cell } from './sql-result.ts';

/** What a database is asked, and how much it may answer. */
export interface Question {
  query: string;
  timeoutMs: number;
  maxRows: number;
  maxBytes: number;
}

/** A question to a database behind a network. */
export interface ServerQuestion extends Question, ServerAddress {}

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
