import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { judgeRedirects } from '../../../core/dataset/redirects/judge-redirects.ts';
import type { RedirectJudgement } from '../../../core/dataset/redirects/judge-redirects.ts';
import { compareRedirects } from './compare-redirects.ts';
import { redirectsSchema } from './schema.ts';

/** What the server does with requests that came together: nothing where it answers each in its turn. */
type Handle = (paths: string[], socket: Socket) => void;

interface Site {
  url: string;
  /** The most requests that came before the first of them was answered. */
  most: () => number;
  asked: string[];
}

const urls = 200;
const folder = mkdtempSync(join(tmpdir(), 'tminus-in-a-row-'));
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** One old URL leads to a wrong page, which is there, too. */
const isWrong = (id: number): boolean => id === 37;

function answer(path: string): string {
  const [, kind, id = ''] = /^\/(old|new)\/(\d+)$/.exec(path) ?? [];
  if (kind === 'old')
    return `HTTP/1.1 301 Moved\r\nLocation: /new/${isWrong(Number(id)) ? 38 : id}\r\nContent-Length: 5\r\n\r\nmoved`;
  const page = kind === 'new' ? `<title>Page ${id}</title>` : 'no such page';
  return `HTTP/1.1 ${kind === 'new' ? '200 OK' : '404 Not Found'}\r\nContent-Length: ${page.length}\r\n\r\n${page}`;
}

async function startSite(handle: Handle): Promise<Site> {
  let most = 0;
  const asked: string[] = [];
  const server = createServer((socket) => {
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const parts = (rest + bytes.toString('latin1')).split('\r\n\r\n');
      rest = parts.pop() ?? '';
      const paths = parts.map((head) => /^GET (\S+) /.exec(head)?.[1] ?? '');
      most = Math.max(most, paths.length);
      asked.push(...paths);
      handle(paths, socket);
    });
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, most: () => most, asked };
}

async function judge(site: Site, more: { rate?: number; sample?: number } = {}): Promise<RedirectJudgement> {
  const list = Array.from({ length: urls }, (_, id) => `/old/${id} 301 /new/${id}\n`).join('');
  writeFileSync(join(folder, 'list'), list);
  const written = { base: site.url, list: 'list', sample: urls, rate: 0, connections: 2, timeout: '60s', ...more };
  const context = { workspace: folder, signal: AbortSignal.timeout(110_000), allow: ['127.0.0.1'], now: Date.now };
  const report = await compareRedirects(redirectsSchema.parse(written), context);
  expect(new Set(report.answers.map(({ url }) => url)).size).toBe(report.answers.length);
  return judgeRedirects(report, { hops: 1, cache: null });
}

const foundIn = ({ wrong }: RedirectJudgement): string[] =>
  wrong.map(({ expectation, faults }) => `${new URL(expectation.from).pathname} ${faults.join(' ')}`).toSorted();
const planted = ['/old/37 wrong-location'];
const send: Handle = (paths, socket) => socket.write(paths.map(answer).join(''));

describe('URLs that a connection is asked for in a row', () => {
  it('C10 R7 a wrong target among right ones is found, and nothing else', async () => {
    const site = await startSite(send);
    expect(foundIn(await judge(site))).toEqual(planted);
    expect(site.most()).toBeGreaterThan(1);
  });

  it('C10 R7 answers that come in pieces of any size are told apart', async () => {
    const site = await startSite((paths, socket) => {
      const all = paths.map(answer).join('');
      for (let at = 0; at < all.length; at += 7) setImmediate(() => socket.write(all.slice(at, at + 7)));
    });
    expect(foundIn(await judge(site))).toEqual(planted);
  });

  it('C10 R7 a server that mixes up what it is asked in a row is asked for one at a time, and is not believed before', async () => {
    const site = await startSite((paths, socket) => socket.write(paths.toReversed().map(answer).join('')));
    expect(foundIn(await judge(site))).toEqual(planted);
    expect(site.most()).toBeGreaterThan(1);
  });

  it('C10 R7 a connection that is cut among its answers: each of them is asked for again', async () => {
    const site = await startSite((paths, socket) => {
      socket.write(paths.slice(0, 3).map(answer).join(''));
      if (paths.length > 3) socket.end(answer(paths[3] ?? '').slice(0, 30));
    });
    expect(foundIn(await judge(site))).toEqual(planted);
    expect(site.most()).toBeGreaterThan(3);
  });

  it('C10 R7 a URL that ends every connection is unanswered, and no other one is', async () => {
    const site = await startSite((paths, socket) => {
      const at = paths.indexOf('/old/90');
      if (at === -1) send(paths, socket);
      else socket.write(paths.slice(0, at).map(answer).join(''), () => socket.destroy());
    });
    expect(foundIn(await judge(site))).toEqual([...planted, '/old/90 unanswered'].toSorted());
    expect(site.asked.filter((path) => path === '/old/90').length).toBeLessThanOrEqual(4);
  });

  it('C10 R7 a server that ends its connections after each seventh answer is asked on, in a row', async () => {
    const counts = new Map<Socket, number>();
    const site = await startSite((paths, socket) => {
      for (const path of paths) {
        const count = (counts.get(socket) ?? 0) + 1;
        counts.set(socket, count);
        if (count > 7) return;
        const said = answer(path);
        if (count < 7) socket.write(said);
        else socket.end(said.replace('\r\n', '\r\nConnection: close\r\n'));
      }
    });
    expect(foundIn(await judge(site))).toEqual(planted);
    expect(counts.size).toBeGreaterThan(40);
    expect(counts.size).toBeLessThan(urls);
  });

  it('C10 R7 answers in chunks, and pages that are too long to be read whole, are judged as any other', async () => {
    const long = 600_000;
    const site = await startSite((paths, socket) => {
      for (const path of paths) {
        const said = answer(path);
        const [head = '', body = ''] = said.split('\r\n\r\n');
        const chunked = `${head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
        const whole = `${head.replace(/Content-Length: \d+/, `Content-Length: ${long}`)}\r\n\r\n${body.padEnd(long)}`;
        socket.write(path === '/new/90' ? whole : path.endsWith('5') ? chunked : said);
      }
    });
    expect(foundIn(await judge(site))).toEqual(planted);
  });

  it('C10 who asks at a rate waits for each answer', async () => {
    const site = await startSite(send);
    expect(foundIn(await judge(site, { rate: 2_000 }))).toEqual(planted);
    expect(site.most()).toBe(1);
  });
});
