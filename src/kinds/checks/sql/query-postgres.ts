import { Client, DatabaseError, Query } from 'pg';
import type { QueryConfig } from 'pg';

import { toPostgresConfig } from '../../postgres-client.ts';
import type { QueryTroubleCode } from './query-trouble.ts';
import { collectRows } from './question.ts';
import type { ServerQuestion } from './question.ts';
import type { Cell, CellType, SqlResult } from './sql-result.ts';

const types: { [oid: number]: CellType } = {
  16: 'bool',
  17: 'bytes',
  20: 'int',
  21: 'int',
  23: 'int',
  26: 'int',
  700: 'float',
  701: 'float',
  1700: 'decimal',
};

/** The answer of Postgres to one statement in a transaction that the server keeps read-only and ends in time. */
export async function queryPostgres(question: ServerQuestion, signal: AbortSignal): Promise<SqlResult> {
  const client = new Client(toPostgresConfig(question));
  // The connection may break between two calls; the call that follows then fails with the reason.
  client.on('error', () => undefined);
  const close = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    await client.connect();
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(`set local statement_timeout = ${question.timeoutMs}`);
    await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 1`);
    return await ask(client, question);
  } finally {
    signal.removeEventListener('abort', close);
    await client.end().catch(() => undefined);
  }
}

/** The extended protocol takes one statement only: the server refuses a second one. */
function ask(client: Client, question: ServerQuestion): Promise<SqlResult> {
  return new Promise((resolve, reject) => {
    const rows: Cell[][] = [];
    const collect = collectRows(question, rows);
    const raw = { getTypeParser: () => (text: string | Buffer) => text };
    const config = { text: question.query, rowMode: 'array', queryMode: 'extended', types: raw };
    const query = client.query(new Query(config as QueryConfig));
    const keep = (row: (string | null)[], result: { fields: { dataTypeID: number }[] } | undefined): void => {
      try {
        collect(row.map((text, index) => toCell(text, result?.fields[index]?.dataTypeID)));
      } catch (error) {
        query.off('row', keep);
        reject(error);
        void client.end().catch(() => undefined);
      }
    };
    query.on('row', keep);
    query.on('error', reject);
    query.on('end', ({ fields }) => {
      resolve({ format: 'tminus/sql-result/1', engine: 'postgres', columns: fields.map(({ name }) => name), rows });
    });
  });
}

function toCell(text: string | null, type: number | undefined): Cell {
  return text === null ? null : [types[type ?? 0] ?? 'text', text];
}

/** Code of an error of Postgres by its SQLSTATE class (PostgreSQL documentation, appendix A). */
export function codeOfPostgres(error: Error): QueryTroubleCode | null {
  if (error.message === 'timeout expired') return 'timeout';
  if (!(error instanceof DatabaseError) || error.code === undefined) return null;
  if (error.code.startsWith('28')) return 'authentication';
  if (error.code === '3D000') return 'missing';
  if (error.code === '57014') return 'timeout';
  if (error.code === '42501' || error.code === '25006') return 'permission';
  return error.code.startsWith('42') ? 'syntax' : null;
}
