import { createHash } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import type { Identity } from '../engine/identity/identity.ts';
import { addressKey } from './address-key.ts';
import type { ApiParts } from './api-parts.ts';
import { createCounts, windowMs } from './shared-counts.ts';
import type { Counts } from './shared-counts.ts';
import { toHeaders } from './to-headers.ts';

/** Session cookies of this product, with and without the prefix of https. */
const sessionCookie = /(?:^|;\s*)(?:__Host-|__Secure-)?tminus\.session[^=]*=([^;]+)/u;
/** How long a token or session that was good is looked up whatever else comes from its address. */
const knownMs = 60_000;
const mostKnown = 10_000;

type Parts = Pick<ApiParts, 'identity' | 'limits'>;

interface Seen {
  /** Digests of what was good, and until when. */
  known: Map<string, number>;
  /** How many that nobody knows came from an address. */
  madeUp: Counts;
}

/** One for each server. */
const memories = new WeakMap<Parts, Seen>();

const askers = new WeakMap<FastifyRequest, Identity | null>();

/** Finds out who asks, once for a request, before anything is counted or done for them. */
export async function identifyAsker(parts: Parts, request: FastifyRequest): Promise<void> {
  askers.set(request, await findAsker(parts, request));
}

/** Who asks, as `identifyAsker` found out; null for nobody. */
export function askerOf(request: FastifyRequest): Identity | null {
  return askers.get(request) ?? null;
}

/**
 * Returns who asks; null for nobody. An address that has sent more made-up tokens and sessions in a minute than it may make requests has no further ones looked up, so that
 * the store is not asked by guessing (A40); what was good a moment ago goes on being good.
 */
async function findAsker(parts: Parts, request: FastifyRequest): Promise<Identity | null> {
  const { identity, limits } = parts;
  const credential = credentialOf(request);
  if (credential === null) return null;
  const { known, madeUp } = memoryOf(parts);
  const address = addressKey(request);
  const isKnown = (known.get(credential) ?? 0) > performance.now();
  if (!isKnown && madeUp.read(address) >= limits.anonymous) return null;
  const found = await identity.identify({ headers: toHeaders(request), ip: request.ip });
  if (found === null) {
    known.delete(credential);
    madeUp.add(address, windowMs);
    return null;
  }
  if (known.size >= mostKnown) known.clear();
  known.set(credential, performance.now() + knownMs);
  return found;
}

function memoryOf(parts: Parts): Seen {
  const seen = memories.get(parts) ?? { known: new Map(), madeUp: createCounts() };
  memories.set(parts, seen);
  return seen;
}

/** Digest of what opens something; null where a request has nothing of the kind. */
function credentialOf({ headers: { authorization = '', cookie = '' } }: FastifyRequest): string | null {
  if (/^bearer\b/iu.test(authorization)) return digest(`token ${authorization.slice('bearer '.length)}`);
  const session = sessionCookie.exec(cookie)?.[1];
  return session === undefined ? null : digest(`session ${session}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
