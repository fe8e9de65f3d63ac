import { canonicalize } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { clockSkewMs, toInstantMs } from '../../core/gate/instant.ts';

/** How long somebody may take between being shown a statement and signing it. */
export const signingLimitMs = 5 * 60_000;

/** What has changed, in plain words, by the field that tells it. */
export interface StaleWords {
  readonly [field: string]: string;
}

interface Spoken {
  person: string;
  signedAt: string;
}

const common = {
  launch: 'it is about another launch',
  planHash: 'the plan has changed since',
  candidateSha256: 'the candidate is another now',
  environment: 'it is about another environment',
};

/**
 * Returns only where a signed statement is the very one that would be prepared now (A28). Throws `statement_stale` with everything that is
 * not as it was shown: nobody has signed for what stands now. `current` is prepared anew from what a person says freely in `said`.
 */
export function assertCurrent<Statement extends Spoken>(
  said: Statement,
  current: Statement,
  { words, now }: { words: StaleWords; now: string },
): void {
  const faults = [...timeFaults(said.signedAt, Date.parse(now)), ...differences(said, current, words)];
  if (faults.length === 0) return;
  throw new ProductError(
    'statement_stale',
    `statement of ${said.person}: expected what stands now, got what was shown before: ${faults.join('; ')}`,
    { hint: 'nothing was written; read it again, and sign what it shows now' },
  );
}

function timeFaults(signedAt: string, nowMs: number): string[] {
  const signedMs = toInstantMs(signedAt);
  if (signedMs === null) return ['its time cannot be read'];
  if (signedMs > nowMs + clockSkewMs) return ['it is from the future'];
  return nowMs - signedMs > signingLimitMs ? ['it was shown more than five minutes ago'] : [];
}

function differences(said: object, current: object, words: StaleWords): string[] {
  const known = new Map<string, string>(Object.entries({ ...common, ...words }));
  const was = new Map<string, unknown>(Object.entries(said));
  const is = new Map<string, unknown>(Object.entries(current));
  const changed = [...new Set([...is.keys(), ...was.keys()])].filter(
    (field) => canonicalize(was.get(field) ?? null) !== canonicalize(is.get(field) ?? null),
  );
  return [...new Set(changed.map((field) => known.get(field) ?? `${field} is another`))];
}
