import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { CappedOutput } from './capped-output.ts';
import type { KeptOutput } from './capped-output.ts';
import { awaitEnd } from '../await-end.ts';
import type { Ended } from '../await-end.ts';
import { killLeftBehind, runMark, sendSignal } from '../process-tree.ts';

export interface ProcessWish {
  /** Program and arguments, handed over as they are: no shell reads them. */
  argv: readonly string[];
  cwd: string;
  /** The whole environment: nothing is inherited but what stands here. */
  env: { [name: string]: string };
  timeoutMs: number;
  /** Bytes kept of each output stream. */
  limit: number;
  signal: AbortSignal;
}

export interface ProcessEnd extends Ended {
  /** Who stopped it, if it did not end by itself. */
  stopped: 'timeout' | 'aborted' | null;
  durationMs: number;
  stdout: KeptOutput;
  stderr: KeptOutput;
  /** Processes of the run that were still there after its end, and were killed. */
  leftBehind: number;
}

/** Time between the polite signal and the certain one. Checks only look, so there is little to put in order. */
const graceMs = 400;

/**
 * Runs a program in a process group of its own and leaves nothing of it behind, however it ends: what is still running then,
 * in the group or daemonized out of it, is killed. Output of any size is read at full speed and kept in bounded memory.
 */
export async function runProcess(wish: ProcessWish): Promise<ProcessEnd> {
  const mark = randomUUID();
  const startedAt = performance.now();
  const outputs = { stdout: new CappedOutput(wish.limit), stderr: new CappedOutput(wish.limit) };
  const [program, ...args] = wish.argv;
  const child: ChildProcess = spawn(program!, args, {
    cwd: wish.cwd,
    env: { ...wish.env, [runMark]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  // Where no more files can be opened there are no streams, and only an error to be listened to.
  const ended = awaitEnd(child);
  child.stdout?.on('data', (chunk: Buffer) => outputs.stdout.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => outputs.stderr.add(chunk));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { end, stopped } = await untilEnd({ child, ended }, wish);
  const durationMs = Math.round(performance.now() - startedAt);
  const leftBehind = child.pid === undefined ? 0 : await killLeftBehind(mark, child.pid);
  await awaitClose(closed);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { ...end, stopped, durationMs, stdout: outputs.stdout.finish(), stderr: outputs.stderr.finish(), leftBehind };
}

/**
 * Nobody holds the pipes any more, so `close` follows at once; the limit is for systems without /proc. It is one of turns, in each of which everything is read that is
 * there: on a machine that stands still for a while, time alone would cut off what the program has said.
 */
async function awaitClose(closed: Promise<void>): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1)
    if (await Promise.race([closed.then(() => true), sleep(50, false, { ref: false })])) return;
}

async function untilEnd(
  { child, ended }: { child: ChildProcess; ended: Promise<Ended> },
  wish: ProcessWish,
): Promise<{ end: Ended; stopped: ProcessEnd['stopped'] }> {
  const limit = AbortSignal.any([wish.signal, AbortSignal.timeout(wish.timeoutMs)]);
  const stop = new Promise<'stop'>((resolve) => {
    if (limit.aborted) resolve('stop');
    else limit.addEventListener('abort', () => resolve('stop'), { once: true });
  });
  const first = await Promise.race([ended, stop]);
  if (first !== 'stop') return { end: first, stopped: null };
  const stopped = wish.signal.aborted ? 'aborted' : 'timeout';
  if (child.pid === undefined) return { end: await ended, stopped };
  sendSignal(-child.pid, 'SIGTERM');
  const polite = await Promise.race([ended, sleep(graceMs, 'late' as const, { ref: false })]);
  if (polite !== 'late') return { end: polite, stopped };
  sendSignal(-child.pid, 'SIGKILL');
  return { end: await ended, stopped };
}
