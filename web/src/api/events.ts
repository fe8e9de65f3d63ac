import { createSseParser } from './parse-sse.ts';
import type { SseMessage } from './parse-sse.ts';

/** How a live connection is: being made, there, waiting to be made again, or given up until a person asks for it. */
export type Phase = 'connecting' | 'live' | 'waiting' | 'failed';

/** What is known of the connection. */
export interface Connection {
  phase: Phase;
  /** Attempts since the connection was last there. */
  tries: number;
  /** When the server last gave a sign of life, an event or a heartbeat. */
  newsAtMs: number;
}

/** What a stream is opened with. What a test sets, the product leaves out. */
export interface StreamOptions {
  url: string;
  onMessage: (message: SseMessage) => void;
  /** How far the server is, where it says so without an event: whoever is cut off goes on from there. */
  onPlace?: (id: string) => void;
  /** The server no longer has all that was missed: everything on the page has to be asked for again. */
  onGap: () => void;
  onConnection: (connection: Connection) => void;
  /** The connection is there, for the first time or again. */
  onLive?: () => void;
  /** The server does not know who asks: another attempt would get the same answer. */
  onSignedOut?: () => void;
  /** Event after which to begin; null for what is new. */
  lastId?: string | null;
  now?: () => number;
  random?: () => number;
  /** Waits before the attempts; a test shortens them. */
  firstWaitMs?: number;
  longestWaitMs?: number;
  jitterMs?: number;
  connectTimeoutMs?: number;
  /** Silence after which a connection is taken for dead: the server says every 15 s that it is there. */
  silenceMs?: number;
}

/** A stream of events that comes back by itself. */
export interface EventStream {
  /** Begins again at once with the first attempt, also after it was given up. */
  retry(): void;
  close(): void;
}

const defaults = {
  firstWaitMs: 2_000,
  longestWaitMs: 32_000,
  jitterMs: 1_000,
  connectTimeoutMs: 5_000,
  silenceMs: 50_000,
};
const mostTries = 10;
/** Ids that are remembered, so that an event that comes twice is shown once. */
const remembered = 2_000;

/** Wait before the next attempt: 2 s, 4, 8, 16, 32, 32 ..., each one second earlier or later by chance (T18), so that not all viewers come back at once. */
export function toWaitMs(tries: number, options: Partial<typeof defaults> & { random: () => number }): number {
  const { firstWaitMs, longestWaitMs, jitterMs } = { ...defaults, ...options };
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.max(0, tries - 1));
  return Math.max(0, wait + (options.random() * 2 - 1) * jitterMs);
}

/**
 * Opens a stream that resumes where it was cut (`Last-Event-ID`), tells each event once, and gives up after ten attempts in a row.
 * By fetch, because EventSource tells neither why it failed nor lets a time-out be set.
 */
export function openEventStream(given: StreamOptions): EventStream {
  return new Stream(given);
}

class Stream implements EventStream {
  readonly #options: StreamOptions & typeof defaults & { now: () => number; random: () => number };
  readonly #seen = new Set<string>();
  #connection: Connection;
  #lastId: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;
  #isClosed = false;
  #isRefused = false;

  constructor(given: StreamOptions) {
    this.#options = { now: Date.now, random: Math.random, ...defaults, ...given };
    this.#connection = { phase: 'connecting', tries: 0, newsAtMs: this.#options.now() };
    if (typeof given.lastId === 'string') this.#remember(given.lastId);
    // What the system says of the network is news: nobody has to sit out the wait, or to press a button.
    globalThis.addEventListener?.('online', this.#comeBack);
    void this.#connect();
  }

  retry(): void {
    this.#stop();
    this.#isRefused = false;
    this.#tell({ tries: 0 });
    void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    globalThis.removeEventListener?.('online', this.#comeBack);
    this.#stop();
  }

  readonly #comeBack = (): void => {
    if (this.#connection.phase === 'waiting' || (this.#connection.phase === 'failed' && !this.#isRefused)) this.retry();
  };

  #stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#abort?.abort();
    this.#abort = null;
  }

  #tell(change: Partial<Connection>): void {
    this.#connection = { ...this.#connection, ...change };
    if (!this.#isClosed) this.#options.onConnection(this.#connection);
  }

  async #connect(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#tell({ phase: 'connecting', tries: this.#connection.tries + 1 });
    try {
      const response = await this.#ask(abort);
      this.#tell({ phase: 'live', tries: 0, newsAtMs: this.#options.now() });
      this.#options.onLive?.();
      await this.#read(response, abort);
    } catch {
      // However it ended, what follows is the same; an abort of our own is told apart below.
    }
    if (this.#abort !== abort) return;
    clearTimeout(this.#silence);
    this.#plan();
  }

  async #ask(abort: AbortController): Promise<Response> {
    const timer = setTimeout(() => abort.abort(), this.#options.connectTimeoutMs);
    const headers = new Headers({ accept: 'text/event-stream' });
    if (this.#lastId !== null) headers.set('last-event-id', this.#lastId);
    try {
      const response = await fetch(this.#options.url, {
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      });
      if (response.status === 401) this.#giveUp();
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || !type.startsWith('text/event-stream'))
        throw new Error(`no stream: ${response.status} ${type}`);
      return response;
    } finally {
      clearTimeout(timer);
    }
  }

  #giveUp(): void {
    this.#abort = null;
    this.#isRefused = true;
    this.#tell({ phase: 'failed' });
    this.#options.onSignedOut?.();
  }

  async #read(response: Response, abort: AbortController): Promise<void> {
    const parse = createSseParser(
      (message) => this.#take(message),
      (id) => this.#move(id),
    );
    const decoder = new TextDecoder();
    // The reader by hand: not every browser can iterate a stream.
    const reader = response.body?.getReader();
    this.#listenFor(abort);
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      this.#tell({ newsAtMs: this.#options.now() });
      this.#listenFor(abort);
      parse(decoder.decode(piece.value, { stream: true }));
    }
  }

  /** A connection whose far side is gone says nothing, not even that: after so much silence another one is made. */
  #listenFor(abort: AbortController): void {
    clearTimeout(this.#silence);
    if (this.#abort === abort) this.#silence = setTimeout(() => abort.abort(), this.#options.silenceMs);
  }

  #take(message: SseMessage): void {
    if (message.id !== null) {
      if (this.#seen.has(message.id)) return;
      this.#remember(message.id);
    }
    if (message.type === 'gap') this.#options.onGap();
    else this.#options.onMessage(message);
  }

  #move(id: string): void {
    this.#lastId = id;
    this.#options.onPlace?.(id);
  }

  #remember(id: string): void {
    this.#lastId = id;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > remembered && oldest !== undefined) this.#seen.delete(oldest);
  }

  #plan(): void {
    if (this.#isClosed) return;
    const { tries } = this.#connection;
    if (tries >= mostTries) return this.#tell({ phase: 'failed' });
    this.#tell({ phase: 'waiting' });
    this.#timer = setTimeout(() => void this.#connect(), toWaitMs(tries, this.#options));
  }
}
