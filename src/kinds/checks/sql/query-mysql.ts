import mysql from 'mysql2';
import type { Connection, FieldPacket } from 'mysql2';

import { toMysqlConfig } from '../../mysql-client.ts';
import type { QueryTroubleCode } from './query-trouble.ts';
import { collectRows } from './question.ts';
import type { ServerQuestion } from './question.ts';
import type { Cell, CellType, SqlResult } from './sql-result.ts';

/** Numbers of the column types in the MySQL client protocol. */
const types: { [type: number]: CellType } = {
  0: 'decimal',
  1: 'int',
  2: 'int',
  3: 'int',
  4: 'float',
  5: 'float',
  8: 'int',
  9: 'int',
  13: 'int',
  16: 'bytes',
  246: 'decimal',
};

/** The character set that marks a column of bytes rather than text. */
const binary = 63;

/** The answer of MySQL or MariaDB to one statement in a session that the server keeps read-only and ends in time. */
export async function queryMysql(question: ServerQuestion, signal: AbortSignal): Promise<SqlResult> {
  const connection = mysql.createConnection(toMysqlConfig(question));
  const close = (): void => connection.destroy();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await askInSession(connection, question, signal);
  } finally {
    signal.removeEventListener('abort', close);
    connection.destroy();
  }
}

async function askInSession(connection: Connection, question: ServerQuestion, signal: AbortSignal): Promise<SqlResult> {
  // A destroyed connection never answers: the abort itself has to end the wait.
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the connection was closed')), { once: true });
    connection.on('error', reject);
  });
  const run = async (): Promise<SqlResult> => {
    const version = await readVersion(connection);
    await send(connection, 'set session transaction read only');
    await send(connection, "set session time_zone = '+00:00'");
    await send(connection, limitStatement(version, question.timeoutMs));
    await send(connection, 'start transaction with consistent snapshot, read only');
    return await ask(connection, question);
  };
  return await Promise.race([run(), aborted]);
}

/** MariaDB counts in seconds and for every statement, MySQL in milliseconds and for select only. */
function limitStatement(version: string, timeoutMs: number): string {
  return version.includes('MariaDB')
    ? `set session max_statement_time = ${timeoutMs / 1000}`
    : `set session max_execution_time = ${timeoutMs}`;
}

function send(connection: Connection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function readVersion(connection: Connection): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.query({ sql: 'select version()', rowsAsArray: true }, (error, rows) => {
      if (error) reject(error);
      else resolve(String((rows as unknown as string[][])[0]?.[0]));
    });
  });
}

/** The text protocol with `multipleStatements` off takes one statement only: the server refuses a second one. */
function ask(connection: Connection, question: ServerQuestion): Promise<SqlResult> {
  return new Promise((resolve, reject) => {
    const rows: Cell[][] = [];
    const collect = collectRows(question, rows);
    let fields: FieldPacket[] = [];
    const query = connection.query({ sql: question.query, rowsAsArray: true, typeCast: (field) => field.buffer() });
    query.on('fields', (packets: FieldPacket[]) => {
      fields = packets ?? [];
    });
    query.on('result', (row: unknown) => {
      try {
        if (Array.isArray(row)) collect((row as (Buffer | null)[]).map((cell, index) => toCell(cell, fields[index])));
      } catch (error) {
        reject(error);
        connection.destroy();
      }
    });
    query.on('error', reject);
    query.on('end', () => {
      resolve({ format: 'tminus/sql-result/1', engine: 'mysql', columns: fields.map(({ name }) => name), rows });
    });
  });
}

function toCell(bytes: Buffer | null, field: FieldPacket | undefined): Cell {
  if (bytes === null) return null;
  const type = types[field?.columnType ?? -1];
  if (type !== undefined && type !== 'bytes') return [type, bytes.toString('latin1')];
  const isBytes = type === 'bytes' || (isStringLike(field) && field?.characterSet === binary);
  return isBytes ? ['bytes', `\\x${bytes.toString('hex')}`] : ['text', bytes.toString('utf8')];
}

/** Dates and times carry the binary character set, too, but are text. */
function isStringLike(field: FieldPacket | undefined): boolean {
  return (field?.columnType ?? 0) >= 249 && field?.columnType !== 245;
}

const codes: { [code: string]: QueryTroubleCode } = {
  ER_ACCESS_DENIED_ERROR: 'authentication',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'authentication',
  ER_HOST_NOT_PRIVILEGED: 'authentication',
  ER_NOT_SUPPORTED_AUTH_MODE: 'authentication',
  ER_DBACCESS_DENIED_ERROR: 'permission',
  ER_TABLEACCESS_DENIED_ERROR: 'permission',
  ER_COLUMNACCESS_DENIED_ERROR: 'permission',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'permission',
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'permission',
  ER_BAD_DB_ERROR: 'missing',
  ER_PARSE_ERROR: 'syntax',
  ER_NO_SUCH_TABLE: 'syntax',
  ER_BAD_FIELD_ERROR: 'syntax',
  ER_SP_DOES_NOT_EXIST: 'syntax',
  ER_STATEMENT_TIMEOUT: 'timeout',
  ER_QUERY_TIMEOUT: 'timeout',
  ER_QUERY_INTERRUPTED: 'timeout',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls_failed',
};

/** Code of an error of MySQL or MariaDB by its name. */
export function codeOfMysql(error: Error): QueryTroubleCode | null {
  const { code, errno } = error as { code?: string; errno?: number };
  // 1969 is MariaDB's own; the driver knows the names of MySQL only.
  return errno === 1969 ? 'timeout' : (codes[code ?? ''] ?? null);
}
