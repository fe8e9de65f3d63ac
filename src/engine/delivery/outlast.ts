import { setTimeout as pause } from 'node:timers/promises';

import { isLostConnection } from '../../store/database-error.ts';

const pauseMs = 200;

/**
 * Runs `work` again for as long as the database does not answer, `seconds` at most. What was sent when the connection broke may have been
 * carried out, so that `work` has to bear a second run; `unsure` tells it that there was a first.
 */
export async function outlast<T>(seconds: number, work: (unsure: boolean) => Promise<T>): Promise<T> {
  const giveUp = performance.now() + seconds * 1000;
  for (let unsure = false; ; unsure = true) {
    try {
      return await work(unsure);
    } catch (error) {
      if (!isLostConnection(error) || performance.now() > giveUp) throw error;
      await pause(pauseMs);
    }
  }
}
