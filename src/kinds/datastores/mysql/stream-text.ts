import mysql from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2';

import { LineWriter } from '../line-writer.ts';
import type { RawRow } from './connect.ts';

/** Adds the line of a row, or nothing. */
export type WriteRow = (row: RawRow, lines: LineWriter) => void;

const chunkSize = 65_536;
/** Chunks that wait to be read: so many that a server has work while others have the processor. */
const chunksAhead = 16;
/** So many are left when the server is let on. */
const chunksLeft = 8;
/** Room for the row that fills a chunk. */
const spareSize = 4_096;

/** A connection, and how another one to the same server is made. */
export interface Streaming {
  connection: Connection;
  config: ConnectionOptions;
  signal: AbortSignal;
}

/** What has come and was not read yet. */
interface Inflow {
  chunks: Buffer[];
  lines: LineWriter;
  isPaused: boolean;
  isDone: boolean;
  error: unknown;
  wake: () => void;
}

/** Yields chunks of the lines that `write` makes of each row; the server waits while nobody reads. Given up on, the statement is ended at the server. */
export async function* streamText(streaming: Streaming, sql: string, write: WriteRow): AsyncGenerator<Uint8Array> {
  const { connection, signal } = streaming;
  const lines = new LineWriter(chunkSize + spareSize);
  const inflow: Inflow = { chunks: [], lines, isPaused: false, isDone: false, error: null, wake: () => undefined };
  const cut = (): void => fail(inflow, signal.reason);
  signal.addEventListener('abort', cut, { once: true });
  const ended = receive(connection, sql, { inflow, write });
  let isRead = false;
  try {
    while (!inflow.isDone || inflow.chunks.length > 0) {
      const chunk = inflow.chunks.shift();
      if (inflow.isPaused && inflow.chunks.length <= chunksLeft) letOn(connection, inflow);
      if (chunk !== undefined) yield chunk;
      else if (inflow.chunks.length === 0 && !inflow.isDone) {
        await new Promise<void>((done) => (inflow.wake = done));
      }
    }
    if (inflow.error !== null) throw inflow.error;
    if (lines.length > 0) yield lines.take();
    isRead = true;
  } finally {
    signal.removeEventListener('abort', cut);
    inflow.isDone = true;
    if (!isRead && !signal.aborted) await giveUp(streaming, ended);
  }
}

/** What lies in the driver comes while it resumes, its end, too: whoever waits for more has to look again first. */
function letOn(connection: Connection, inflow: Inflow): void {
  inflow.isPaused = false;
  connection.resume();
}

function fail(inflow: Inflow, error: unknown): void {
  inflow.error ??= error;
  inflow.isDone = true;
  inflow.wake();
}

/** Starts the statement; ends when the connection is free again. */
function receive(
  connection: Connection,
  sql: string,
  { inflow, write }: { inflow: Inflow; write: WriteRow },
): Promise<void> {
  const { lines } = inflow;
  const query = connection.query({ sql, rowsAsArray: true, typeCast: false });
  query.on('result', (row: unknown) => {
    if (inflow.isDone) return;
    try {
      write(row as RawRow, lines);
    } catch (error) {
      fail(inflow, error);
    }
    if (lines.length < chunkSize) return;
    inflow.chunks.push(lines.take());
    if (inflow.chunks.length >= chunksAhead) {
      inflow.isPaused = true;
      connection.pause();
    }
    inflow.wake();
  });
  return new Promise((done) => {
    query.on('error', (error: unknown) => {
      fail(inflow, error);
      done();
    });
    query.on('end', () => {
      inflow.isDone = true;
      inflow.wake();
      done();
    });
  });
}

/** What nobody reads any more would stand in the way of the next question: the server is told, and what it has sent is let go. */
async function giveUp({ connection, config }: Streaming, ended: Promise<void>): Promise<void> {
  connection.resume();
  const other = mysql.createConnection(config);
  other.on('error', () => undefined);
  await new Promise<void>((done) => other.query(`kill query ${connection.threadId}`, () => done()));
  other.destroy();
  await ended;
}
