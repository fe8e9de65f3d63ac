import type { Store } from '../../store/open-store.ts';
import type { Claim } from '../delivery.ts';
import { readCurrentTokens } from './claim-jobs.ts';

/** The claims that live in the memory of this process, and nothing else: what is not here is not renewed and not settled. */
export interface HeldClaims {
  /** Notes a claim; `lost` is aborted as soon as the claim may not write any more. */
  add(claim: Claim, lost: AbortController): void;
  /** Notes that a claim was settled by its own worker, so that the end of it is no loss. */
  settle(claim: Claim): void;
  isSettled(claim: Claim): boolean;
  remove(claim: Claim): void;
  /** Those that are not settled. */
  list(): Claim[];
  /** Tells all of them to stop. */
  abandon(reason: string): void;
  stop(): void;
}

/** Returns an empty set of claims that asks the database every `watchSeconds` which of them may still write. */
export function createHeldClaims(store: Store, watchSeconds: number): HeldClaims {
  const held = new Map<number, { claim: Claim; lost: AbortController; settled: boolean }>();
  const unsettled = () => [...held.values()].filter(({ settled }) => !settled);

  const watch = async (): Promise<void> => {
    const asked = unsettled();
    if (asked.length === 0) return;
    const current = await readCurrentTokens(
      store.tables,
      asked.map(({ claim }) => claim),
      'none',
    );
    for (const entry of asked) {
      if (current.has(entry.claim.token) || entry.settled) continue;
      entry.lost.abort(
        new Error(
          `job ${entry.claim.job}: expected to hold the claim ${entry.claim.token}, got that it was taken away`,
        ),
      );
    }
  };
  // Without an answer of the database nothing is known; the fence decides when the result is written.
  const timer = setInterval(() => void watch().catch(() => undefined), watchSeconds * 1000);
  timer.unref();

  return {
    add: (claim, lost) => void held.set(claim.token, { claim, lost, settled: false }),
    settle: (claim) => {
      const entry = held.get(claim.token);
      if (entry !== undefined) entry.settled = true;
    },
    isSettled: (claim) => held.get(claim.token)?.settled ?? true,
    remove: (claim) => void held.delete(claim.token),
    list: () => unsettled().map(({ claim }) => claim),
    abandon: (reason) => unsettled().forEach(({ lost }) => lost.abort(new Error(reason))),
    stop: () => clearInterval(timer),
  };
}
