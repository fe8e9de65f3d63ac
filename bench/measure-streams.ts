import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { Child } from './ask-child.ts';
import { toSpread } from './side-by-side.ts';

/** What streams cost, and how late events are. */
export interface StreamSample {
  clients: number;
  /** From the commit of an event (of the plain server: from before its first write) until it is read from a socket. */
  lateP50Ms: number;
  lateP95Ms: number;
  lateMaxMs: number;
  heapKbPerClient: number;
  rssKbPerClient: number;
  /** Processor time of the server for one event to one client, after that of the same time without events was taken off. */
  cpuUsPerDelivery: number;
  lost: number;
  eventSamplesMs: { p50: number; p95: number; max: number }[];
}

export interface StreamWish {
  child: Child;
  url: string;
  headers: Record<string, string>;
  clients: number;
  events: number;
}

/** Opens streams, keeps them idle, then has events written at ten a second, and hears each on every stream. */
export async function measureStreams({ child, url, headers, clients, events }: StreamWish): Promise<StreamSample> {
  const arrivals = new Map<number, number[]>();
  const hear = (place: number): void => {
    const nowMs = performance.timeOrigin + performance.now();
    const known = arrivals.get(place);
    if (known) known.push(nowMs);
    else arrivals.set(place, [nowMs]);
  };
  // The first stream makes what all share.
  const agent = new Agent({ keepAlive: false });
  const leaves = [await openOne(url, headers, agent, hear)];
  await pause(1_000);
  const empty = await child.usage();
  for (let opened = 1; opened < clients; opened += 50)
    leaves.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(50, clients - opened) }, () => openOne(url, headers, agent, hear)),
      )),
    );
  await pause(2_000);
  const full = await child.usage();
  const spanMs = events * 100;
  const idle = await costOf(child, () => pause(spanMs));
  const sent: { place: number; atMs: number }[] = [];
  const busy = await costOf(child, async () => {
    for (let count = 0; count < events; count += 1) {
      sent.push(await child.ask('emit'));
      await pause(100);
    }
  });
  await pause(1_000);
  for (const leave of leaves) leave();
  const late = sent.map(({ place, atMs }) => (arrivals.get(place) ?? []).map((heardMs) => heardMs - atMs));
  const all = late.flat().toSorted((a, b) => a - b);
  return {
    clients,
    lateP50Ms: all[Math.floor(all.length * 0.5)] ?? Number.NaN,
    lateP95Ms: all[Math.floor(all.length * 0.95)] ?? Number.NaN,
    lateMaxMs: all.at(-1) ?? Number.NaN,
    heapKbPerClient: (full.heapBytes - empty.heapBytes) / (clients - 1) / 1_000,
    rssKbPerClient: (full.rssBytes - empty.rssBytes) / (clients - 1) / 1_000,
    cpuUsPerDelivery: (Math.max(0, busy - idle) * 1_000) / (clients * events),
    lost: clients * events - all.length,
    eventSamplesMs: late.map((each) => {
      const { p50, max } = toSpread(each);
      return { p50, p95: each.toSorted((a, b) => a - b)[Math.floor(each.length * 0.95)] ?? Number.NaN, max };
    }),
  };
}

async function costOf(child: Child, work: () => Promise<unknown>): Promise<number> {
  const before = await child.usage();
  await work();
  return (await child.usage()).cpuMs - before.cpuMs;
}

const placePattern = /"place":(\d+)/gu;

function openOne(
  url: string,
  headers: Record<string, string>,
  agent: Agent,
  hear: (place: number) => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`stream: expected 200, got ${answer.statusCode}`));
      answer.setEncoding('latin1');
      answer.on('data', (chunk: string) => {
        for (const [, place] of chunk.matchAll(placePattern)) hear(Number(place));
      });
      answer.on('error', () => undefined);
      return resolve(() => asked.destroy());
    });
    asked.once('error', reject).end();
  });
}
