import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import type { ShadowReport } from '../../src/core/rollout/shadow/shadow-report.ts';
import { openReportServer } from '../../src/kinds/shadow/open-report-server.ts';
import { openShadowTee, shadowDefaults } from '../../src/kinds/shadow/open-shadow-tee.ts';
import type { ShadowTee, ShadowWish } from '../../src/kinds/shadow/open-shadow-tee.ts';
import { closedPort, startSilentServer } from '../doubles/silent-server.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface App {
  url: URL;
  seen: { method: string; url: string; shadow: boolean; body: string; authorization: string | undefined }[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, times: number) => void;

async function startApp(answer: Answer): Promise<App> {
  const seen: App['seen'] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({
        method,
        url,
        shadow: headers['x-tminus-shadow'] === '1',
        body,
        authorization: headers.authorization,
      });
      answer(request, response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen };
}

const json = (response: ServerResponse, value: unknown, status = 200): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** Clients, both arms and the tee are one process here, which is never idle, and copies wait until others leave their thread time. */
const inOneProcess = { busiest: 1, rate: 1_000, timeoutMs: 60_000 };

async function startTee(stable: URL, canary: URL, changes: Partial<ShadowWish> = {}): Promise<ShadowTee> {
  const wish = {
    ...shadowDefaults,
    listen: { host: '127.0.0.1', port: 0 },
    stable,
    canary,
    ...inOneProcess,
    ...changes,
  };
  const tee = await openShadowTee(wish, { allow: ['127.0.0.1'], forbidden: [] });
  open.push(() => tee.close());
  return tee;
}

async function untilIdle(tee: ShadowTee): Promise<void> {
  while (tee.pending() > 0) await pause(5);
}

async function medianMs(url: string, times: number): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const start = performance.now();
    await (await fetch(`${url}/orders/${at}`)).text();
    took.push(performance.now() - start);
  }
  return took.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? Infinity;
}

