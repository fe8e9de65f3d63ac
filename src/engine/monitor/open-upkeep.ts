import { forgetRequests } from '../../store/api-request.ts';
import type { Store } from '../../store/open-store.ts';
import { pruneEvents } from './prune-events.ts';

export interface UpkeepOptions {
  /** Events older than this are removed; null keeps all. */
  keepEventsMs: number | null;
  /** How often it looks; ten minutes where nothing is said. */
  everyMs?: number;
  report: (error: unknown) => void;
}

/** Removes what has served its time, as long as it is open; any number of processes may do so. */
export interface Upkeep {
  /** Removes it once, now; returns how many of each. */
  look(): Promise<{ requests: number; events: number }>;
  close(): Promise<void>;
}

const atOnce = 1_000;

/** Opens the upkeep: answers to keyed requests after a day, and old events where a retention is set. */
export function openUpkeep(store: Store, { keepEventsMs, everyMs = 600_000, report }: UpkeepOptions): Upkeep {
  const lookOnce = async (): Promise<{ requests: number; events: number }> => {
    let requests = 0;
    for (let gone = atOnce; gone === atOnce; requests += gone) gone = await forgetRequests(store, atOnce);
    if (keepEventsMs === null) return { requests, events: 0 };
    const wish = { keepMs: keepEventsMs, person: 'installation', reason: 'retention of this installation' };
    const { events } = await pruneEvents(store, { ...wish, dryRun: false });
    return { requests, events };
  };
  let looking: Promise<unknown> = Promise.resolve();
  const look: Upkeep['look'] = () => {
    const next = looking.catch(() => undefined).then(lookOnce);
    looking = next;
    return next;
  };
  const timer = setInterval(() => void look().catch(report), everyMs).unref();
  return {
    look,
    async close() {
      clearInterval(timer);
      await looking.catch(() => undefined);
    },
  };
}
