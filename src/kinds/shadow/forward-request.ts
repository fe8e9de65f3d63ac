import type { Agent, IncomingMessage, ServerResponse } from 'node:http';
import { request as requestHttp } from 'node:http';

/** Names that belong to one connection (RFC 9110 section 7.6.1). */
const ofOneHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
]);

/** Where requests go on to. */
export interface Upstream {
  url: URL;
  agent: Agent;
}

/** A request that has been answered: what is needed to ask it again, and what the answer was. Bodies that were too large are null. */
export interface Forwarded {
  method: string;
  target: string;
  headers: { [name: string]: string | string[] };
  body: Uint8Array | null;
  answer: { status: number; headers: { [name: string]: string }; body: Uint8Array | null };
}

/** Up to how many bytes of a body are kept, and what becomes of them once the client has its answer. */
export interface Keeping {
  limit: number;
  done: (forwarded: Forwarded) => void;
}

/**
 * Sends a request on to the stable arm and its answer back, chunk by chunk, and calls `done` once the client has all of it. Where nothing is to be kept, nothing is: bytes
 * only go through. Whatever becomes of the copy, the client has had its answer.
 */
export function forwardRequest(
  client: { request: IncomingMessage; response: ServerResponse },
  { url, agent }: Upstream,
  keep: Keeping | null,
): void {
  const { request, response } = client;
  const { method = 'GET', url: target = '/' } = request;
  const headers = withoutHop(request.headers);
  const { hostname, port } = url;
  const sent = keep && keepUpTo(keep.limit);
  const upstream = requestHttp(
    { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, method, path: target, headers, agent },
    (answer) => {
      const status = answer.statusCode ?? 502;
      response.writeHead(status, withoutHop(answer.headers));
      answer.pipe(response);
      answer.once('aborted', () => response.destroy());
      if (keep === null || sent === null) return;
      const got = keepUpTo(keep.limit);
      answer.on('data', (chunk: Buffer) => got.add(chunk));
      response.once('finish', () =>
        keep.done({
          method,
          target,
          headers,
          body: sent.finish(),
          answer: { status, headers: toTexts(answer.headers), body: got.finish() },
        }),
      );
    },
  );
  // The client's own fate: an arm that cannot be reached is a 502, and a client that leaves ends its request.
  upstream.once('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end('the stable arm did not answer\n');
  });
  response.once('close', () => upstream.destroy());
  if (sent !== null) request.on('data', (chunk: Buffer) => sent.add(chunk));
  request.pipe(upstream);
}

/** Returns headers as they may go on. */
export function withoutHop(headers: IncomingMessage['headers']): { [name: string]: string | string[] } {
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofOneHop.has(name) || named.includes(name) ? [] : [[name, value]],
    ),
  );
}

/** Returns headers as texts, for comparing. */
export function toTexts(headers: IncomingMessage['headers']): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Keeps chunks until there are too many bytes of them; then none. What it gives has a memory of its own, so that it can change hands. */
export function keepUpTo(limit: number): { add(chunk: Buffer): void; finish(): Uint8Array | null } {
  let chunks: Buffer[] = [];
  let size = 0;
  return {
    add(chunk) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks = [];
    },
    finish() {
      if (size > limit) return null;
      const whole = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
      }
      return whole;
    },
  };
}
