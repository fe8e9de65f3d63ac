import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { SqliteAnswers, SqliteReply, SqliteRequest } from './messages.ts';

const program = fileURLToPath(new URL('./sqlite-child.ts', import.meta.url));

/** The process that holds the database open. */
export interface SqliteChild {
  ask<Do extends SqliteRequest['do']>(
    request: Extract<SqliteRequest, { do: Do }> & { do: Do },
  ): Promise<SqliteAnswers[Do]>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: never): void;
  reject(error: unknown): void;
}

/** Starts the process; the signal kills it, and what was not committed by then is taken back by whoever opens the file next. */
export function startChild(signal: AbortSignal): SqliteChild {
  signal.throwIfAborted();
  const child = fork(program, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256'],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting: Waiting[] = [];
  const problem = { text: '' };
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  child.stderr?.on('data', (chunk: Buffer) => (problem.text = (problem.text + chunk.toString('utf8')).slice(-300)));
  child.on('message', (reply: SqliteReply) => settle(waiting.shift(), reply));
  child.on('error', () => undefined);
  child.on('close', () => {
    signal.removeEventListener('abort', kill);
    const reason = signal.aborted
      ? signal.reason
      : new DatastoreTrouble('failed', `the process that asks SQLite ended: ${problem.text}`);
    for (const one of waiting.splice(0)) one.reject(reason);
  });
  return { ask: (request) => send(child, waiting, { request, signal }), close: () => end(child) };
}

/** Replies come in the order of the requests: the child does one thing at a time. */
function send<Answer>(
  child: ChildProcess,
  waiting: Waiting[],
  { request, signal }: { request: SqliteRequest; signal: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw signal.reason;
    if (!child.connected) throw new DatastoreTrouble('failed', 'the process that asks SQLite has ended');
    waiting.push({ resolve, reject });
    child.send(request, (error) => error && reject(error));
  });
}

function settle(one: Waiting | undefined, reply: SqliteReply): void {
  if (reply.ok) one?.resolve(reply.value as never);
  else one?.reject(new DatastoreTrouble(reply.code, reply.message));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((done) => child.once('exit', done));
  if (child.connected) child.disconnect();
  await closed;
}
