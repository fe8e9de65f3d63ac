import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { openEventStream, toWaitMs } from './events.ts';
import type { Connection, EventStream, StreamOptions } from './events.ts';

type Answer = (response: ServerResponse, request: IncomingMessage, visit: number) => void;

let server: Server | null = null;
let stream: EventStream | null = null;

afterEach(async () => {
  stream?.close();
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = null;
});

/** A real server of events; `answer` is asked for every connection. */
async function serve(answer: Answer): Promise<{ url: string; lastIds: (string | undefined)[] }> {
  const lastIds: (string | undefined)[] = [];
  server = createServer((request, response) => {
    lastIds.push(request.headers['last-event-id'] as string | undefined);
    answer(response, request, lastIds.length);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, lastIds };
}

function open(url: string, more: Partial<StreamOptions> = {}) {
  const seen: string[] = [];
  const states: Connection[] = [];
  const counts = { gaps: 0, lives: 0, signedOut: 0 };
  stream = openEventStream({
    url,
    firstWaitMs: 5,
    longestWaitMs: 10,
    jitterMs: 0,
    onMessage: ({ data }) => seen.push(data),
    onGap: () => (counts.gaps += 1),
    onLive: () => (counts.lives += 1),
    onSignedOut: () => (counts.signedOut += 1),
    onConnection: (state) => states.push(state),
    ...more,
  });
  return { seen, states, counts };
}

async function until(what: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!what()) {
    if (Date.now() > end) throw new Error('waited 60 s for something that did not happen');
    // oxlint-disable-next-line no-await-in-loop -- looked at again and again until it holds
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** From now on the waits of the stream end when a test says so, however busy the machine is; the network is as it is. */
function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

const head = { 'content-type': 'text/event-stream' };
const frame = (id: number): string => `id: ${id}\nevent: step.done\ndata: e${id}\n\n`;

describe('live connection', () => {
  it('T18 loses and doubles no event over connections that are cut in the middle of one', async () => {
    const total = 40;
    let seen: readonly string[] = [];
    const { url, lastIds } = await serve((response, request) => {
      const after = Number(request.headers['last-event-id'] ?? 0);
      response.writeHead(200, head);
      // One that was told already, three new ones, and half of the next.
      const ids = [after, after + 1, after + 2, after + 3].filter((id) => id > 0 && id <= total);
      response.write(ids.map(frame).join(''));
      // Cut when all of that was read: what a connection loses on the way is told again, and would change the places that are asked for.
      void until(() => seen.length >= Math.min(after + 3, total)).then(() => {
        response.write(`id: ${after + 4}\nevent: step.done\ndata: half`);
        setTimeout(() => response.destroy(), 2);
      });
    });
    ({ seen } = open(url));
    await until(() => seen.length >= total);
    expect(seen).toEqual(Array.from({ length: total }, (_, index) => `e${index + 1}`));
    expect(lastIds.slice(0, 3)).toEqual([undefined, '3', '6']);
  });

  it('T18 goes on from where the server said it is, also where nothing had happened yet', async () => {
    const { url, lastIds } = await serve((response, _, visit) => {
      response.writeHead(200, head);
      if (visit === 1) response.end(': alive\nid: 70\n\n');
      else response.write(frame(71));
    });
    const { seen } = open(url);
    await until(() => seen.length === 1);
    expect(lastIds).toEqual([undefined, '70']);
    expect(seen).toEqual(['e71']);
  });

  it('T18 gives up after ten attempts, and begins again when a person asks', async () => {
    let isUp = false;
    const { url, lastIds } = await serve((response) => {
      if (!isUp) return response.writeHead(503).end();
      response.writeHead(200, head).write(frame(1));
    });
    const { states, seen } = open(url);
    await until(() => states.at(-1)?.phase === 'failed');
    expect(lastIds).toHaveLength(10);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(lastIds).toHaveLength(10);
    isUp = true;
    stream?.retry();
    await until(() => seen.length === 1);
    expect(states.at(-1)).toMatchObject({ phase: 'live', tries: 0 });
  });

  it('T18 waits 2, 4, 8, 16, 32, 32 s, one second earlier or later', () => {
    const waits = (random: number) => [1, 2, 3, 4, 5, 6, 10].map((tries) => toWaitMs(tries, { random: () => random }));
    expect(waits(0.5)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 32_000, 32_000]);
    expect(waits(0)).toEqual([1_000, 3_000, 7_000, 15_000, 31_000, 31_000, 31_000]);
    expect(waits(1)).toEqual([3_000, 5_000, 9_000, 17_000, 33_000, 33_000, 33_000]);
  });

  it('T18 does not wait longer than its time-out for a server that accepts and says nothing', async () => {
    holdTime();
    const { url, lastIds } = await serve((response, _, visit) => {
      if (visit > 1) response.writeHead(200, head).write(frame(1));
    });
    const { seen, states } = open(url);
    await until(() => lastIds.length === 1);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(states.map(({ phase }) => phase)).toEqual(['connecting']);
    await vi.advanceTimersByTimeAsync(1);
    await until(() => states.at(-1)?.phase === 'waiting');
    await vi.advanceTimersByTimeAsync(10);
    await until(() => seen.length === 1);
    expect(lastIds).toHaveLength(2);
  });

  it('T18 takes a connection for dead that says nothing for long, and goes on after the last event', async () => {
    holdTime();
    const { url, lastIds } = await serve((response, _, visit) => {
      response.writeHead(200, head).write(frame(visit));
    });
    const { seen, states } = open(url);
    await until(() => seen.length === 1);
    await vi.advanceTimersByTimeAsync(50_000);
    await until(() => states.at(-1)?.phase === 'waiting');
    await vi.advanceTimersByTimeAsync(10);
    await until(() => seen.length === 2);
    expect(seen).toEqual(['e1', 'e2']);
    expect(lastIds).toEqual([undefined, '1']);
  });

  it('T18 keeps a connection on which only heartbeats come (negative control)', async () => {
    holdTime();
    let beat = (): unknown => undefined;
    const { url, lastIds } = await serve((response) => {
      response.writeHead(200, head).flushHeaders();
      beat = () => response.write(': alive\n\n');
    });
    let clock = 0;
    const { states } = open(url, { now: () => clock });
    await until(() => states.at(-1)?.phase === 'live');
    while (clock < 10) {
      // oxlint-disable-next-line no-await-in-loop -- one silence after another
      await vi.advanceTimersByTimeAsync(49_000);
      clock += 1;
      beat();
      // oxlint-disable-next-line no-await-in-loop -- one silence after another
      await until(() => states.at(-1)?.newsAtMs === clock);
    }
    expect(lastIds).toHaveLength(1);
  });

  it('tells of a gap once, and goes on after it', async () => {
    const { url, lastIds } = await serve((response, _, visit) => {
      response.writeHead(200, head);
      if (visit === 1) response.end(`id: 90\nevent: gap\ndata: {}\n\n`);
      else response.write(frame(91));
    });
    const { seen, counts } = open(url);
    await until(() => seen.length === 1);
    expect(counts).toMatchObject({ gaps: 1, lives: 2 });
    expect(seen).toEqual(['e91']);
    expect(lastIds).toEqual([undefined, '90']);
  });

  it('takes a heartbeat for a sign of life, and silence for none', async () => {
    let clock = 1_000;
    let beat = (): unknown => undefined;
    const { url } = await serve((response) => {
      response.writeHead(200, head).flushHeaders();
      beat = () => response.write(': alive\n\n');
    });
    const { states, seen } = open(url, { now: () => clock });
    await until(() => states.at(-1)?.phase === 'live');
    clock = 5_000;
    beat();
    await until(() => states.at(-1)?.newsAtMs === 5_000);
    expect(states.find(({ phase }) => phase === 'live')?.newsAtMs).toBe(1_000);
    expect(seen).toEqual([]);
  });

  it('asks no second time where the server does not know who asks', async () => {
    const { url, lastIds } = await serve((response) => response.writeHead(401).end());
    const { states, counts } = open(url);
    await until(() => states.at(-1)?.phase === 'failed');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lastIds).toHaveLength(1);
    expect(counts.signedOut).toBe(1);
  });

  it('takes a page of a proxy for no stream (negative control)', async () => {
    const { url } = await serve((response) => response.writeHead(200, { 'content-type': 'text/html' }).end(frame(1)));
    const { states, seen } = open(url);
    await until(() => states.at(-1)?.phase === 'failed');
    expect(seen).toEqual([]);
    expect(states.some(({ phase }) => phase === 'live')).toBe(false);
  });

  it('is silent after it was closed', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, head);
      setInterval(() => response.write(frame(Date.now())), 5).unref();
    });
    const { seen, states } = open(url);
    await until(() => seen.length > 0);
    stream?.close();
    const [count, told] = [seen.length, states.length];
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect([seen.length, states.length]).toEqual([count, told]);
  });
});
