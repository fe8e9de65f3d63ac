import { setTimeout as pause } from 'node:timers/promises';

import { isLostConnection, isUndone } from '../../store/database-error.ts';

const pauseMs = 200;

/** How long a person, or a step that begins, waits for a database that takes back what was written; after that it is an error. */
export const redoSeconds = 10;

/**
 * Runs `work` again for as long as the database does not answer, `seconds` at most. What was sent when the connection broke may have been
 * carried out, so that `work` has to bear a second run; `unsure` tells it that there was a first. What the database took back wrote nothing, and is run
 * again, too.
 */
export async function outlast<T>(seconds: number, work: (unsure: boolean) => Promise<T>): Promise<T> {
  let unsure = false;
  return redo(
    seconds,
    () => work(unsure),
    (error) => {
      const lost = isLostConnection(error);
      unsure ||= lost;
      return lost || isUndone(error);
    },
  );
}

/** Runs a transaction again for as long as the database takes it back whole, `seconds` at most. A lost connection is for the caller to judge. */
export async function redo<T>(
  seconds: number,
  work: () => Promise<T>,
  isWorthIt: (error: unknown) => boolean = isUndone,
): Promise<T> {
  const giveUp = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthIt(error) || performance.now() > giveUp) throw error;
      // Two that undid each other do not meet again at the same moment.
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }
}
