import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as the kernel lists it. `startedAt` (clock ticks since boot) tells it from a later one with the same number. */
interface ProcessEntry {
  pid: number;
  parent: number;
  startedAt: string;
}

/** Environment variable that marks everything a run started, so that what left its process group is found again. */
export const runMark = 'TMINUS_PROCESS';

/**
 * Finds every living process of a run: those that carry its mark in their environment, and descendants of `root`.
 * Daemons leave the process group and the parent, but keep the environment; a process that clears it but stays a child is found by its parent.
 * Empty where the system has no /proc (macOS): there only the process group is stopped.
 */
export async function findProcesses(mark: string, root: number): Promise<ProcessEntry[]> {
  const all = await listProcesses();
  const found = new Map<number, ProcessEntry>();
  // All at once: one after the other, a look takes as many turns of a busy event loop as the machine has processes.
  const marked = await Promise.all(all.map((entry) => hasMark(entry.pid, mark)));
  for (const [index, entry] of all.entries()) if (marked[index]) found.set(entry.pid, entry);
  const wanted = new Set([root, ...found.keys()]);
  // Parents are listed before children only by chance, so it is walked until nothing new turns up.
  for (let grown = true; grown;) {
    grown = false;
    for (const entry of all) {
      if (!wanted.has(entry.parent) || wanted.has(entry.pid)) continue;
      wanted.add(entry.pid);
      found.set(entry.pid, entry);
      grown = true;
    }
  }
  found.delete(process.pid);
  return [...found.values()];
}

/** Whether the system lists its processes under /proc, without which daemons cannot be found again. */
export function hasProcessList(): boolean {
  return existsSync('/proc/self/stat');
}

/** Kills these very processes; a number that the kernel has given to another process since is left alone. */
async function killProcesses(entries: readonly ProcessEntry[]): Promise<void> {
  for (const entry of entries) {
    const current = await readEntry(String(entry.pid));
    if (current?.startedAt === entry.startedAt) sendSignal(entry.pid, 'SIGKILL');
  }
}

/**
 * Kills what is left of a run until a look around finds nothing, and returns how many processes the first look found: one that forks while it dies must not slip
 * through. Processes are killed one by one, checked to be the same; the group as a whole only where there is no /proc to look into.
 */
export async function killLeftBehind(mark: string, root: number): Promise<number> {
  if (!hasProcessList()) sendSignal(-root, 'SIGKILL');
  let count = 0;
  for (let round = 0; round < 100; round += 1) {
    const left = await findProcesses(mark, root);
    if (round === 0) count = left.length;
    if (left.length === 0) break;
    await killProcesses(left);
    await sleep(10);
  }
  return count;
}

/** Sends a signal to a process or, with a negative number, to a process group; one that is gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH' && (error as NodeJS.ErrnoException).code !== 'EPERM')
      throw error;
  }
}

async function listProcesses(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc').catch(() => []);
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => readEntry(name)));
  return entries.filter((entry) => entry !== null);
}

/** Fields of /proc/PID/stat after the command name, which may itself hold spaces and brackets (proc(5)). A zombie is not living. */
async function readEntry(name: string): Promise<ProcessEntry | null> {
  const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { pid: Number(name), parent: Number(fields[1]), startedAt: fields[19] ?? '' };
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environment.includes(`${runMark}=${mark}\0`);
}
