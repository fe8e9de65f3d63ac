import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { findProcesses, hasProcessList, killLeftBehind, sendSignal } from '../../process-tree.ts';

/** A running program and how everything that it started is found again. */
export interface Tree {
  /** First process of the group. */
  pid: number;
  /** Its mark in the environment of all that it starts. */
  mark: string;
  /** First process of the sandbox, whose end the kernel makes the end of all others in it; null without a sandbox. */
  init: number | null;
}

/** Asks everything that runs to end: the group, and in a sandbox, which has a session of its own, each process. */
export async function askToEnd({ pid, mark, init }: Tree): Promise<void> {
  if (init === null) return sendSignal(-pid, 'SIGTERM');
  for (const entry of await findProcesses(mark, init))
    if (entry.pid !== pid && entry.pid !== init) sendSignal(entry.pid, 'SIGTERM');
}

/** Ends the program itself at once. */
export function kill({ pid, init }: Tree): void {
  if (init !== null) sendSignal(init, 'SIGKILL');
  sendSignal(-pid, 'SIGKILL');
}

/**
 * Kills what is left, and returns how many processes that were. In a sandbox the end of its first process is the end of all (pid_namespaces(7)), and only
 * that is looked for. Without one, a process that clears its environment and gives itself another parent is not found.
 */
export async function clear({ pid, mark, init }: Tree): Promise<number> {
  return init !== null && (await isGone(init)) ? 0 : killLeftBehind(mark, pid);
}

/** Whether the process is gone, or goes within a moment: bubblewrap ends first and takes it along. */
async function isGone(pid: number): Promise<boolean> {
  for (let round = 0; round < 40; round += 1) {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
    // A zombie that nobody buries has ended as well (proc(5): the state stands behind the name in brackets).
    if (stat === null || /^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1))) return true;
    await sleep(5);
  }
  return false;
}

/** Counts the processes of the tree twice a second until the signal, and calls once where there are more than `limit`. */
export async function watchProcesses(
  tree: () => Tree,
  watch: { limit: number; signal: AbortSignal; onMore: (count: number) => void },
): Promise<void> {
  while (hasProcessList()) {
    try {
      await sleep(500, undefined, { signal: watch.signal, ref: false });
    } catch {
      return;
    }
    const { init, pid, mark } = tree();
    const { length } = await findProcesses(mark, init ?? pid);
    if (length <= watch.limit || watch.signal.aborted) continue;
    watch.onMore(length);
    return;
  }
}
