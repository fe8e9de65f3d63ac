// Program of its own, started by query-sqlite.ts: a question as JSON on standard input, an answer on standard output.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import type { SqliteAnswer } from './query-sqlite.ts';
import { QueryTrouble } from './query-trouble.ts';
import type { QueryTroubleCode } from './query-trouble.ts';
import { collectRows } from './question.ts';
import type { Question } from './question.ts';
import { findStatementFault } from './scan-statement.ts';
import type { Cell, SqlResult } from './sql-result.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const codes: { [code: number]: QueryTroubleCode } = {
  1: 'syntax',
  3: 'permission',
  5: 'timeout',
  8: 'permission',
  14: 'missing',
  23: 'permission',
  26: 'failed',
};

function ask(question: Question & { path: string }): SqlResult {
  const database = new DatabaseSync(question.path, { readOnly: true, timeout: question.timeoutMs });
  try {
    const statement = database.prepare(question.query);
    refuseRest(question.query, statement.sourceSQL);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const rows: Cell[][] = [];
    const collect = collectRows(question, rows);
    for (const row of statement.iterate()) collect((row as unknown as unknown[]).map(toCell));
    const columns = statement.columns().map(({ name }) => name);
    return { format: 'tminus/sql-result/1', engine: 'sqlite', columns, rows };
  } finally {
    database.close();
  }
}

/** SQLite compiles the first statement and silently leaves the rest of the text. */
function refuseRest(query: string, used: string): void {
  const rest = query.slice(used.length);
  const isEmpty = rest.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]/g, '') === '';
  if (!isEmpty || findStatementFault(query)) {
    throw new QueryTrouble('syntax', `the query: expected one statement, got more: ${rest.trim().slice(0, 60)}`);
  }
}

function toCell(value: unknown): Cell {
  if (value === null) return null;
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value === 'number') return ['float', String(value)];
  if (value instanceof Uint8Array) return ['bytes', `\\x${Buffer.from(value).toString('hex')}`];
  if (typeof value === 'string') return ['text', value];
  throw new QueryTrouble('failed', `a cell: expected a value of SQLite, got ${typeof value}`);
}

function answer(): SqliteAnswer {
  try {
    return { ok: true, result: ask(JSON.parse(readFileSync(0, 'utf8')) as Question & { path: string }) };
  } catch (error) {
    if (error instanceof QueryTrouble) return { ok: false, code: error.code, message: error.message };
    const { errcode, message } = error as Error & { errcode?: number };
    return { ok: false, code: codes[(errcode ?? 0) & 0xff] ?? 'failed', message };
  }
}

process.stdout.write(JSON.stringify(answer()));
