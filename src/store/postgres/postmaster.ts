import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ProductError } from '../../core/error/product-error.ts';
import { runAs } from './account.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { pickSocketDirectory } from './cluster-place.ts';
import type { ClusterPlace } from './cluster-place.ts';
import { findPostmaster, isRunning, readPostmasterPid, removeForeignLocks } from './postmaster-pid.ts';
import type { Postmaster } from './postmaster-pid.ts';
import { toStartError } from './start-error.ts';

export interface ServerRequest {
  place: ClusterPlace;
  binaries: Binaries;
  account: Account | null;
  logFile: string;
  /** The file that names the folder of the socket, where that is not the cluster's home. */
  socketPointer: string;
  /** Largest wait for a server to accept connections; a crash recovery can take long. */
  readyMs: number;
}

/** A running server: one that was found (left over, or started by another process), or a child of ours. */
export interface Server {
  postmaster: Postmaster;
  adopted: boolean;
  /** Resolves when the process is gone, whoever ended it. */
  gone: Promise<void>;
}

const pollMs = 5;
/** Between two starts, while a dead server still has children. */
const retryMs = 200;
/** Without /proc each look is a run of `ps`. A lost connection is seen at once, whatever this is. */
const foundPollMs = existsSync('/proc/self') ? 50 : 500;
const largestLog = 4_000_000;

/**
 * Returns the server of a place: the live one (left over by a killed process of ours), else a new one. Ready for connections.
 * Only for who has the right to start: two at once would start two, and remove each other's lock files.
 */
export async function startOrAdopt(request: ServerRequest): Promise<Server> {
  const found = await settle(request.place.data, request.readyMs);
  if (found !== null) return toFound(found);
  const socketDirectory = pickSocketDirectory(request.place, request.account, request.socketPointer);
  removeForeignLocks(request.place.data, socketDirectory);
  return startServer(request, socketDirectory);
}

/** Returns the server of a cluster that is ready for connections, whoever started it, or null. */
export function findServer(data: string): Server | null {
  const found = findPostmaster(data);
  return found?.state === 'ready' ? toFound(found) : null;
}

function toFound(postmaster: Postmaster): Server {
  return { postmaster, adopted: true, gone: watch(postmaster.pid, foundPollMs) };
}

/** Waits until a found postmaster is ready, or gone (then null). */
async function settle(data: string, readyMs: number): Promise<Postmaster | null> {
  const deadline = performance.now() + readyMs;
  for (;;) {
    const found = findPostmaster(data);
    if (found === null || found.state === 'ready') return found;
    if (performance.now() > deadline) throw tooSlow(data, `state ${found.state} of process ${found.pid}`, readyMs);
    await pause(pollMs);
  }
}

async function startServer(request: ServerRequest, socketDirectory: string): Promise<Server> {
  for (const deadline = performance.now() + request.readyMs; ;) {
    const { server, output } = await tryServer(request, socketDirectory);
    if (server !== null) return server;
    if (!hasChildrenLeft(output) || performance.now() > deadline)
      throw toStartError('postgres', output, request.place.data);
    await pause(retryMs);
  }
}

/** The children of a postmaster that was killed end by themselves, a moment after it; no other one may start before that. */
function hasChildrenLeft(output: string): boolean {
  return /pre-existing shared memory block .* is still in use/.test(output);
}

/** Starts a server once; without one, `output` says why it ended. */
async function tryServer(
  request: ServerRequest,
  socketDirectory: string,
): Promise<{ server: Server | null; output: string }> {
  const log = openLog(request.logFile);
  const start = fstatSync(log).size;
  const child = spawn(join(request.binaries.directory, 'postgres'), toArguments(request, socketDirectory), {
    ...runAs(request.account),
    stdio: ['ignore', log, log],
    // A group of its own: Ctrl-C in the terminal must reach us only, so that we stop the server after our last write.
    detached: true,
  });
  closeSync(log);
  child.unref();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const postmaster = await untilReady(child, request);
  if (postmaster === null) return { server: null, output: readFrom(request.logFile, start) };
  return { server: { postmaster, adopted: false, gone }, output: '' };
}

function toArguments({ place, binaries }: ServerRequest, socketDirectory: string): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    port: '5432',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    // Each process at work in the data directory has a pool of its own.
    max_connections: '300',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    password_encryption: 'scram-sha-256',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_timezone: 'UTC',
    timezone: 'UTC',
    jit: 'off',
    // Worker processes for asynchronous reads cost start time and memory, and the store reads little.
    ...(binaries.major >= 18 ? { io_method: 'sync' } : {}),
  };
  return ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Returns the postmaster once it accepts connections, null when it ended before. */
async function untilReady(child: ChildProcess, request: ServerRequest): Promise<Postmaster | null> {
  const deadline = performance.now() + request.readyMs;
  const spawned = { failed: false };
  child.once('error', () => (spawned.failed = true));
  while (!spawned.failed && child.exitCode === null && child.signalCode === null) {
    const postmaster = readPostmasterPid(request.place.data);
    if (postmaster?.pid === child.pid && postmaster?.state === 'ready') return postmaster;
    if (performance.now() > deadline) {
      child.kill('SIGQUIT');
      throw tooSlow(request.place.data, 'none', request.readyMs);
    }
    await pause(pollMs);
  }
  return null;
}

/** Ends a server for good: fast shutdown, then immediate, then kill. Returns when the process is gone. */
export async function stopServer(postmaster: Postmaster): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  const gone = watch(postmaster.pid, pollMs).then(() => 'gone' as const);
  for (const [signal, waitMs] of steps) {
    signalServer(postmaster, signal);
    const timer = new AbortController();
    const late = pause(waitMs, 'late' as const, { signal: timer.signal }).catch(() => 'done' as const);
    const ended = await Promise.race([gone, late]);
    timer.abort();
    if (ended === 'gone') return;
  }
}

/** Ends a server by a fast shutdown and lets the whole process wait for it, for a while: after that nothing of ours runs any more. */
export function stopServerAtOnce(postmaster: Postmaster): void {
  const deadline = performance.now() + 5_000;
  signalServer(postmaster, 'SIGINT');
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (isRunning(postmaster.pid) && performance.now() < deadline) Atomics.wait(never, 0, 0, pollMs);
}

/** Sends a signal to a server if it is still the one we know. */
function signalServer({ pid, data }: Postmaster, signal: NodeJS.Signals): void {
  if (findPostmaster(data)?.pid !== pid) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, which is what was wanted.
  }
}

/** A server that is not our child sends no exit event. */
async function watch(pid: number, everyMs: number): Promise<void> {
  while (isRunning(pid)) await pause(everyMs, undefined, { ref: false });
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLog) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

function readFrom(file: string, start: number): string {
  const handle = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(Math.min(64_000, Math.max(0, fstatSync(handle).size - start)));
    readSync(handle, piece, 0, piece.length, start);
    return piece.toString('utf8');
  } finally {
    closeSync(handle);
  }
}

/** Returns the error for a server that was not ready in time. */
export function tooSlow(data: string, got: string, readyMs: number): ProductError {
  return new ProductError(
    'store_unavailable',
    `postgres in ${data}: expected a server ready within ${readyMs} ms, got ${got}`,
    {
      hint: 'read postgres.log in the data directory; a crash recovery can take longer',
    },
  );
}
