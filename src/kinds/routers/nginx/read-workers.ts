import { readFile, stat } from 'node:fs/promises';
import { uptime } from 'node:os';

import { hasProcessList } from '../../process-tree.ts';
import { RouterTrouble } from '../../../core/rollout/router-kind.ts';

/** The processes of an nginx. */
export interface NginxProcesses {
  master: number;
  /** Those that take new connections. */
  workers: readonly number[];
  /** Those of an earlier configuration, which end with their last connection. */
  ending: readonly number[];
  /** When the youngest of the workers began, in milliseconds since the epoch. */
  startedAtMs: number;
}

/** Milliseconds of a tick of the kernel's clock, which is 100 a second for every program. */
const tickMs = 10;

/** Returns the processes behind a pid file. Throws `RouterTrouble` where nobody runs, or the system does not list its processes. */
export async function readProcesses(pidFile: string): Promise<NginxProcesses> {
  const processes = await listProcesses(pidFile);
  if (processes.workers.length > 0) return processes;
  throw new RouterTrouble('unreachable', `nginx ${processes.master}: expected workers, got none`);
}

/** Returns the same in the middle of a reload, where the old workers may have left before the new ones have a name. */
export async function listProcesses(pidFile: string): Promise<NginxProcesses> {
  if (!hasProcessList())
    throw new RouterTrouble('configuration', 'pid: expected a system with /proc, got another; use reload instead');
  const master = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(master) || master < 2 || !(await titleOf(master)).includes('nginx'))
    throw new RouterTrouble('unreachable', `${pidFile}: expected the number of an nginx that runs, got none`);
  const children = await readFile(`/proc/${master}/task/${master}/children`, 'utf8').catch(() => '');
  const workers: number[] = [];
  const ending: number[] = [];
  for (const pid of children
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)) {
    const title = await titleOf(pid);
    if (title.includes('worker process is shutting down')) ending.push(pid);
    else if (title.includes('worker process')) workers.push(pid);
  }
  const starts = await Promise.all(workers.map(startOf));
  return { master, workers, ending, startedAtMs: Math.max(...starts) };
}

/** Returns whether the workers began after a file was last changed: only then have they read it. */
export async function haveRead(path: string, { startedAtMs }: NginxProcesses): Promise<boolean> {
  return startedAtMs + 5 * tickMs >= (await stat(path)).mtimeMs;
}

async function titleOf(pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

/** Field 22 of `stat`, in ticks since the machine began; the fields behind the name, which may hold blanks, are counted from its end. */
async function startOf(pid: number): Promise<number> {
  const fields = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const ticks = Number(fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19] ?? Number.NaN);
  return machineStartMs() + ticks * tickMs;
}

/** Both clocks are read in one go: time that passes between them makes workers look younger, and a file that they never saw look read. */
function machineStartMs(): number {
  for (;;) {
    const nowMs = Date.now();
    const startMs = nowMs - uptime() * 1000;
    if (Date.now() - nowMs < tickMs) return startMs;
  }
}
