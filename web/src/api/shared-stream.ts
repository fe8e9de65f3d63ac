/* oxlint-disable unicorn/require-post-message-target-origin -- a BroadcastChannel has no other origin to name */
import { openEventStream } from './events.ts';
import type { Connection, EventStream, StreamOptions } from './events.ts';
import type { SseMessage } from './parse-sse.ts';

/** What tabs tell each other: one has the connection, the others hear through it. */
type Note =
  | { kind: 'message'; message: SseMessage }
  | { kind: 'place'; id: string }
  | { kind: 'connection'; connection: Connection }
  | { kind: 'gap' | 'live' | 'signedOut' | 'hello' | 'retry' };

const name = 'tminus-events';

/**
 * A stream of events that all tabs of a browser share. A browser opens six connections to a server of HTTP/1.1 at most: with a stream for each tab the seventh
 * would wait for ever. The tab that holds a lock has the stream; when it is closed, another one goes on after the last event that was told.
 */
export function openSharedStream(options: StreamOptions): EventStream {
  const canShare = 'locks' in navigator && typeof BroadcastChannel === 'function';
  return canShare ? new SharedStream(options) : openEventStream(options);
}

class SharedStream implements EventStream {
  readonly #options: StreamOptions;
  readonly #channel = new BroadcastChannel(name);
  readonly #end = new AbortController();
  #own: EventStream | null = null;
  #release: () => void = () => undefined;
  #lastId: string | null = null;
  #connection: Connection | null = null;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Note>) => this.#hear(data));
    this.#channel.postMessage({ kind: 'hello' } satisfies Note);
    navigator.locks
      .request(name, { signal: this.#end.signal }, () => this.#lead())
      .catch(() => {
        // Closed before it was this tab's turn.
      });
  }

  retry(): void {
    if (this.#own) this.#own.retry();
    else this.#channel.postMessage({ kind: 'retry' } satisfies Note);
  }

  close(): void {
    this.#end.abort();
    this.#own?.close();
    this.#own = null;
    this.#release();
    this.#channel.close();
  }

  /** Holds the lock until this tab is closed. */
  #lead(): Promise<void> {
    this.#own = openEventStream({
      ...this.#options,
      lastId: this.#lastId,
      onMessage: (message) => this.#tell({ kind: 'message', message }),
      onPlace: (id) => this.#tell({ kind: 'place', id }),
      onConnection: (connection) => this.#tell({ kind: 'connection', connection }),
      onGap: () => this.#tell({ kind: 'gap' }),
      onLive: () => this.#tell({ kind: 'live' }),
      onSignedOut: () => this.#tell({ kind: 'signedOut' }),
    });
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  #tell(note: Note): void {
    if (this.#end.signal.aborted) return;
    this.#channel.postMessage(note);
    this.#take(note);
  }

  #hear(note: Note): void {
    if (note.kind === 'retry') this.#own?.retry();
    else if (note.kind !== 'hello') this.#take(note);
    else if (this.#own) this.#welcome();
  }

  /** A new tab has to know what it would go on from, should this one be closed. */
  #welcome(): void {
    if (this.#connection)
      this.#channel.postMessage({ kind: 'connection', connection: this.#connection } satisfies Note);
    if (this.#lastId !== null) this.#channel.postMessage({ kind: 'place', id: this.#lastId } satisfies Note);
  }

  #take(note: Note): void {
    const { onMessage, onConnection, onGap, onLive, onSignedOut } = this.#options;
    if (note.kind === 'message') {
      this.#lastId = note.message.id ?? this.#lastId;
      onMessage(note.message);
    } else if (note.kind === 'place') this.#lastId = note.id;
    else if (note.kind === 'connection') {
      this.#connection = note.connection;
      onConnection(note.connection);
    } else if (note.kind === 'gap') onGap();
    else if (note.kind === 'live') onLive?.();
    else if (note.kind === 'signedOut') onSignedOut?.();
  }
}
