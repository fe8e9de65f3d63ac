import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a running Postgres says about itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  data: string;
  port: number;
  socketDirectory: string;
  state: 'starting' | 'ready' | 'stopping';
}

/** Returns what `postmaster.pid` of a cluster says, or null where there is none or it is not yet complete. */
export function readPostmasterPid(data: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const [pid, path, , port, socketDirectory, , , status] = lines.map((line) => line.trim());
  if (!Number(pid) || !path || !Number(port) || !socketDirectory) return null;
  const state = status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting';
  return { pid: Number(pid), data: path, port: Number(port), socketDirectory, state };
}

/** Returns the live postmaster of this very cluster: the process lives, is a Postgres and names the same folder. Null otherwise. */
export function findPostmaster(data: string): Postmaster | null {
  const postmaster = readPostmasterPid(data);
  if (postmaster === null || !isRunning(postmaster.pid)) return null;
  return samePath(postmaster.data, data) ? postmaster : null;
}

/** Tells whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells whether the process lives and is a Postgres. A zombie that nobody reaps is not: its command line is empty. */
export function isRunning(pid: number): boolean {
  return isAlive(pid) && isPostgres(pid);
}

/** A pid can be given to another program after a crash; a signal to that one would be ours to answer for. */
function isPostgres(pid: number): boolean {
  try {
    return /postgres|postmaster/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return /postgres|postmaster/.test(
      spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '',
    );
  }
}

function samePath(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

/**
 * Removes the lock files of a cluster whose pid belongs to another program by now, or to a dead process that nobody has reaped (in a container
 * both are common): Postgres would refuse to start for ever. Only for who holds the lock of the data directory, so that no server of ours can be
 * behind them. A file whose pid is dead for good is left to Postgres, which also asks whether its shared memory is still in use.
 */
export function removeForeignLocks(data: string, socketDirectory: string): void {
  for (const file of [join(data, 'postmaster.pid'), join(socketDirectory, '.s.PGSQL.5432.lock')]) {
    const pid = readPid(file);
    if (pid !== null && isAlive(pid) && !isRunning(pid)) rmSync(file, { force: true });
  }
}

function readPid(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}
