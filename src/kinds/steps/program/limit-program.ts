import type { Program } from './program.ts';

/** Blocks of 512 bytes, in which POSIX `ulimit -f` counts; bash counts in 1024 unless it is told to be POSIX, and sh may be bash. */
const blockBytes = 512;

/**
 * Returns the program behind the limits of the system: no core dump, no larger files, no more processes of this user than asked for, no more memory. The number of
 * processes is set only inside a sandbox, where the user is its own; it does not bind root, so `watch-processes` counts as well.
 */
export function toLimited(program: Program, isShutIn: boolean): string[] {
  const limits = [
    'ulimit -c 0',
    `ulimit -f ${Math.ceil(program.fileSize / blockBytes)}`,
    ...(isShutIn ? [`ulimit -p ${program.processes} 2>/dev/null || ulimit -u ${program.processes}`] : []),
    ...(program.memory === null ? [] : [`ulimit -v ${Math.floor(program.memory / 1024)}`]),
  ];
  return ['sh', '-c', `${limits.map((each) => `{ ${each}; }`).join(' && ')} && exec "$@"`, 'sh', ...program.argv];
}
