import { setTimeout as pause } from 'node:timers/promises';

import { isLostConnection, readErrorCode } from '../../store/database-error.ts';

const pauseMs = 200;

/**
 * Runs `work` again for as long as the database does not answer, `seconds` at most. What was sent when the connection broke may have been
 * carried out, so that `work` has to bear a second run; `unsure` tells it that there was a first. A transaction that the database ended to undo a
 * deadlock wrote nothing, and is run again, too.
 */
export async function outlast<T>(seconds: number, work: (unsure: boolean) => Promise<T>): Promise<T> {
  const giveUp = performance.now() + seconds * 1000;
  let unsure = false;
  for (;;) {
    try {
      return await work(unsure);
    } catch (error) {
      const lost = isLostConnection(error);
      if ((!lost && !isUndone(error)) || performance.now() > giveUp) throw error;
      unsure ||= lost;
      await pause(pauseMs);
    }
  }
}

/** Deadlock, or a serialization failure: the whole transaction was taken back. */
function isUndone(error: unknown): boolean {
  return /^40(P01|001)$/.test(readErrorCode(error));
}
