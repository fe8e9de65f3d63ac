import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { QueryTrouble } from '../../checks/sql/query-trouble.ts';
import type { Write, Written } from './write.ts';

const child = fileURLToPath(new URL('./write-sqlite-child.ts', import.meta.url));

/** What the child process is to do. */
export type SqliteTask = ({ do: 'write' } & Write) | { do: 'probe'; key: string; timeoutMs: number };

/** What the child process writes to its standard output. */
export type SqliteEnd =
  | { ok: true; written: Written }
  | { ok: true; applied: boolean }
  | { ok: false; message: string };

/**
 * Writes to a database file in a process of its own: SQLite runs on the thread that calls it, and only a process can be stopped in the middle. What was
 * not committed by then is taken back by whoever opens the file next.
 */
export async function writeSqlite(
  path: string,
  task: SqliteTask,
  signal: AbortSignal,
): Promise<SqliteEnd & { ok: true }> {
  const flags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256'];
  const process = spawn(globalThis.process.execPath, [...flags, child], { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  const kill = (): void => void process.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const timer = setTimeout(kill, task.timeoutMs + 2_000);
  const texts = { out: '', err: '' };
  process.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString('utf8')));
  process.stderr.on('data', (chunk: Buffer) => (texts.err = (texts.err + chunk.toString('utf8')).slice(-300)));
  try {
    const closed = new Promise<void>((done, fail) => process.on('error', fail).on('close', () => done()));
    process.stdin.on('error', () => undefined).end(JSON.stringify({ path, task }));
    await closed;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
  if (process.signalCode !== null) throw new QueryTrouble('timeout', 'the database: expected an end in time, got none');
  if (texts.out === '') throw new QueryTrouble('failed', `the process that asks SQLite ended: ${texts.err}`);
  const end = JSON.parse(texts.out) as SqliteEnd;
  if (!end.ok) throw new QueryTrouble('failed', end.message);
  return end;
}
