import { EventEmitter } from 'node:events';

import { placeOfShift } from '../../core/rollout/place-of-shift.ts';
import { readCursor, readEvents } from '../../store/event.ts';
import type { StoredEvent } from '../../store/event.ts';
import type { Store } from '../../store/open-store.ts';

/** An event as every listener gets it: read once, written down once. */
export interface HubEvent {
  event: StoredEvent;
  /** Launch of its run or shift; null for an event of the system, or of a run that is not known. */
  launch: string | null;
  /** Environment of its run; null where there is no launch. */
  environment: string | null;
  /** The bytes of one SSE message (WHATWG HTML section 9.2.6): id, event, data. */
  frame: Buffer;
}

/** The newest events of the store, read by one pair of eyes for all listeners of this process. */
export interface EventHub {
  /** Cursor up to which events have been handed to listeners. */
  readonly cursor: number;
  /** Calls for each batch of new events, in their order and without a gap. Returns how to stop listening. */
  listen(listener: (events: readonly HubEvent[]) => void): () => void;
  /** Events after a cursor, at most `limit`, for whoever was away. */
  readAfter(cursor: number, limit: number): Promise<HubEvent[]>;
  close(): Promise<void>;
}

/** How long new events wait to be seen at most: while somebody listens, and while nobody does. */
const everyMs = { heard: 40, alone: 100 };
const batchSize = 1_000;

/** Opens the hub at the newest event. A database that is gone is asked again; nothing is skipped meanwhile, because the cursor only moves over what was read. */
export async function openEventHub(store: Store, options: { report: (error: unknown) => void }): Promise<EventHub> {
  return new Hub(createReader(store), await readCursor(store), options.report);
}

type ReadAfter = EventHub['readAfter'];

class Hub implements EventHub {
  readonly readAfter: ReadAfter;
  readonly #emitter = new EventEmitter<{ events: [readonly HubEvent[]] }>();
  readonly #report: (error: unknown) => void;
  #cursor: number;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #turning: Promise<void> = Promise.resolve();

  constructor(readAfter: ReadAfter, cursor: number, report: (error: unknown) => void) {
    this.readAfter = readAfter;
    this.#cursor = cursor;
    this.#report = report;
    this.#emitter.setMaxListeners(0);
    this.#plan();
  }

  get cursor(): number {
    return this.#cursor;
  }

  listen(listener: (events: readonly HubEvent[]) => void): () => void {
    this.#emitter.on('events', listener);
    return () => void this.#emitter.off('events', listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turning;
    this.#emitter.removeAllListeners();
  }

  #plan(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => {
        this.#turning = this.#turn()
          .catch(this.#report)
          .finally(() => this.#plan());
      },
      this.#emitter.listenerCount('events') > 0 ? everyMs.heard : everyMs.alone,
    );
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    const events = await this.readAfter(this.#cursor, batchSize);
    const last = events.at(-1);
    if (!last) return;
    this.#cursor = last.event.cursor;
    this.#emitter.emit('events', events);
    if (events.length === batchSize) await this.#turn();
  }
}

function createReader(store: Store): ReadAfter {
  const findPlaces = createPlaceIndex(store);
  return async (after, limit) => {
    const events = await readEvents(store, after, { limit });
    const places = await findPlaces(events);
    return events.map((event) => toHubEvent(event, places.get(event.run ?? '') ?? placeOfShift(event)));
  };
}

interface Place {
  launch: string;
  environment: string;
}

function toHubEvent(event: StoredEvent, place: Place | undefined): HubEvent {
  const { launch, environment } = place ?? { launch: null, environment: null };
  const data = JSON.stringify({ ...event, launch });
  const frame = Buffer.from(`id: ${event.cursor}\nevent: ${event.type}\ndata: ${data}\n\n`);
  return { event, launch, environment, frame };
}

/** Runs never change their place, so that each is asked for once. */
function createPlaceIndex(store: Store): (events: readonly StoredEvent[]) => Promise<ReadonlyMap<string, Place>> {
  const known = new Map<string, Place>();
  return async (events) => {
    if (known.size > 10_000) known.clear();
    const missing = [...new Set(events.flatMap(({ run }) => (run === null || known.has(run) ? [] : [run])))];
    if (missing.length === 0) return known;
    const rows = await store.tables
      .selectFrom('run')
      .select(['id', 'launch', 'environment'])
      .where('id', 'in', missing)
      .execute();
    for (const { id, launch, environment } of rows) known.set(id, { launch, environment });
    return known;
  };
}
