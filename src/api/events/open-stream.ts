import type { ServerResponse } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { readCursor } from '../../store/event.ts';
import type { ApiParts } from '../api-parts.ts';
import type { HubEvent } from './event-hub.ts';
import { gapAfter } from './gap-after.ts';
import type { EventGap } from './gap-after.ts';

/** A listener of the stream. */
interface Listener {
  request: FastifyRequest;
  reply: FastifyReply;
  after: number;
  accepts: (event: HubEvent) => boolean;
  /** Whether signals about this launch are wanted, and may be had. */
  concerns: (launch: string) => boolean;
  /** Called once when the stream has ended, however that came. */
  onEnd: () => void;
}

/** A reader that leaves this much unread is let go; it comes back after its last event and misses nothing. */
const maxUnreadBytes = 1_048_576;
/** Shorter than what proxies on the way think of silence. */
const aliveEveryMs = 15_000;
const pageSize = 500;

/**
 * Writes events to one reader: first what it missed, from the store, then what is new, from the hub, without a gap between the two. The bytes of an event are
 * the same for all readers and made once. Returns how to end it.
 */
export function openStream(parts: ApiParts, { request, reply, ...listener }: Listener): () => void {
  const { raw } = reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 2000\n\n');
  const stream = new Stream(parts, { raw, ...listener });
  request.raw.on('aborted', stream.end);
  raw.on('close', stream.end).on('error', stream.end);
  return stream.end;
}

class Stream {
  readonly #parts: ApiParts;
  readonly #raw: ServerResponse;
  readonly #accepts: Listener['accepts'];
  readonly #stops: (() => void)[];
  #cursor: number;
  #isLive = false;
  #ended = false;

  constructor(
    parts: ApiParts,
    { raw, after, accepts, concerns, onEnd }: Omit<Listener, 'request' | 'reply'> & { raw: ServerResponse },
  ) {
    this.#parts = parts;
    this.#raw = raw;
    this.#cursor = after;
    this.#accepts = accepts;
    const heart = setInterval(this.#sayAlive, aliveEveryMs).unref();
    const deaf = parts.events.listen((events) => this.#isLive && this.#send(events));
    const unmoved = parts.changes.listen(({ launch, frame }) => {
      if (concerns(launch)) this.#write(frame);
    });
    this.#stops = [() => clearInterval(heart), deaf, unmoved, onEnd];
    parts.streams.add(this.end);
    shedOldest(parts);
    this.#catchUp().catch((error: unknown) => {
      parts.report(error);
      this.end();
    });
  }

  readonly end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    for (const stop of this.#stops) stop();
    this.#parts.streams.delete(this.end);
    this.#raw.end();
    // Whoever does not read does not read the end either.
    if (this.#raw.writableLength > 0) setTimeout(() => this.#raw.destroy(), 5_000).unref();
  };

  /** Carries the cursor where it stands, without an event (WHATWG HTML section 9.2.6): what was not wanted is not looked through again after a pause. */
  readonly #sayAlive = (): void => {
    this.#write(this.#isLive ? `: alive\nid: ${this.#cursor}\n\n` : ': alive\n\n');
  };

  #write(bytes: Buffer | string): void {
    if (this.#ended) return;
    if (this.#raw.writableLength > maxUnreadBytes) this.#raw.destroy();
    else this.#raw.write(bytes);
  }

  #send(events: readonly HubEvent[]): void {
    const fresh = events.filter(({ event }) => event.cursor > this.#cursor);
    const frames = fresh.filter(this.#accepts).map(({ frame }) => frame);
    this.#cursor = fresh.at(-1)?.event.cursor ?? this.#cursor;
    if (frames.length > 0) this.#write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  /** Reads until nothing lies between what was read and what the hub has handed out; from there on the hub is enough. */
  async #catchUp(): Promise<void> {
    await this.#comeBackToHead();
    while (!this.#ended && this.#cursor < this.#parts.events.cursor) {
      const head = this.#parts.events.cursor;
      const page = await this.#parts.events.readAfter(this.#cursor, pageSize);
      const gap = gapAfter(this.#cursor, page, head);
      if (gap !== null) this.#tellGap(gap);
      this.#send(page);
      // Before it counts as a reader that does not read, it gets the time to read what it missed.
      if (this.#raw.writableLength > maxUnreadBytes / 2) await drained(this.#raw);
    }
    this.#isLive = true;
    // From the first moment on: a reader that is cut off before anything happened still knows where to go on.
    this.#sayAlive();
  }

  /** A reader that is ahead of the store knew another one, such as the one before a backup was brought back: what it has not seen here has no numbers for it. */
  async #comeBackToHead(): Promise<void> {
    if (this.#cursor <= this.#parts.events.cursor) return;
    const head = await readCursor(this.#parts.store);
    if (this.#cursor > head) this.#tellGap({ after: this.#cursor, before: head + 1 });
  }

  #tellGap(gap: EventGap): void {
    this.#cursor = gap.before - 1;
    this.#write(`id: ${this.#cursor}\nevent: gap\ndata: ${JSON.stringify(gap)}\n\n`);
  }
}

/** Memory is bounded: of too many streams the oldest goes, and may come again. */
function shedOldest({ streams, limits }: ApiParts): void {
  if (streams.size <= limits.streams) return;
  const [oldest] = streams;
  oldest?.();
}

function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    raw.once('drain', resolve).once('close', resolve);
  });
}
