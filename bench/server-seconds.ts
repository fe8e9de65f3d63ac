import { globSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

interface ProcessTimes {
  parent: number;
  program: string;
  ticks: number;
}

/** CPU seconds of the servers that this process started, with those of their processes that have ended. */
export function readServerSeconds(): number {
  const processes = new Map(
    globSync('/proc/[0-9]*/stat').flatMap((path) => {
      const found = readStat(path);
      return found === null ? [] : [[Number(path.split('/')[2]), found] as const];
    }),
  );
  let ticks = 0;
  for (const one of processes.values()) {
    if (one.program !== 'postgres' && one.program !== 'mariadbd') continue;
    let { parent } = one;
    while (parent > 1 && parent !== process.pid) parent = processes.get(parent)?.parent ?? 0;
    if (parent === process.pid) ticks += one.ticks;
  }
  return ticks / ticksPerSecond;
}

/** Null where the process has ended between the list and the look. */
function readStat(path: string): ProcessTimes | null {
  try {
    const [, program = '', tail = ''] = /\((.*)\) \S (.*)/s.exec(readFileSync(path, 'utf8')) ?? [];
    const fields = tail.split(' ').map(Number);
    // utime, stime, cutime and cstime of proc(5), counted from the parent.
    const ticks = fields.slice(10, 14).reduce((sum, field) => sum + field, 0);
    return { parent: fields[0] ?? 0, program, ticks };
  } catch {
    return null;
  }
}
