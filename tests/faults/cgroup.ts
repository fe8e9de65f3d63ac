import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A group of processes that has a limit of its own. */
export interface Cgroup {
  /** A command that enters the group and becomes what comes after it. */
  within: string[];
  add(pid: number): void;
  /** Puts a process back where there is no limit. */
  free(pid: number): void;
  /** How often the limit was felt. */
  felt(): number;
  remove(): Promise<void>;
}

/** A limit: what is written where, and which number tells that it was felt. */
interface Limit {
  controller: 'memory' | 'cpu' | 'pids';
  files: { [name: string]: string };
  count: { file: string; name: string };
}

const root = '/sys/fs/cgroup';

/** Which version of control groups this machine has; null where it has none. */
function versionOf(): 1 | 2 | null {
  if (existsSync(join(root, 'cgroup.controllers'))) return 2;
  return existsSync(join(root, 'memory/cgroup.procs')) ? 1 : null;
}

/** Processes in it are killed by the kernel when together they need more than so many MiB. */
export function memoryLimit(mebibytes: number): Limit {
  const bytes = String(mebibytes * 1024 * 1024);
  return versionOf() === 2
    ? {
        controller: 'memory',
        files: { 'memory.max': bytes },
        count: { file: 'memory.events', name: 'oom_kill' },
      }
    : {
        controller: 'memory',
        files: { 'memory.limit_in_bytes': bytes },
        count: { file: 'memory.oom_control', name: 'oom_kill' },
      };
}

/** Processes in it have so many percent of one processor together. */
export function processorLimit(percent: number): Limit {
  const [periodUs, quotaUs] = [100_000, percent * 1_000];
  return {
    controller: 'cpu',
    files:
      versionOf() === 2
        ? { 'cpu.max': `${quotaUs} ${periodUs}` }
        : { 'cpu.cfs_period_us': String(periodUs), 'cpu.cfs_quota_us': String(quotaUs) },
    count: { file: 'cpu.stat', name: 'nr_throttled' },
  };
}

/** Processes in it start no other process and no thread beyond so many together; those that come in from outside stay. */
export function processesLimit(count: number): Limit {
  return {
    controller: 'pids',
    files: { 'pids.max': String(count) },
    count: { file: 'pids.events', name: 'max' },
  };
}

/** Returns a new group, or why there can be none. */
export function makeCgroup({ controller, files, count }: Limit): Cgroup | { missing: string } {
  const version = versionOf();
  if (version === null) return { missing: 'control groups are not mounted' };
  const folder = join(root, version === 1 ? controller : '', `tminus-${process.pid}-${(made += 1)}`);
  try {
    if (version === 2) writeFileSync(join(root, 'cgroup.subtree_control'), `+${controller}`);
    mkdirSync(folder);
    for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), value);
  } catch (error) {
    return { missing: `control groups: ${(error as NodeJS.ErrnoException).code ?? String(error)}` };
  }
  const procs = join(folder, 'cgroup.procs');
  return {
    within: ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', procs],
    add: (pid) => writeFileSync(procs, String(pid)),
    free: (pid) => writeFileSync(join(folder, '..', 'cgroup.procs'), String(pid)),
    felt: () =>
      Number(new RegExp(`^${count.name} (\\d+)$`, 'm').exec(readFileSync(join(folder, count.file), 'utf8'))?.[1]),
    async remove() {
      // The kernel lets a group go some time after its last process.
      for (let tries = 0; readFileSync(procs, 'utf8').trim() !== '' && tries < 100; tries += 1) await pause(20);
      rmdirSync(folder);
    },
  };
}

let made = 0;

/** Why this machine makes no such groups; null where it does. Found out by making one. */
export async function cgroupsMissing(limits: readonly Limit[]): Promise<string | null> {
  for (const limit of limits) {
    const group = makeCgroup(limit);
    if ('missing' in group) return group.missing;
    await group.remove();
  }
  return null;
}