describe('shadow tee', () => {
  const orders: Answer = (request, response, times) =>
    json(response, { id: request.url, total: 10, at: `${process.hrtime.bigint()}`, times });

  it('O25 the client is answered by the stable arm, and differences are reported by route without the noise', async () => {
    const stable = await startApp(orders);
    const canary = await startApp((request, response, times) =>
      json(response, {
        times,
        at: `${process.hrtime.bigint()}`,
        id: request.url,
        total: request.url?.startsWith('/carts') ? 11 : 10,
      }),
    );
    const tee = await startTee(stable.url, canary.url);
    for (let at = 0; at < 20; at += 1) {
      const path = at % 2 === 0 ? `/orders/${at}` : `/carts/${at}`;
      expect(await (await fetch(`${tee.url}${path}?q=1`)).json()).toMatchObject({ total: 10, id: `${path}?q=1` });
      await untilIdle(tee);
    }
    expect(await tee.report()).toMatchObject([
      { route: 'GET /carts/:id', compared: 10, differed: 10, dropped: 0, failed: 0 },
      { route: 'GET /orders/:id', compared: 10, differed: 0, noise: 10 },
    ]);
    expect((await tee.report())[0]?.fields[0]).toEqual({ field: 'body.total', raw: 10, noise: 0, counts: true });
    expect(canary.seen.every(({ shadow }) => shadow)).toBe(true);
    expect(stable.seen.filter(({ shadow }) => shadow)).toHaveLength(20);
  });

  it('O25 writes are not copied unless they are declared, and then once and with a credential of their own', async () => {
    const [stable, canary] = [await startApp(orders), await startApp(orders)];
    const post = (url: string): Promise<Response> =>
      fetch(`${url}/orders`, { method: 'POST', body: 'a=1', headers: { authorization: 'Bearer of-the-client' } });
    const closed = await startTee(stable.url, canary.url);
    for (const method of ['PUT', 'PATCH', 'DELETE']) await fetch(`${closed.url}/orders/1`, { method });
    await post(closed.url);
    await pause(100);
    expect(canary.seen).toEqual([]);
    expect(await closed.report()).toEqual([]);
    const declared = await startTee(stable.url, canary.url, {
      methods: ['GET', 'POST'],
      headers: { authorization: 'Bearer read-only' },
    });
    stable.seen.length = 0;
    await post(declared.url);
    await untilIdle(declared);
    expect(canary.seen).toEqual([
      { method: 'POST', url: '/orders', shadow: true, body: 'a=1', authorization: 'Bearer read-only' },
    ]);
    expect(stable.seen).toEqual([
      { method: 'POST', url: '/orders', shadow: false, body: 'a=1', authorization: 'Bearer of-the-client' },
    ]);
  });

  it('O25 a canary that is dead, or 300 ms slow and more, costs the client nothing, and copies beyond the queue are dropped and counted', async () => {
    const stable = await startApp(orders);
    // Answers no copy before all requests are made: how many are dropped is no matter of how long that takes.
    const asked = Promise.withResolvers<void>();
    const slow = await startApp(
      (request, response, times) =>
        void Promise.all([pause(300), asked.promise]).then(() => orders(request, response, times)),
    );
    const quick = await startApp(orders);
    const dead = new URL(`http://127.0.0.1:${await closedPort()}`);
    const few = { concurrency: 2, queue: 4 };
    const tees = {
      quick: await startTee(stable.url, quick.url, few),
      slow: await startTee(stable.url, slow.url, few),
      dead: await startTee(stable.url, dead, few),
    };
    await medianMs(tees.quick.url, 30);
    // In turns, so that a machine that is busy for a while is busy for all three.
    const took = { quick: [] as number[], slow: [] as number[], dead: [] as number[] };
    for (let round = 0; round < 20; round += 1)
      for (const kind of ['quick', 'slow', 'dead'] as const) took[kind].push(await medianMs(tees[kind].url, 5));
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[10] ?? Infinity;
    // A mirror in the way of the client makes it 300 ms and more; half of that is far beyond what a busy machine adds to one or two.
    expect(median(took.slow)).toBeLessThan(median(took.quick) + 150);
    expect(median(took.dead)).toBeLessThan(median(took.quick) + 150);
    const held = few.concurrency + few.queue;
    expect(tees.slow.pending()).toBe(held);
    asked.resolve();
    await untilIdle(tees.slow);
    await untilIdle(tees.dead);
    expect(await tees.slow.report()).toMatchObject([{ compared: held, dropped: 100 - held }]);
    expect((await tees.dead.report())[0]).toMatchObject({ compared: 0, differed: 0 });
    expect(((await tees.dead.report())[0]?.failed ?? 0) + ((await tees.dead.report())[0]?.dropped ?? 0)).toBe(100);
  });

  it('O25 negative control: a client that waited for the canary would be seen', async () => {
    const slow = await startApp(
      (request, response, times) => void setTimeout(() => orders(request, response, times), 300),
    );
    expect(await medianMs(slow.url.origin, 3)).toBeGreaterThan(290);
  });

  it('O25 status, chosen headers and bodies of other kinds count; what is too large is not called equal', async () => {
    const stable = await startApp((request, response) =>
      request.url === '/large'
        ? response.end('x'.repeat(5000))
        : response.writeHead(302, { location: '/a', 'x-own': '1' }).end('one'),
    );
    const canary = await startApp((request, response) =>
      request.url === '/large'
        ? response.end('x'.repeat(5000))
        : response.writeHead(301, { location: '/b', 'x-own': '2' }).end('two'),
    );
    const tee = await startTee(stable.url, canary.url, { bodyLimit: 4000 });
    await fetch(`${tee.url}/moved`, { redirect: 'manual' });
    expect((await (await fetch(`${tee.url}/large`)).text()).length).toBe(5000);
    await untilIdle(tee);
    expect(await tee.report()).toMatchObject([
      { route: 'GET /moved', differed: 1 },
      { route: 'GET /large', compared: 0, uncompared: 1 },
    ]);
    expect((await tee.report())[0]?.fields.map(({ field }) => field)).toEqual(['body', 'header location', 'status']);
  });

  it('O25 an answer that nobody can compare ends neither the client nor the copies after it', async () => {
    const nested: Answer = (request, response, times) =>
      request.url === '/deep'
        ? void response.end(`${'['.repeat(60_000)}${times}${']'.repeat(60_000)}`)
        : orders(request, response, times);
    const [stable, canary] = [await startApp(nested), await startApp(nested)];
    const tee = await startTee(stable.url, canary.url);
    for (const path of ['/deep', '/orders/1']) {
      expect((await fetch(`${tee.url}${path}`)).status).toBe(200);
      await untilIdle(tee);
    }
    const report = await tee.report();
    expect(
      Object.fromEntries(report.map(({ route, compared, uncompared }) => [route, [compared, uncompared]])),
    ).toEqual({
      'GET /deep': [0, 1],
      'GET /orders/:id': [1, 0],
    });
  });

  it('O25 T7 counts of nobody are no zero: the address where they are read says so', async () => {
    let gone = false;
    const report = async (): Promise<ShadowReport> =>
      gone ? Promise.reject(new Error('the thread has ended')) : { process: 'one', routes: [] };
    const server = await openReportServer({ host: '127.0.0.1', port: 0 }, report);
    open.push(() => server.close());
    const statuses = async (): Promise<number[]> =>
      await Promise.all(['report', 'metrics'].map(async (path) => (await fetch(`${server.url}/${path}`)).status));
    expect(await statuses()).toEqual([200, 200]);
    gone = true;
    expect(await statuses()).toEqual([503, 503]);
  });

  it('O25 copies have a pace of their own, however many requests there are, and each that is left out is counted', async () => {
    const [stable, canary] = [await startApp(orders), await startApp(orders)];
    const tee = await startTee(stable.url, canary.url, { rate: 5, queue: 1_000 });
    const beganAt = performance.now();
    for (let at = 0; at < 60; at += 1) await (await fetch(`${tee.url}/orders/1`)).text();
    const seconds = (performance.now() - beganAt) / 1_000;
    await untilIdle(tee);
    const [report] = await tee.report();
    expect((report?.compared ?? 0) + (report?.dropped ?? 0)).toBe(60);
    expect(report?.compared).toBeGreaterThanOrEqual(5);
    expect(report?.compared).toBeLessThanOrEqual(Math.min(60, 5 + Math.ceil(5 * seconds)));
    expect(canary.seen).toHaveLength(report?.compared ?? 0);
  });

  it('O25 copies are sent, waited for and counted by a thread of their own: they end while the one of the clients stands still', async () => {
    const stable = await startApp(orders);
    const silent = await startSilentServer();
    open.push(() => silent.stop());
    const canary = new URL(`http://${silent.host}`);
    const tee = await startTee(stable.url, canary, { methods: ['POST'], timeoutMs: 3_000 });
    // The thread runs: how long it takes to start is no matter here.
    expect(await tee.report()).toEqual([]);
    await (await fetch(`${tee.url}/orders`, { method: 'POST', body: 'a=1' })).text();
    while (tee.pending() === 0) await pause(1);
    // Nothing else runs here from now on: no timer, no answer, no promise.
    const endsAt = performance.now() + 90_000;
    while (tee.pending() > 0 && performance.now() < endsAt);
    expect(performance.now()).toBeLessThan(endsAt);
    expect(await tee.report()).toMatchObject([{ route: 'POST /orders', failed: 1, compared: 0 }]);
  });

  it('O25 a stable arm that is gone is a 502 for the client, and production is not touched where it is forbidden', async () => {
    const canary = await startApp(orders);
    const tee = await startTee(new URL(`http://127.0.0.1:${await closedPort()}`), canary.url);
    expect((await fetch(tee.url)).status).toBe(502);
    await pause(50);
    expect(canary.seen).toEqual([]);
    const wish = { ...shadowDefaults, listen: { host: '127.0.0.1', port: 0 }, stable: canary.url, canary: canary.url };
    await expect(openShadowTee(wish, { allow: ['127.0.0.1'], forbidden: [canary.url.host] })).rejects.toThrow(
      /production/,
    );
  });
});
