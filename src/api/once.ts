import { createHash } from 'node:crypto';

import { canonicalize } from '@tminus/verify';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ProductError } from '../core/error/product-error.ts';
import { finishRequest, takeRequest } from '../store/api-request.ts';
import type { Store } from '../store/open-store.ts';

const keyHeader = 'idempotency-key';

/** What a repeated request gets instead of being carried out again. */
export interface KeptAnswer {
  status: number;
  body: string;
}

/**
 * Carries out a change once for its `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): the same request again within 24 hours gets the first answer,
 * marked with `Idempotency-Replayed`. Another request with the key, or one that comes while the first is under way, is refused with `key_reused`. A change that
 * failed leaves its key free. An answer that holds a secret is not kept: its repetition is refused. Without a key everything is carried out as it comes.
 */
export async function carryOutOnce(
  store: Store,
  { request, account, isSecret }: { request: FastifyRequest; account: string; isSecret: boolean },
  reply: FastifyReply,
  carryOut: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const key = readKey(request);
  if (key === null) return carryOut();
  const of = { account, key, request: digestOf(request) };
  const taken = await takeRequest(store, of);
  if (taken.state === 'done') {
    if (isSecret) throw reused(key, 'secret');
    reply.header('idempotency-replayed', 'true');
    return taken.answer;
  }
  if (taken.state !== 'first') throw reused(key, taken.state);
  try {
    const answer = await carryOut();
    await finishRequest(store, of, isSecret ? { ...answer, body: '' } : answer);
    return answer;
  } catch (error) {
    await finishRequest(store, of, null);
    throw error;
  }
}

function readKey({ headers }: FastifyRequest): string | null {
  const key = headers[keyHeader];
  if (key === undefined) return null;
  if (typeof key === 'string' && /^[\w.:~-]{8,200}$/u.test(key)) return key;
  throw new ProductError('request_invalid', 'header Idempotency-Key: expected 8 to 200 letters, digits and ._:~-', {
    hint: 'send a random UUID, new for every change and the same for its repetitions',
  });
}

function digestOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(canonicalize({ method, url, body: body ?? null }))
    .digest();
}

function reused(key: string, state: keyof typeof reuses): ProductError {
  const { got, hint } = reuses[state];
  return new ProductError('key_reused', `idempotency key ${key}: expected one that is free, got ${got}`, { hint });
}

const reuses = {
  other: { got: 'the one of another request', hint: 'take a new key for a new request' },
  open: { got: 'the one of a request that is under way', hint: 'wait a moment and repeat the request' },
  secret: {
    got: 'the one of a request that was carried out, whose answer was shown once',
    hint: 'look whether the first answer came; if not, end what it made and ask anew under a new key',
  },
} as const;
