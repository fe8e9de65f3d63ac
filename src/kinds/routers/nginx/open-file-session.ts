import { stat, utimes } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterReading, RouterSession } from '../../../core/rollout/router-kind.ts';
import { runProcess } from '../../checks/run-process.ts';
import { toArgv } from '../command/schema.ts';
import { refuseDrain } from '../refuse-drain.ts';
import { placeInWorkspace, readFileText, replaceFile } from '../replace-file.ts';
import { haveRead, listProcesses, readProcesses } from './read-workers.ts';
import type { NginxOptions } from './schema.ts';
import { readSplitBlock, writeSplitBlock } from './split-block.ts';

/** Kept connections that wait for their next request are closed by a reload; what a client sends into that moment is lost. Measured: 139 requests at 5 reloads with 64 connections. */
const loss = 'up to one request for two kept connections, at each reload';
const lookMs = 20;

interface NginxFile {
  options: NginxOptions;
  path: string;
  context: RouterContext;
}

/** Opens a session that rewrites a block and reloads. */
export async function openFileSession(options: NginxOptions, context: RouterContext): Promise<RouterSession> {
  const path = await placeInWorkspace(context.workspace, options.file ?? '');
  const nginx: NginxFile = { options, path, context };
  // Workers that are older than the file are no weight, and no reason not to set one.
  if (options.pid !== null) await readProcesses(options.pid);
  const { key } = readSplitBlock(await readFileText(path), options);
  const set = (weight: number): Promise<void> => setWeight(nginx, weight);
  const isByRequest = /\$(?:request_id|msec|connection|time_)/.test(key);
  return {
    abilities: { sticky: !isByRequest, loss, flips: false, drains: false, counts: false },
    read: () => read(nginx),
    set,
    drain: refuseDrain('nginx does not know what is under way'),
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

async function read({ options, path, context }: NginxFile): Promise<RouterReading> {
  if (context.signal.aborted) throw new RouterTrouble('aborted', `${options.file}: cancelled`);
  const { weight, key } = readSplitBlock(await readFileText(path), options);
  const words = [`${options.file}: ${options.canary} ${weight} % by ${key}`];
  if (options.pid === null) words.push('as the file says; what nginx has loaded is not seen');
  else {
    const processes = await readProcesses(options.pid);
    if (!(await haveRead(path, processes)))
      throw new RouterTrouble(
        'not_agreed',
        `${options.file}: expected workers that have read it, got older ones; reload nginx`,
      );
    if (processes.ending.length > 0) words.push(`${processes.ending.length} workers of an earlier weight still end`);
  }
  const unknown = { stable: null, canary: null };
  return { atMs: context.now(), weight, requests: null, healthy: unknown, detail: words.join('; ') };
}

/** A file that nginx did not take goes back to what it was: the next reload, whoever asks for it, must not fail. */
async function setWeight(nginx: NginxFile, weight: number): Promise<void> {
  const { options, path } = nginx;
  const text = await readFileText(path);
  const next = writeSplitBlock(text, weight, options);
  const isLoaded = await read(nginx).then(
    () => true,
    () => false,
  );
  // A reload costs requests: where nothing changes, there is none.
  if (isLoaded && readSplitBlock(text, options).weight === weight) return;
  const { mtime: changedAt } = await stat(path);
  await replaceFile(path, next);
  try {
    await (options.pid === null ? reloadByProgram(nginx) : reloadBySignal(nginx, options.pid));
  } catch (error) {
    await replaceFile(path, text);
    // The workers have read this text: with a younger file they would look as if they had not.
    await utimes(path, new Date(), changedAt);
    throw error;
  }
}

/** A master that refuses a configuration says so in its log only, and keeps its workers: new ones are the proof. */
async function reloadBySignal({ options, context }: NginxFile, pidFile: string): Promise<void> {
  const before = await readProcesses(pidFile);
  try {
    process.kill(before.master, 'SIGHUP');
  } catch (error) {
    throw new RouterTrouble(
      'refused',
      `nginx ${before.master}: could not be signalled: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
  const endsAt = performance.now() + options.timeout;
  while (performance.now() < endsAt) {
    const { workers } = await listProcesses(pidFile);
    if (workers.length > 0 && workers.every((pid) => !before.workers.includes(pid))) return;
    await pause(lookMs, undefined, { signal: context.signal }).catch(() => {
      throw new RouterTrouble('aborted', 'cancelled while nginx was reloaded');
    });
  }
  throw new RouterTrouble(
    'not_taken',
    `nginx ${before.master}: expected new workers within ${options.timeout} ms, got the old ones; its error log says why`,
  );
}

async function reloadByProgram({ options, context }: NginxFile): Promise<void> {
  const { workspace, signal } = context;
  const argv = toArgv(options.reload ?? '') ?? [];
  const env = { PATH: process.env['PATH'] ?? '' };
  const end = await runProcess({ argv, cwd: workspace, env, timeoutMs: options.timeout, limit: 4096, signal });
  if (end.stopped === 'aborted') throw new RouterTrouble('aborted', `${options.reload}: cancelled`);
  if (end.stopped === 'timeout')
    throw new RouterTrouble('timeout', `${options.reload}: expected an end within ${options.timeout} ms`);
  if (end.exit !== 0)
    throw new RouterTrouble(
      'refused',
      `${options.reload}: expected exit 0, got ${end.exit ?? end.signal ?? end.startError}`,
    );
}
