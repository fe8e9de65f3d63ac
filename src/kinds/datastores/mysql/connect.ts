import mysql from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2';

import type { CanonValue } from '../../../core/dataset/canon.ts';
import { stopMysql } from '../../mysql-client.ts';
import { streamText } from './stream-text.ts';
import type { WriteRow } from './stream-text.ts';
import { toMysqlTrouble } from './trouble.ts';

/** A value as the server sent it: never made a number by the driver, whose doubles lose their last digit. */
export type RawRow = (Buffer | null)[];

/** A connection that does one thing at a time: a stream has to end before the next question is answered. */
export interface MysqlConnection {
  ask(sql: string): Promise<RawRow[]>;
  /** Rows that a statement touched. */
  run(sql: string): Promise<number>;
  /** Chunks of the lines that `write` makes of each row, no more of them than are read. */
  stream(sql: string, write: WriteRow): AsyncGenerator<Uint8Array>;
  close(): void;
}

const settings = [
  `set session time_zone = '+00:00'`,
  // Without NO_BACKSLASH_ESCAPES, which the driver's quoting relies on, and without PAD_CHAR_TO_FULL_LENGTH.
  `set session sql_mode = 'STRICT_ALL_TABLES'`,
  'set session group_concat_max_len = 1048576',
  `set names utf8mb4`,
];

/** Opens a connection; the signal cuts it off at once, whatever it waits for. */
export async function connectMysql(config: ConnectionOptions, signal: AbortSignal): Promise<MysqlConnection> {
  signal.throwIfAborted();
  const connection = mysql.createConnection(config);
  connection.on('error', () => undefined);
  const cut = (): void => {
    void stopMysql(config, connection.threadId);
    connection.destroy();
  };
  signal.addEventListener('abort', cut, { once: true });
  const opened: MysqlConnection = {
    ask: (sql) => inTime(signal, (done) => askRaw(connection, sql, done)),
    run: (sql) => inTime(signal, (done) => runPlain(connection, sql, done)),
    stream: (sql, write) => streamText({ connection, config, signal }, sql, write),
    close: () => {
      signal.removeEventListener('abort', cut);
      connection.destroy();
    },
  };
  try {
    for (const setting of settings) await opened.run(setting);
    return opened;
  } catch (error) {
    opened.close();
    throw toMysqlTrouble(error, 'the connection');
  }
}

/** Returns the texts of a row. */
export function toTexts(row: RawRow): CanonValue[] {
  return row.map((value) => value?.toString('utf8') ?? null);
}

type Done<T> = (error: unknown, value: T) => void;

/** A destroyed connection never answers: the abort itself has to end the wait. */
function inTime<T>(signal: AbortSignal, start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const cut = (): void => reject(signal.reason);
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    start((error, value) => {
      signal.removeEventListener('abort', cut);
      if (error instanceof Error) reject(error);
      else resolve(value);
    });
  });
}

function askRaw(connection: Connection, sql: string, done: Done<RawRow[]>): void {
  connection.query({ sql, rowsAsArray: true, typeCast: false }, (error, rows) =>
    done(error, (Array.isArray(rows) ? rows : []) as unknown as RawRow[]),
  );
}

function runPlain(connection: Connection, sql: string, done: Done<number>): void {
  connection.query(sql, (error, result) =>
    done(error, (result as { affectedRows?: number } | undefined)?.affectedRows ?? 0),
  );
}
