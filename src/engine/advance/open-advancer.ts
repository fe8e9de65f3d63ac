import type { Store } from '../../store/open-store.ts';
import type { Delivery } from '../delivery.ts';
import { createGather } from '../delivery/gather.ts';
import { advanceClaims, advanceInputs } from './advance-batch.ts';
import type { AdvanceRequest, Advanced } from './advance-request.ts';
import { createRunCache } from './run-cache.ts';

/** The only writer of the state of runs. */
export interface Advancer {
  /** Decides one input by the clock of the database and keeps what follows: state, events and work, together or not at all. */
  advance(request: AdvanceRequest): Promise<Advanced>;
}

/** Runs that are kept in memory between two inputs. */
const cachedRuns = 256;

/** Returns the writer of runs of this process. Inputs that come while a transaction is under way share the next one. */
export function openAdvancer(store: Store, delivery: Delivery): Advancer {
  const parts = { store, delivery, cache: createRunCache(cachedRuns) };
  const claims = createGather((requests: readonly AdvanceRequest[]) => advanceClaims(parts, requests));
  const inputs = createGather((requests: readonly AdvanceRequest[]) => advanceInputs(parts, requests));
  return { advance: (request) => (request.settle === undefined ? inputs(request) : claims(request)) };
}
