import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** One message of a stream, as it came over the wire. */
export interface HeardMessage {
  id: string | null;
  event: string;
  data: unknown;
}

/** A raw reader of Server-Sent Events: nothing connects again by itself, so that tests see every end. */
export interface Listening {
  status: number;
  body: () => string;
  messages: HeardMessage[];
  /** The last id that was heard, also without an event. */
  lastId: () => string | null;
  /** Resolves when the stream has ended, with how many milliseconds that took from now. */
  ended: Promise<void>;
  /** Stops and goes on reading from the socket. */
  stall(): void;
  goOn(): void;
  /** Waits until so many events came; throws with what came where they never do. */
  until(count: number): Promise<void>;
  leave(): void;
}

/** Opens a stream and resolves with its head. */
export async function listen(
  url: string,
  headers: Record<string, string>,
  lastEventId?: string | number,
): Promise<Listening> {
  const sent = { ...headers, ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }) };
  const asked = request(url, { headers: sent, agent: false });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject).end();
  });
  asked.on('error', () => undefined);
  return read(answer, () => asked.destroy());
}

function read(answer: IncomingMessage, leave: () => void): Listening {
  let text = '';
  let rest = '';
  let last: string | null = null;
  const messages: HeardMessage[] = [];
  const take = (block: string): void => {
    const fields = block.split('\n').map((line) => line.split(/:\s?(.*)/su, 2) as [string, string | undefined]);
    const of = (name: string): string | null => fields.find(([key]) => key === name)?.[1] ?? null;
    const [id, event, data] = [of('id'), of('event'), of('data')];
    last = id ?? last;
    // What has no id is no event: a signal that something of a launch has changed.
    if (data !== null && id !== null) messages.push({ id, event: event ?? 'message', data: JSON.parse(data) });
  };
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, 10_000);
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) take(block);
  });
  answer.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => void answer.once('close', resolve));
  return {
    status: answer.statusCode ?? 0,
    body: () => text,
    messages,
    lastId: () => last,
    ended,
    stall: () => void answer.pause(),
    goOn: () => void answer.resume(),
    async until(count) {
      for (let tries = 0; tries < 2_400 && messages.length < count; tries++) await pause(25);
      if (messages.length >= count) return;
      throw new Error(`stream: expected ${count} events, got ${messages.length}: ${text.slice(-500)}`);
    },
    leave,
  };
}
