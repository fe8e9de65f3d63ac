import { Agent, createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ShadowRoute } from '../../core/rollout/shadow/shadow-tally.ts';
import { toRoute } from '../../core/rollout/shadow/to-route.ts';
import { portOf } from '../checks/send-request.ts';
import { createStepGuard } from '../steps/guard-hosts.ts';
import { forwardRequest } from './forward-request.ts';
import type { Forwarded, Upstream } from './forward-request.ts';
import { startCopies } from './start-copies.ts';

/** What is copied, and how much of it. */
export interface ShadowWish {
  /** Where clients ask; port 0 takes a free one. */
  listen: { host: string; port: number };
  /** Both arms, http. */
  stable: URL;
  canary: URL;
  /** Methods that are copied. GET and HEAD change nothing; any other has to be declared, and the app has to honour the mark of a copy. */
  methods: readonly string[];
  /** Share of the requests that are copied, up to 1. */
  sample: number;
  /** Headers that are compared. */
  compare: readonly string[];
  /** Fields that make no difference. */
  ignore: readonly string[];
  /** Put over the headers of a copy, such as a credential that may only read. */
  headers: { readonly [name: string]: string };
  /** Copies under way at once, and waiting; what comes on top is dropped and counted. */
  concurrency: number;
  queue: number;
  /** Copies a second; what comes on top is dropped and counted. Both arms have each of them on top of what clients ask. */
  rate: number;
  /** For each copy. */
  timeoutMs: number;
  /** Bytes of a body that are kept; larger ones go on and are not compared. */
  bodyLimit: number;
  /** Share of the time of the thread that answers clients from which on nothing is copied: what is left of it belongs to clients. */
  busiest: number;
}

/** Everything of a wish but where it listens and both arms. */
export const shadowDefaults: Omit<ShadowWish, 'listen' | 'stable' | 'canary'> = {
  methods: ['GET', 'HEAD'],
  sample: 1,
  compare: ['content-type', 'location'],
  ignore: [],
  headers: {},
  concurrency: 8,
  queue: 64,
  rate: 100,
  timeoutMs: 5000,
  bodyLimit: 256 * 1024,
  busiest: 0.8,
};

/** A proxy that runs. */
export interface ShadowTee {
  url: string;
  /** Copies that were sent and not answered yet, and those that wait. */
  pending(): number;
  /** Rejects where copies have ended; clients are still answered. */
  report(): Promise<ShadowRoute[]>;
  close(): Promise<void>;
}

/**
 * Opens a proxy before the stable arm that sends copies to the canary over connections of its own. A client is answered by the stable arm, and only then is its
 * request copied: a canary that is slow or dead changes nothing for it. Throws where a host must not be touched.
 */
export async function openShadowTee(
  wish: ShadowWish,
  context: { allow: readonly string[]; forbidden: readonly string[] },
): Promise<ShadowTee> {
  const guard = createStepGuard(context);
  const open = (url: URL): Upstream => {
    guard.assertLiteral(url.hostname, portOf(url));
    return { url, agent: new Agent({ keepAlive: true, lookup: guard.lookupFor(portOf(url)) }) };
  };
  const primary = open(wish.stable);
  open(wish.canary).agent.destroy();
  const { listen, stable, canary, ...rest } = wish;
  const copies = startCopies({ wish: { ...rest, stable: stable.origin, canary: canary.origin }, context });
  const load = watchLoad();
  const pace = createPace(wish.rate);
  const done = (forwarded: Forwarded): void => {
    if (load.share() > wish.busiest || !pace.take() || !copies.add(forwarded))
      copies.drop(toRoute(forwarded.method, forwarded.target));
  };
  const server = createServer((request, response) => {
    const isCopied = wish.methods.includes(request.method ?? 'GET') && Math.random() < wish.sample;
    forwardRequest({ request, response }, primary, isCopied ? { limit: wish.bodyLimit, done } : null);
  });
  const close = async (): Promise<void> => {
    load.stop();
    server.closeAllConnections();
    await Promise.all([new Promise((resolve) => server.close(resolve)), copies.close()]);
    primary.agent.destroy();
  };
  await listenAt(server, listen).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url: `http://${listen.host}:${(server.address() as AddressInfo).port}`,
    pending: () => copies.pending(),
    report: () => copies.report(),
    close,
  };
}

function listenAt(server: Server, { host, port }: ShadowWish['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

const loadEveryMs = 250;

/** How much of its time this thread was busy, a moment ago: what is left of it belongs to clients. */
function watchLoad(): { share: () => number; stop: () => void } {
  let before = performance.eventLoopUtilization();
  let share = 0;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    share = performance.eventLoopUtilization(now, before).utilization;
    before = now;
  }, loadEveryMs);
  return { share: () => share, stop: () => clearInterval(timer) };
}

/** So many in a second; what was not used up in the last one is there, and nothing of the time before. */
function createPace(rate: number): { take: () => boolean } {
  let left = rate;
  let atMs = performance.now();
  return {
    take() {
      const nowMs = performance.now();
      left = Math.min(rate, left + ((nowMs - atMs) * rate) / 1_000);
      atMs = nowMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
