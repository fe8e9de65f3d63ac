import { loadavg } from 'node:os';

import { startChild } from './ask-child.ts';
import type { Child } from './ask-child.ts';
import { describeMachine } from './describe-machine.ts';
import { measureReads } from './measure-reads.ts';
import type { ApiReadSample } from './measure-reads.ts';
import { measureStreams } from './measure-streams.ts';
import type { StreamSample } from './measure-streams.ts';

/** One address: at the offered rate, as fast as it goes, and bare Fastify with the same bytes. */
interface Reads {
  bytes: number;
  offered: ApiReadSample;
  most: ApiReadSample;
  bare: ApiReadSample;
  shareOfBare: number;
}

export interface ApiReport {
  name: 'api';
  machine: string;
  setting: string;
  loadAtEnd: number;
  reads: Record<string, Reads>;
  streams: Omit<StreamSample, 'eventSamplesMs'>;
  plainStreams: Omit<StreamSample, 'eventSamplesMs'>;
  goals: Record<string, number | boolean> & { met: boolean };
  samples: { reads: (ApiReadSample & { path: string; what: string })[]; streams: StreamSample['eventSamplesMs'] };
}

const offered = 1_000;
const clients = 1_000;
const events = 50;
const seconds = 8;

interface Ready {
  url: string;
  headers: Record<string, string>;
  run: string;
}

/** Measures reads and streams of the API, each beside the least that Node can do in the same minute on the same machine. */
export async function run(): Promise<ApiReport> {
  const api = startChild('api-under-test.ts');
  const plain = startChild('plain-server.ts');
  try {
    const ready = await api.ask<Ready>('ready');
    const bare = await plain.ask<{ url: string; streams: string }>('ready');
    const reads = await measureAllReads(ready, { plain, url: bare.url, api });
    const wish = { headers: ready.headers, clients, events };
    const streams = await measureStreams({ ...wish, child: api, url: `${ready.url}/api/events/stream` });
    const plainStreams = await measureStreams({ ...wish, child: plain, url: bare.streams });
    return toReport(reads, { streams, plainStreams });
  } finally {
    await api.end();
    await plain.end();
  }
}

async function measureAllReads(
  { url, headers, run: id }: Ready,
  bare: { plain: Child; url: string; api: Child },
): Promise<Record<string, Reads>> {
  const paths = [`/api/runs/${id}`, '/api/launches/shop-cutover/gates/ready', '/api/events?limit=100'];
  const reads: Record<string, Reads> = {};
  for (const path of paths) reads[path.replace(id, ':run')] = await measurePath(url + path, headers, bare);
  return reads;
}

async function measurePath(
  url: string,
  headers: Record<string, string>,
  bare: { plain: Child; url: string; api: Child },
): Promise<Reads> {
  const answer = await fetch(url, { headers });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${url}: expected 200, got ${answer.status} ${body.slice(0, 200)}`);
  await bare.plain.ask('body', body);
  // The first pass compiles and fills what is kept.
  await measureReads({ url, headers, rate: null, seconds: 3 });
  const most = await measureReads({ url, headers, rate: null, seconds });
  // Answers are kept for a moment, until the next event: here ten of them come in a second.
  const writing = setInterval(() => void bare.api.ask('emit'), 100);
  const atRate = await measureReads({ url, headers, rate: offered, seconds }).finally(() => clearInterval(writing));
  const least = await measureReads({ url: `${bare.url}/read`, headers, rate: null, seconds });
  return {
    bytes: Buffer.byteLength(body),
    offered: atRate,
    most,
    bare: least,
    shareOfBare: most.perSecond / least.perSecond,
  };
}

function toReport(
  reads: Record<string, Reads>,
  { streams, plainStreams }: { streams: StreamSample; plainStreams: StreamSample },
): ApiReport {
  const { eventSamplesMs, ...ours } = streams;
  const { eventSamplesMs: plainSamplesMs, ...plainOurs } = plainStreams;
  return {
    name: 'api',
    machine: describeMachine(),
    setting: `reads over 20 connections from another process, ${offered} a second offered while 10 events a second are written; ${clients} streams, ${events} events at 10 a second; embedded Postgres on the same machine`,
    loadAtEnd: loadavg()[0] ?? 0,
    reads,
    streams: ours,
    plainStreams: plainOurs,
    goals: toGoals(reads, ours),
    samples: {
      reads: Object.entries(reads).flatMap(([path, { offered: one, most, bare }]) => [
        { path, what: 'offered', ...one },
        { path, what: 'most', ...most },
        { path, what: 'bare', ...bare },
      ]),
      streams: [...eventSamplesMs, ...plainSamplesMs],
    },
  };
}

const goals = { readsPerSecond: 1_000, readP99Ms: 20, heapKbPerClient: 40, lateP95Ms: 100, lost: 0, failed: 0 };

function toGoals(reads: Record<string, Reads>, streams: Omit<StreamSample, 'eventSamplesMs'>): ApiReport['goals'] {
  const all = Object.values(reads).map(({ offered: one }) => one);
  const met =
    // A rate that is offered is met within the rounding of the second in which it began.
    all.every(
      ({ perSecond, p99Ms, failed }) =>
        perSecond >= goals.readsPerSecond * 0.99 && p99Ms <= goals.readP99Ms && failed === 0,
    ) &&
    streams.heapKbPerClient <= goals.heapKbPerClient &&
    streams.lateP95Ms <= goals.lateP95Ms &&
    streams.lost === goals.lost;
  return { ...goals, met };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
