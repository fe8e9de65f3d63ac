import type { SseMessage } from './parse-sse.ts';

/** Something that happened, as the server tells it while it happens. */
export interface LiveEvent {
  /** Number of the event; rises by one over all runs. Null for a signal that something changed which is no event of a run. */
  cursor: number | null;
  type: string;
  /** Null for events of the system. */
  launch: string | null;
  run: string | null;
  /** When it happened (ISO 8601); empty for a signal. */
  at: string;
  /** What happened; of a signal, all that it says. */
  body: unknown;
}

/** The event in a message; null for one that is none. */
export function toLiveEvent({ type, data }: SseMessage): LiveEvent | null {
  try {
    const told = JSON.parse(data) as Partial<LiveEvent>;
    return {
      cursor: told.cursor ?? null,
      type,
      launch: told.launch ?? null,
      run: told.run ?? null,
      at: told.at ?? '',
      body: told.body ?? told,
    };
  } catch {
    return null;
  }
}
