import { setTimeout as pause } from 'node:timers/promises';

import { confirmLocks, createAsker, findHolders, releaseLocks, renewLocks, takeLocks } from '../../store/lock.ts';
import type { HeldLocks } from '../../store/lock.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';

/** Times of locks, seconds. */
export interface LockTimes {
  /** After this time without renewal an asset is free again: the holder has crashed or was stopped. */
  leaseSeconds: number;
  renewSeconds: number;
  /** How often it is looked whether what is held is still held. */
  lookSeconds: number;
  /**
   * After so long without an answer of the database the holder stops by itself: its work counts as lost then, whoever takes it over frees the assets, and
   * nobody could tell this process.
   */
  silentSeconds: number;
  /** How often somebody who waits asks again; the end of a lock in this process wakes them at once. */
  retrySeconds: number;
}

/** Assets that are held until `release`, or until `signal` says that they are lost. */
export interface AssetLocks extends Pick<HeldLocks, 'owner' | 'fences'> {
  /** Aborted when the lease is lost: stop, and write nothing. */
  signal: AbortSignal;
  /** Tells whether they still hold, and keeps it so until `tx` ends; every write that they protect asks first. */
  confirm(tx: StoreTransaction): Promise<boolean>;
  release(): Promise<void>;
}

/** Takes locks for one process and renews them while it lives. */
export interface LockKeeper {
  /** Returns the locks of all keys, or null when they were not free within `waitSeconds` or `signal` was aborted. */
  take(request: {
    keys: readonly string[];
    owner: string;
    waitSeconds: number;
    signal?: AbortSignal;
  }): Promise<AssetLocks | null>;
  /** Releases everything and stops the renewal. */
  close(): Promise<void>;
}

const defaults: LockTimes = { leaseSeconds: 300, renewSeconds: 30, lookSeconds: 1, silentSeconds: 10, retrySeconds: 1 };

interface Entry {
  held: HeldLocks;
  lost: AbortController;
}

interface Keeping extends LockTimes {
  store: Store;
  /** What this process holds, by holder. */
  entries: Map<string, Entry>;
  /** Who waits in this process, in the order of asking. */
  waiting: Set<Waiting>;
  /** When a look was begun that the database has not answered, nor any look or lock since; null where it answers. */
  silentSince: number | null;
}

interface Waiting {
  keys: readonly string[];
  /** Aborted when an asset it wants was given back in this process. */
  freed: AbortController;
}

/** Returns a keeper of locks. A renewal names the locks in memory one by one, so that what was forgotten runs out. */
export function createLockKeeper(store: Store, times: Partial<LockTimes> = {}): LockKeeper {
  const keeping: Keeping = {
    ...defaults,
    ...times,
    store,
    entries: new Map(),
    waiting: new Set(),
    silentSince: null,
  };
  // A renewal that cannot reach the database says nothing about the lease; the next one tells.
  const timer = setInterval(() => void renew(keeping).catch(() => undefined), keeping.renewSeconds * 1000);
  timer.unref();
  const stopLooking = lookAgain(keeping);
  return {
    async take(request) {
      const held = await waitForLocks(keeping, request);
      return held === null ? null : keep(keeping, held);
    },
    async close() {
      clearInterval(timer);
      stopLooking();
      await Promise.all([...keeping.entries.values()].map(({ held }) => release(keeping, held)));
    },
  };
}

async function waitForLocks(keeping: Keeping, request: Parameters<LockKeeper['take']>[0]): Promise<HeldLocks | null> {
  const asker = createAsker();
  const waiting: Waiting = { keys: request.keys, freed: new AbortController() };
  keeping.waiting.add(waiting);
  try {
    const held = await askForLocks(keeping, { ...request, asker, waiting });
    if (held !== null) return held;
  } finally {
    keeping.waiting.delete(waiting);
  }
  // Gives the place in the row back; whoever comes later need not wait for it to run out.
  await releaseLocks(keeping.store, { asker, keys: request.keys });
  wakeFirst(keeping, request.keys);
  return null;
}

