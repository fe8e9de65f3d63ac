import { createHash } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

import { AwsV4Signer } from 'aws4fetch';

import { createEgressGuard, EgressBlocked } from '../checks/guarded-lookup.ts';
import type { EgressGuard } from '../checks/guarded-lookup.ts';
import { portOf } from '../checks/send-request.ts';
import { nameObject } from './object-place.ts';
import type { ObjectPlace } from './object-place.ts';

/** What surrounds requests to a store of objects. */
export interface ObjectContext {
  /** Private hosts that may be reached, `host` or `host:port`. */
  allow: readonly string[];
  /** Hosts that must not be touched. */
  forbidden: readonly string[];
  signal: AbortSignal;
  /** Milliseconds since the epoch: what is signed holds for a quarter of an hour. */
  now(): number;
}

/** One request to the S3 API. */
export interface ObjectAsk {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Null asks the bucket itself. */
  key: string | null;
  query?: { readonly [name: string]: string };
  headers?: { readonly [name: string]: string };
  body?: Uint8Array;
}

/** Why a store of objects did not do what it was asked; the message names the object, and holds nothing that was signed. */
export class ObjectTrouble extends Error {
  readonly code: string;
  /** Of the answer; null where there was none. */
  readonly status: number | null;
  constructor(code: string, message: string, status: number | null = null) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const silenceMs = 60_000;

/** Sends one signed request and returns the answer, its body still to be read. The bytes of the body are signed, too (Signature Version 4), so that a changed one is refused. */
export async function askObjects(place: ObjectPlace, ask: ObjectAsk, context: ObjectContext): Promise<IncomingMessage> {
  const url = toUrl(place, ask);
  const guard = createEgressGuard(context.allow);
  const port = portOf(url);
  if (context.forbidden.includes(url.hostname) || context.forbidden.includes(`${url.hostname}:${port}`))
    throw new ObjectTrouble('forbidden', `${url.host}: it is a host of production, which must not be touched here`);
  assertReachable(guard, url);
  context.signal.throwIfAborted();
  const headers = await sign(url, place, { ...ask, now: context.now() });
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = { method: ask.method, headers, lookup: guard.lookupFor(port), timeout: silenceMs };
  const request = send(url, { ...options, signal: context.signal });
  request.on('response', resolve);
  request.on('error', reject);
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  request.end(ask.body);
  try {
    return await promise;
  } catch (error) {
    context.signal.throwIfAborted();
    throw new ObjectTrouble(
      'unreachable',
      `${nameObject(place)}: expected an answer of ${url.host}, got ${(error as Error).message}`,
    );
  }
}

function assertReachable(guard: EgressGuard, url: URL): void {
  try {
    guard.assertLiteral(url.hostname, portOf(url));
  } catch (error) {
    throw error instanceof EgressBlocked ? new ObjectTrouble('blocked', `${url.host}: ${error.message}`) : error;
  }
}

function toUrl({ endpoint, bucket }: ObjectPlace, { key, query = {} }: ObjectAsk): URL {
  const url = new URL(endpoint);
  const path = key === null ? bucket : `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

async function sign(
  url: URL,
  { keyId, secret, region }: ObjectPlace,
  { method, headers = {}, body, now }: ObjectAsk & { now: number },
): Promise<{ [name: string]: string }> {
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers, 'x-amz-content-sha256': digest },
    service: 's3',
    region,
    accessKeyId: keyId,
    secretAccessKey: secret,
    datetime: new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, ''),
  });
  const signed = await signer.sign();
  const length: { [name: string]: string } = body === undefined ? {} : { 'content-length': String(body.length) };
  return { ...Object.fromEntries(signed.headers), ...length };
}
