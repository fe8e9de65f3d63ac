import { digestOf, sha256Hex } from '@tminus/verify';
import type { Binding } from '@tminus/verify';

import { toInstantMs } from '../gate/instant.ts';
import { equalsInConstantTime } from './equals-in-constant-time.ts';

/** What a token opens: one action, as approved, by one build of the executor (D29). */
export interface TokenSubject extends Binding {
  action: string;
  /** Digest of the payload of the action. */
  payloadSha256: string;
  /** Digest of what the approver was shown. */
  renderedSha256: string;
  /** Digest of the program that will carry it out. */
  executorBuildSha256: string;
}

/** A token as it is kept: its text is nowhere, only its digest. */
export interface StoredToken {
  sha256: string;
  subjectSha256: string;
  /** RFC 3339, UTC. */
  issuedAt: string;
  expiresAt: string;
  usedAt: string | null;
}

/** Life of a token, in seconds. */
export const tokenLifeSeconds = { min: 60, standard: 1800, max: 86_400 };

const prefix = 'tma_';
const tokenBytes = 32;

/** What issuing a token rests on. The random bytes come from the system's generator, by the caller. */
export interface TokenWish {
  random: Uint8Array;
  subject: TokenSubject;
  nowMs: number;
  lifeSeconds?: number;
}

export type IssuedToken = { ok: true; text: string; stored: StoredToken } | { ok: false; fault: string };

/** A token of 256 bits for one action: the text for whoever asked, once, and the row to keep. */
export function issueActionToken({
  random,
  subject,
  nowMs,
  lifeSeconds = tokenLifeSeconds.standard,
}: TokenWish): IssuedToken {
  const { min, max } = tokenLifeSeconds;
  if (random.length !== tokenBytes)
    return { ok: false, fault: `expected ${tokenBytes} random bytes, got ${random.length}` };
  // A generator that failed gives zeros, or one byte again and again.
  if (new Set(random).size < 8) return { ok: false, fault: 'expected random bytes, got a repetition' };
  if (!Number.isInteger(lifeSeconds) || lifeSeconds < min || lifeSeconds > max) {
    return { ok: false, fault: `expected a life from ${min} to ${max} seconds, got ${lifeSeconds}` };
  }
  const text = prefix + Buffer.from(random).toString('base64url');
  const issuedAt = new Date(nowMs).toISOString();
  const expiresAt = new Date(nowMs + lifeSeconds * 1000).toISOString();
  return {
    ok: true,
    text,
    stored: { sha256: sha256Hex(text), subjectSha256: digestOf(subject), issuedAt, expiresAt, usedAt: null },
  };
}

/** One answer for every refusal, so that whoever tries tokens learns nothing. `reason` is for the audit log only. */
export type Redemption = { ok: true; stored: StoredToken } | { ok: false; answer: typeof refusal; reason: string };

const refusal = 'the token does not open this action';
/** Digest that no token has; compared with where none is found, so that an unknown token takes as long as a known one. */
const nothing = '0'.repeat(64);

/**
 * Takes a token: once, in time, for the very subject it was issued for. The row that comes back says that it was used; the store writes it only where
 * `used_at` is still null, and takes no row written for a refusal, so that of two at once one wins.
 */
export function redeemActionToken(
  stored: StoredToken | null,
  presented: string,
  subject: TokenSubject,
  nowMs: number,
): Redemption {
  const isKnown = equalsInConstantTime(stored?.sha256 ?? nothing, sha256Hex(presented));
  const isAbout = equalsInConstantTime(stored?.subjectSha256 ?? nothing, digestOf(subject));
  const reason =
    stored === null || !isKnown
      ? 'no such token'
      : isAbout
        ? timeFault(stored, nowMs)
        : 'it was issued for something else';
  if (stored === null || reason !== null) return { ok: false, answer: refusal, reason: reason ?? 'no such token' };
  return { ok: true, stored: { ...stored, usedAt: new Date(nowMs).toISOString() } };
}

function timeFault({ usedAt, issuedAt, expiresAt }: StoredToken, nowMs: number): string | null {
  if (usedAt !== null) return `it was used at ${usedAt}`;
  const issued = toInstantMs(issuedAt);
  const expires = toInstantMs(expiresAt);
  if (issued === null || expires === null) return 'its times cannot be read';
  if (issued > nowMs) return 'it is from the future';
  return expires <= nowMs ? `it expired at ${expiresAt}` : null;
}
