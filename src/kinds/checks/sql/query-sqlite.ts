import { spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { QueryTrouble } from './query-trouble.ts';
import type { QueryTroubleCode } from './query-trouble.ts';
import type { Question } from './question.ts';
import type { SqlResult } from './sql-result.ts';

const child = fileURLToPath(new URL('./sqlite-child.ts', import.meta.url));

/** What the child process writes to its standard output. */
export type SqliteAnswer = { ok: true; result: SqlResult } | { ok: false; code: QueryTroubleCode; message: string };

/**
 * The answer of a database file of the workspace, opened read-only.
 * It is asked in a process of its own: SQLite runs on the thread that calls it, and only a process can be stopped in the middle.
 */
export async function querySqlite(question: Question & { path: string }, signal: AbortSignal): Promise<SqlResult> {
  const flags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256'];
  const process = spawn(globalThis.process.execPath, [...flags, child], { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  const kill = (): void => void process.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const timer = setTimeout(kill, question.timeoutMs);
  try {
    const ended = new Promise<void>((done, fail) => process.on('error', fail).on('close', () => done()));
    // A child that died before it read its question closes the pipe; its end tells more than that does.
    process.stdin.on('error', () => undefined).end(JSON.stringify(question));
    const [output, problem] = await Promise.all([readAll(process.stdout), readAll(process.stderr), ended]);
    return readAnswer({ output, problem, killed: process.signalCode !== null, timeoutMs: question.timeoutMs });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

/** Absolute path of a database file inside the workspace, links resolved. */
export async function resolveDatabase(workspace: string, path: string): Promise<string> {
  const root = await realpath(workspace);
  const file = await realpath(resolve(root, path)).catch(() => {
    throw new QueryTrouble('missing', `${path}: expected a database file, got nothing there`);
  });
  const way = relative(root, file);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw new QueryTrouble('permission', `${path}: expected a file inside the launch repository, got one outside`);
  }
  return file;
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(end: { output: string; problem: string; killed: boolean; timeoutMs: number }): SqlResult {
  if (end.killed)
    throw new QueryTrouble('timeout', `the statement: expected an answer within ${end.timeoutMs} ms, got none`);
  if (end.output === '')
    throw new QueryTrouble('failed', `the process that asks SQLite ended: ${end.problem.slice(-300)}`);
  const answer = JSON.parse(end.output) as SqliteAnswer;
  if (!answer.ok) throw new QueryTrouble(answer.code, answer.message);
  return answer.result;
}
