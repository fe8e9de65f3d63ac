import type { ChildProcess } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  /** Null where a signal ended it or it never began. */
  exit: number | null;
  signal: string | null;
  /** Why it could not be started, as the system's code. */
  startError: string | null;
}

/** Resolves with the end of a program, also of one that never began. Never rejects. */
export function awaitEnd(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ exit: null, signal: null, startError: error.code ?? error.message }),
    );
    child.once('exit', (exit, signal) => resolve({ exit, signal, startError: null }));
  });
}
