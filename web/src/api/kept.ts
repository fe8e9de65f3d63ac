import { useSyncExternalStore } from 'react';

import { setServerTime } from '../kit/clock.ts';

/** Set by the service worker on answers that it kept, for when the server does not answer. */
const keptHeader = 'x-tminus-kept-at';

const listeners = new Set<() => void>();
let keptAtMs: number | null = null;

/** Notes whether an answer came from the server, and then what time it is there, or is an older one that was kept. */
export function noteAnswer(headers: Headers): void {
  const value = headers.get(keptHeader);
  const date = headers.get('date');
  if (value === null && date !== null) setServerTime(Date.parse(date));
  const next = value === null ? null : Number(value);
  // Several kept answers are as good as the oldest of them.
  const oldest = next === null || keptAtMs === null ? next : Math.min(next, keptAtMs);
  if (oldest === keptAtMs) return;
  keptAtMs = oldest;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** When the oldest kept answer on the page was given; null while the server answers. */
export function useKeptAt(): number | null {
  return useSyncExternalStore(subscribe, () => keptAtMs);
}
