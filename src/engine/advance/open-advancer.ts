import type { Store } from '../../store/open-store.ts';
import type { StoredRun } from '../../store/run.ts';
import type { Delivery } from '../delivery.ts';
import { createGather } from '../delivery/gather.ts';
import { advanceClaims, advanceInputs } from './advance-batch.ts';
import type { AdvanceRequest, Advanced } from './advance-request.ts';
import { createRunCache } from './run-cache.ts';

/** The only writer of the state of runs. */
export interface Advancer {
  /** Decides one input by the clock of the database and keeps what follows: state, events and work, together or not at all. */
  advance(request: AdvanceRequest): Promise<Advanced>;
  /** A run as this process saw it last, or null. Another process may have moved it on: good only for what is decided again under the lock of the run. */
  recall(run: string): StoredRun | null;
}

/** Runs that are kept in memory between two inputs. */
const cachedRuns = 256;

/** Ticks of one transaction: when thousands of runs come due at once, the others wait for no more than these. A tick may be given twice. */
const ticksAtOnce = 64;

/** Returns the writer of runs of this process. Inputs that come while a transaction is under way share the next one. */
export function openAdvancer(store: Store, delivery: Delivery): Advancer {
  const parts = { store, delivery, cache: createRunCache(cachedRuns) };
  const claims = createGather((requests: readonly AdvanceRequest[]) => advanceClaims(parts, requests));
  const inputs = createGather((requests: readonly AdvanceRequest[]) => advanceInputs(parts, requests));
  const ticks = createGather(async (requests: readonly AdvanceRequest[]) => {
    const answers: Advanced[] = [];
    for (let from = 0; from < requests.length; from += ticksAtOnce)
      answers.push(...(await advanceInputs(parts, requests.slice(from, from + ticksAtOnce))));
    return answers;
  });
  return {
    advance(request) {
      if (request.settle !== undefined) return claims(request);
      return request.input.kind === 'tick' ? ticks(request) : inputs(request);
    },
    recall: (run) => parts.cache.recall(run),
  };
}