async function askForLocks(
  keeping: Keeping,
  request: Parameters<LockKeeper['take']>[0] & { asker: string; waiting: Waiting },
): Promise<HeldLocks | null> {
  const { store, leaseSeconds, retrySeconds } = keeping;
  const { asker, keys, owner, waitSeconds, signal, waiting } = request;
  const patienceSeconds = retrySeconds * 3 + 2;
  const giveUp = performance.now() + waitSeconds * 1000;
  for (;;) {
    if (signal?.aborted === true) return null;
    const woken = waiting.freed.signal.aborted;
    // Before the question: what is given back while it is under way wakes, too.
    const freed = (waiting.freed = new AbortController()).signal;
    const held = await takeLocks(store, { asker, keys, owner, leaseSeconds, patienceSeconds });
    if (held !== null) return held;
    if (woken) wakeNext(keeping, waiting);
    const left = giveUp - performance.now();
    if (left <= 0) return null;
    const wake = AbortSignal.any(signal === undefined ? [freed] : [freed, signal]);
    await pause(Math.min(retrySeconds * 1000, left), undefined, { signal: wake }).catch(() => undefined);
  }
}

/** Wakes the first that waits for each asset: the others mostly stand behind it in the row of the database, and would only be told so. */
function wakeFirst({ waiting }: Keeping, keys: Iterable<string>): void {
  for (const key of keys) [...waiting].find((one) => one.keys.includes(key))?.freed.abort();
}

/** Passes it on: whoever was woken in vain may have asked at the same moment as the one after it, and stand behind it in the row. */
function wakeNext({ waiting }: Keeping, inVain: Waiting): void {
  const all = [...waiting];
  const after = all.slice(all.indexOf(inVain) + 1);
  after.find((one) => one.keys.some((key) => inVain.keys.includes(key)))?.freed.abort();
}

function keep(keeping: Keeping, held: HeldLocks): AssetLocks {
  const lost = new AbortController();
  keeping.silentSince = null;
  keeping.entries.set(held.holder, { held, lost });
  return {
    owner: held.owner,
    fences: held.fences,
    signal: lost.signal,
    confirm: (tx) => confirmLocks(tx, held),
    release: () => release(keeping, held),
  };
}

async function release(keeping: Keeping, { holder, fences }: HeldLocks): Promise<void> {
  keeping.entries.delete(holder);
  await releaseLocks(keeping.store, { asker: holder, keys: [...fences.keys()] });
  wakeFirst(keeping, fences.keys());
}

async function renew(keeping: Keeping): Promise<void> {
  await check(keeping, (held) => renewLocks(keeping.store, held, keeping.leaseSeconds));
}

/** Asks which of what is held now is still held, and gives up the rest. */
async function check(
  { entries }: Keeping,
  ask: (held: readonly HeldLocks[]) => Promise<ReadonlySet<string>>,
): Promise<void> {
  const before = [...entries.values()];
  const still = await ask(before.map((entry) => entry.held));
  for (const entry of before)
    if (!still.has(entry.held.holder)) lose(entries, entry, 'expected the lease to be held, got that it ran out');
}

function lose(entries: Keeping['entries'], entry: Entry, why: string): void {
  const { holder, owner } = entry.held;
  if (entries.get(holder) !== entry) return;
  entries.delete(holder);
  entry.lost.abort(new Error(`locks of ${owner}: ${why}`));
}

/** Looks again and again until the function that it returns is called. */
function lookAgain(keeping: Keeping): () => void {
  const { entries, lookSeconds, silentSeconds, leaseSeconds } = keeping;
  const longestMs = 1000 * Math.min(silentSeconds, leaseSeconds);
  let looking: Promise<void> | null = null;
  let tickedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // After a pause of this process the answer may lie there unread.
    const wasPaused = now - tickedAt > 2000 * lookSeconds;
    tickedAt = now;
    if (entries.size === 0) return void (keeping.silentSince = null);
    if (!wasPaused && keeping.silentSince !== null && now - keeping.silentSince > longestMs)
      for (const entry of entries.values()) lose(entries, entry, 'expected an answer of the database, got none');
    looking ??= look(keeping, longestMs).finally(() => (looking = null));
  }, lookSeconds * 1000);
  timer.unref();
  return () => clearInterval(timer);
}

/** Looks once; an answer that does not come is waited for no longer than `longestMs`. */
async function look(keeping: Keeping, longestMs: number): Promise<void> {
  keeping.silentSince ??= performance.now();
  const answered = check(keeping, (held) => findHolders(keeping.store, held)).then(
    () => (keeping.silentSince = null),
    () => undefined,
  );
  await Promise.race([answered, pause(longestMs, undefined, { ref: false })]);
}
