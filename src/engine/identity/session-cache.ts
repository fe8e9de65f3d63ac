import type { Identity } from './identity.ts';

/** How long an answer may be old. Another process that ends a session is obeyed within this time; this one at once. */
export const cacheMs = 5_000;
/** More askers than this at once are looked up again: memory is bounded, answers stay right. */
const mostEntries = 10_000;

interface Entry {
  identity: Promise<Identity | null>;
  known: Identity | null;
  untilMs: number;
}

/** Answers to who asks, kept for a moment. */
export interface SessionCache {
  /** The answer under a key, or that of `look`, which is asked once by all who ask at the same time. Nobody is not kept. */
  get(key: string, look: () => Promise<Identity | null>): Promise<Identity | null>;
  /** Forgets whoever `gone` names. What is being looked up is forgotten, too: it may have read before the end. */
  drop(gone: (identity: Identity) => boolean): void;
}

/** Returns an empty cache. `now` is a clock that only goes forward. */
export function createSessionCache(now: () => number = () => performance.now()): SessionCache {
  const entries = new Map<string, Entry>();
  return {
    get(key, look) {
      const kept = entries.get(key);
      if (kept !== undefined && kept.untilMs > now()) return kept.identity;
      if (entries.size >= mostEntries) entries.clear();
      const entry: Entry = { identity: look(), known: null, untilMs: now() + cacheMs };
      entries.set(key, entry);
      const forget = () => entries.get(key) === entry && entries.delete(key);
      entry.identity.then(
        (identity) => (identity === null ? forget() : (entry.known = identity)),
        () => forget(),
      );
      return entry.identity;
    },
    drop(gone) {
      for (const [key, { known }] of entries) if (known === null || gone(known)) entries.delete(key);
    },
  };
}
