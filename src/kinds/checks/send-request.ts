import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { Trouble } from '@tminus/verify';

import type { EgressGuard } from './guarded-lookup.ts';
import { toNetworkTrouble } from './network-trouble.ts';

/** One request of one hop. Redirects are the caller's matter, because each hop has to be judged again. */
export interface HopRequest {
  method: string;
  url: URL;
  headers: { [name: string]: string };
  body: string | null;
  ca: string | null;
  /** Largest body in bytes, counted after decompression. */
  limit: number;
  guard: EgressGuard;
  signal: AbortSignal;
}

export interface HopResponse {
  status: number;
  httpVersion: string;
  headers: { [name: string]: string | string[] };
  body: Uint8Array;
  remoteAddress: string | null;
  timings: { connectMs: number | null; firstByteMs: number; totalMs: number };
  tls: { protocol: string | null; validFrom: string; validTo: string } | null;
}

export type HopResult = { ok: true; response: HopResponse } | { ok: false; trouble: Trouble };

/** Where in the exchange the request stands, so that a time limit says what it waited for. */
type Stage = 'connect' | 'response' | 'body';

/**
 * Sends one request over a connection of its own and reads the answer whole. Never throws for what a target does:
 * refusal, reset, a name that does not resolve, a bad certificate, silence, a short, oversized or undecodable body each end as their own trouble.
 */
export async function sendRequest(hop: HopRequest): Promise<HopResult> {
  const stage: { now: Stage } = { now: 'connect' };
  try {
    return await exchange(hop, stage);
  } catch (error) {
    if (hop.signal.aborted) return { ok: false, trouble: toAbortTrouble(hop, stage.now) };
    return {
      ok: false,
      trouble: stage.now === 'body' ? toBodyTrouble(error, hop) : toNetworkTrouble(error, hop.url.host),
    };
  }
}

async function exchange(hop: HopRequest, stage: { now: Stage }): Promise<HopResult> {
  hop.guard.assertLiteral(hop.url.hostname, portOf(hop.url));
  hop.signal.throwIfAborted();
  const startedAt = performance.now();
  const elapsed = (): number => Math.round((performance.now() - startedAt) * 100) / 100;
  const request = openRequest(hop);
  let connectMs: number | null = null;
  request.once('socket', (socket) => {
    socket.once(hop.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connectMs = elapsed();
      stage.now = 'response';
    });
  });
  try {
    const message = await answerTo(request, hop);
    const firstByteMs = elapsed();
    stage.now = 'body';
    const seen = describeResponse(message);
    const body = await readBody(message, hop);
    if (body === 'too_large')
      return {
        ok: false,
        trouble: {
          code: 'too_large',
          message: `${hop.url.host}: expected a body of at most ${hop.limit} bytes, got more`,
        },
      };
    return { ok: true, response: { ...seen, body, timings: { connectMs, firstByteMs, totalMs: elapsed() } } };
  } finally {
    request.destroy();
  }
}

function openRequest(hop: HopRequest): ClientRequest {
  const options: RequestOptions & { ca?: string } = {
    method: hop.method,
    headers: { 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'tminus', ...hop.headers },
    lookup: hop.guard.lookupFor(portOf(hop.url)),
    maxHeaderSize: 64 * 1024,
    // A connection of its own, closed at the end: a kept one would skip the guard for the next check.
    agent:
      hop.url.protocol === 'https:'
        ? new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 })
        : new HttpAgent({ keepAlive: false }),
    ...(hop.ca === null ? {} : { ca: hop.ca }),
  };
  return hop.url.protocol === 'https:' ? requestHttps(hop.url, options) : requestHttp(hop.url, options);
}

function answerTo(request: ClientRequest, hop: HopRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const abort = (): void => void request.destroy(new Error('aborted'));
    hop.signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => hop.signal.removeEventListener('abort', abort));
    request.once('response', resolve);
    request.on('error', reject);
    // An answer that is none (101 without having been asked) closes the connection without an error.
    request.once('close', () =>
      reject(Object.assign(new Error('the connection closed without an answer'), { code: 'HPE_NO_ANSWER' })),
    );
    request.end(hop.body ?? undefined);
  });
}

function describeResponse(message: IncomingMessage): Omit<HopResponse, 'body' | 'timings'> {
  return {
    status: message.statusCode ?? 0,
    httpVersion: message.httpVersion,
    headers: toHeaders(message),
    remoteAddress: message.socket.remoteAddress ?? null,
    tls: message.socket instanceof TLSSocket ? toTls(message.socket) : null,
  };
}

/** Names in lower case; a header that came more than once and cannot be joined (set-cookie) is a list. */
function toHeaders(message: IncomingMessage): { [name: string]: string | string[] } {
  const entries = Object.entries(message.headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined && entry[0] !== '__proto__',
  );
  return Object.fromEntries(entries);
}

function toTls(socket: TLSSocket): HopResponse['tls'] {
  const certificate = socket.getPeerCertificate();
  if (!certificate?.valid_to) return null;
  return {
    protocol: socket.getProtocol(),
    validFrom: toInstant(certificate.valid_from),
    validTo: toInstant(certificate.valid_to),
  };
}

/** The body after decompression, cut off as soon as it outgrows the limit: a bomb is never unpacked further than that. */
async function readBody(message: IncomingMessage, hop: HopRequest): Promise<Uint8Array | 'too_large'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of decoded(message, hop.method) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > hop.limit) return 'too_large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** RFC 9110 section 6.4.1: answers to HEAD, 204 and 304 announce an encoding of content that is not there. */
function decoded(message: IncomingMessage, method: string): Readable {
  if (method === 'HEAD' || message.statusCode === 204 || message.statusCode === 304) return message;
  const encoding = (message.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return message;
  const decoder = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    encoding
  ];
  if (!decoder) throw Object.assign(new Error(`content-encoding ${encoding} is not known`), { code: 'Z_UNKNOWN' });
  const unpacked = decoder();
  message.on('error', (error) => unpacked.destroy(error));
  message.on('aborted', () =>
    unpacked.destroy(Object.assign(new Error('the connection closed early'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })),
  );
  return message.pipe(unpacked);
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

function toBodyTrouble(error: unknown, hop: HopRequest): Trouble {
  const trouble = toNetworkTrouble(error, hop.url.host);
  return trouble.code === 'reset' || trouble.code === 'network_error' ? { ...trouble, code: 'body_short' } : trouble;
}

/** The caller's reason tells its own time limit from a cancellation by the engine. */
function toAbortTrouble(hop: HopRequest, stage: Stage): Trouble {
  const isTimeout = (hop.signal.reason as Error | undefined)?.name === 'TimeoutError';
  const waited = { connect: 'a connection', response: 'the first byte of an answer', body: 'the rest of the body' }[
    stage
  ];
  if (isTimeout)
    return { code: `timeout_${stage}`, message: `${hop.url.host}: the time limit ended while waiting for ${waited}` };
  return { code: 'aborted', message: `${hop.url.host}: cancelled while waiting for ${waited}` };
}

/** OpenSSL's `Dec  5 14:00:00 2026 GMT` as RFC 3339. */
function toInstant(text: string): string {
  return new Date(text).toISOString();
}
