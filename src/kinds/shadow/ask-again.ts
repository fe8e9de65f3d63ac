import { request as requestHttp } from 'node:http';

import type { ShadowAnswer } from '../../core/rollout/shadow/compare-answers.ts';
import { keepUpTo, toTexts } from './forward-request.ts';
import type { Forwarded, Upstream } from './forward-request.ts';

/** How a copy is sent. */
export interface CopyWish {
  upstream: Upstream;
  /** Put over those of the client: the mark of a copy, a credential that may only read. */
  headers: { readonly [name: string]: string };
  limit: number;
  signal: AbortSignal;
}

/** Returns the answer to a copy of a request; `failed` where there is none, `too_large` where it is beyond the limit. Never throws. */
export function askAgain(
  { method, target, headers, body }: Forwarded,
  { upstream: { url, agent }, headers: own, limit, signal }: CopyWish,
): Promise<ShadowAnswer | 'failed' | 'too_large'> {
  return new Promise((resolve) => {
    const merged = { ...headers, ...own, 'content-length': String(body?.length ?? 0) };
    if (body === null || body.length === 0) delete (merged as { [name: string]: unknown })['content-length'];
    const request = requestHttp(
      new URL(url.origin),
      { method, path: target, headers: merged, agent, signal },
      (answer) => {
        const kept = keepUpTo(limit);
        answer.on('data', (chunk: Buffer) => kept.add(chunk));
        answer.once('error', () => resolve('failed'));
        answer.once('aborted', () => resolve('failed'));
        answer.once('end', () => {
          const bytes = kept.finish();
          const status = answer.statusCode ?? 0;
          resolve(
            bytes === null
              ? 'too_large'
              : { status, headers: toTexts(answer.headers), body: Buffer.from(bytes.buffer).toString('utf8') },
          );
        });
      },
    );
    request.once('error', () => resolve('failed'));
    request.end(body ?? undefined);
  });
}
