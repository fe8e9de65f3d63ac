import type { ErrorCode } from '../../core/error/error-codes.ts';
import { errorCodes } from '../../core/error/error-codes.ts';

/** A refusal: what went wrong and what to do next. */
export interface Refusal {
  code: ErrorCode;
  detail: string;
  hint: string;
  /** Word of the library, where it is the library that refuses; null for one of ours. */
  reason?: string | null;
  retryAfterSeconds?: number;
}

/** Returns a refusal as problem details (RFC 9457), with the same members as every other answer of the API. */
export function problemResponse(
  status: number,
  { code, detail, hint, reason = null, retryAfterSeconds }: Refusal,
): Response {
  const headers = new Headers({
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', `${retryAfterSeconds}`);
  const said = { type: `tminus:error/${code}`, title: code.replaceAll('_', ' '), status, detail, code, hint, reason };
  const members = { ...said, instance: '', retry: errorCodes[code].retry, at: null, current: null };
  return new Response(JSON.stringify(members), { status, headers });
}
