import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

export interface TargetCall {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A small real HTTP server that behaves well or badly by path. */
export interface Target {
  url: string;
  /** `127.0.0.1:port`, for the environment's allow list. */
  host: string;
  calls: TargetCall[];
  /** Stops the server; throws when a path was called that the double does not have, so that no test passes on a wrong URL. */
  stop(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

const zeros = Buffer.alloc(64 * 1024);

function* zeroBytes(total: number): Generator<Buffer> {
  for (let sent = 0; sent < total; sent += zeros.length) yield zeros;
}

const answers: { [path: string]: Answer } = {
  '/ok': (_request, response) => sendJson(response, 200, { status: 'ok', version: '1.8.0', items: [{ id: 7 }] }),
  '/503': (_request, response) => sendJson(response, 503, { status: 'down' }),
  '/500': (_request, response) => sendJson(response, 500, { status: 'broken' }),
  '/429': (_request, response) => response.writeHead(429, { 'retry-after': '30' }).end('slow down'),
  '/slow': (_request, response) => void setTimeout(() => sendJson(response, 200, { status: 'late' }), 20_000).unref(),
  '/hang': (_request, response) => response.writeHead(200, { 'content-length': '10' }).write('half'),
  '/trickle': (_request, response) => trickle(response),
  '/short': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('short', () => response.socket?.destroy());
  },
  '/short-chunked': (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"status":"ok"', () => response.socket?.destroy());
  },
  '/short-gzip': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.write(Buffer.from('1f8b0800000000000003', 'hex'), () => response.socket?.destroy());
  },
  // The packed data is whole, the message that carries it is not: more may have been meant to follow.
  '/short-whole-gzip': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.write(gzipSync('{"status":"ok"}'), () => setTimeout(() => response.socket?.destroy(), 100));
  },
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/garbage': (request) => request.socket.end('HTTP/9 not a status line\r\n\r\n'),
  '/huge': (_request, response) =>
    void pipeline(Readable.from(zeroBytes(10 * 1024 ** 3)), response.writeHead(200)).catch(() => {}),
  '/bomb': (_request, response) =>
    void pipeline(
      Readable.from(zeroBytes(10 * 1024 ** 3)),
      createGzip(),
      response.writeHead(200, { 'content-encoding': 'gzip' }),
    ).catch(() => {}),
  '/not-gzip': (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip'),
  '/odd-encoding': (_request, response) => response.writeHead(200, { 'content-encoding': 'rot13' }).end('uryyb'),
  '/gzip': async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    await pipeline(Readable.from(['{"packed":true}']), createGzip(), response);
  },
  '/endless-headers': (request) => endlessHeaders(request.socket),
  '/secret': (_request, response) => sendJson(response, 200, { token: 'canary-7f3a9c51d2' }),
  '/html': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works</h1>'),
  '/binary': (_request, response) =>
    response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([0x89, 0x50, 0xff, 0, 0xfe])),
  '/switch': (request) =>
    request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n'),
  '/empty-gzip': (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
  '/no-content': (_request, response) => response.writeHead(204).end(),
  '/echo': (request, response) => sendJson(response, 200, { method: request.method!, headers: request.headers }),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
};

/** Starts the target on a port of 127.0.0.1. `/redirect?to=URL&status=302` redirects, `/chain?left=N` redirects N times and then answers. */
export async function startTarget(): Promise<Target> {
  const calls: TargetCall[] = [];
  const unexpected: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://target');
    const answer = answers[url.pathname] ?? redirectFor(url);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      if (!answer) unexpected.push(`${request.method} ${request.url}`);
      void (answer ?? ((_request, refused) => refused.writeHead(418).end()))(request, response);
    });
    response.on('error', () => {});
  });
  server.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (unexpected.length > 0)
      throw new Error(`target double: expected known paths only, got ${unexpected.join(', ')}`);
  };
  return { url: `http://${host}`, host, calls, stop };
}

function redirectFor(url: URL): Answer | null {
  if (url.pathname === '/redirect') {
    const status = Number(url.searchParams.get('status') ?? 302);
    return (_request, response) => response.writeHead(status, { location: url.searchParams.get('to') ?? '/ok' }).end();
  }
  if (url.pathname !== '/chain') return null;
  const left = Number(url.searchParams.get('left'));
  return (_request, response) =>
    response.writeHead(301, { location: left <= 1 ? '/ok' : `/chain?left=${left - 1}` }).end();
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function trickle(response: ServerResponse): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write('.'), 50);
  response.on('close', () => clearInterval(timer));
}

function endlessHeaders(socket: Socket): void {
  socket.on('error', () => {});
  socket.write('HTTP/1.1 200 OK\r\n');
  const line = `x-filler: ${'y'.repeat(8000)}\r\n`;
  const more = (): void => {
    while (!socket.destroyed && socket.write(line));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
}
