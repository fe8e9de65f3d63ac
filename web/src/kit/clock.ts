import { useSyncExternalStore } from 'react';

type Listener = () => void;

const listeners = new Set<Listener>();
let nowMs = Date.now();
let timer: ReturnType<typeof setTimeout> | null = null;
/** Server's clock minus this machine's: a laptop that is two minutes late must not show two minutes too many. */
let offsetMs = 0;

/** One timer for everything that ticks, at the beginning of each second of the server's clock. */
function plan(): void {
  nowMs = Date.now() + offsetMs;
  timer = setTimeout(
    () => {
      plan();
      for (const listener of listeners) listener();
    },
    1000 - (nowMs % 1000),
  );
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  if (timer === null) plan();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
  };
}

/** The time by the server's clock in ms, renewed every second. Everything that uses it ticks at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, readNow);
}

function readNow(): number {
  if (timer === null) nowMs = Date.now() + offsetMs;
  return Math.floor(nowMs / 1000) * 1000;
}

/** Sets the clock by an answer of the server. Answers name whole seconds, so that less than one is no news. */
export function setServerTime(serverMs: number): void {
  const wanted = serverMs - Date.now();
  if (Math.abs(wanted - offsetMs) >= 1500) offsetMs = wanted;
}
