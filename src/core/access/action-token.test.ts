import { digestOf, sha256Hex } from '@tminus/verify';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { nowMs } from './access.fixture.ts';
import { issueActionToken, redeemActionToken, tokenLifeSeconds } from './action-token.ts';
import type { TokenSubject } from './action-token.ts';
import { equalsInConstantTime } from './equals-in-constant-time.ts';

const random = createHash('sha256').update('a test').digest();
const subject: TokenSubject = {
  launch: 'shop',
  planHash: sha256Hex('plan'),
  candidateSha256: sha256Hex('candidate'),
  environment: 'production',
  action: 'switch',
  payloadSha256: sha256Hex('payload'),
  renderedSha256: sha256Hex('page'),
  executorBuildSha256: sha256Hex('build'),
};

function issue(lifeSeconds?: number) {
  const issued = issueActionToken({ random, subject, nowMs, ...(lifeSeconds === undefined ? {} : { lifeSeconds }) });
  if (!issued.ok) throw new Error(issued.fault);
  return issued;
}

describe('a token for one action', () => {
  it('D29 opens what it was issued for, once', () => {
    const { text, stored } = issue();
    const first = redeemActionToken(stored, text, subject, nowMs + 1000);
    expect(first).toMatchObject({ ok: true, stored: { usedAt: '2026-12-05T12:00:01.000Z' } });
    expect(redeemActionToken(first.ok ? first.stored : null, text, subject, nowMs + 2000)).toMatchObject({
      ok: false,
      reason: 'it was used at 2026-12-05T12:00:01.000Z',
    });
  });

  it('D29 has 256 bits, and its row holds its digest and nothing of its text', () => {
    const { text, stored } = issue();
    expect(Buffer.from(text.slice('tma_'.length), 'base64url')).toEqual(random);
    expect(JSON.stringify(stored)).not.toContain(text.slice(4, 16));
    expect(stored.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(stored.subjectSha256).toBe(digestOf(subject));
  });

  it('D29 lives 1800 seconds unless told otherwise, from 60 to 86400, to the millisecond', () => {
    expect(tokenLifeSeconds).toEqual({ min: 60, standard: 1800, max: 86_400 });
    for (const life of [undefined, 60, 86_400]) {
      const { text, stored } = issue(life);
      const endMs = nowMs + (life ?? 1800) * 1000;
      expect(redeemActionToken(stored, text, subject, endMs - 1).ok).toBe(true);
      expect(redeemActionToken(stored, text, subject, endMs)).toMatchObject({
        ok: false,
        reason: expect.stringContaining('expired'),
      });
    }
    for (const life of [59, 86_401, 0, -1, 1.5, NaN, Infinity])
      expect(issueActionToken({ random, subject, nowMs, lifeSeconds: life }).ok, `${life} seconds`).toBe(false);
  });

  it.each(Object.keys(subject) as (keyof TokenSubject)[])('D29 does not open anything with another %s', (field) => {
    const { text, stored } = issue();
    const redeemed = redeemActionToken(stored, text, { ...subject, [field]: sha256Hex('other') }, nowMs);
    expect(redeemed).toMatchObject({ ok: false, reason: 'it was issued for something else' });
  });

  it('A48 gives one answer to every refusal', () => {
    const { text, stored } = issue();
    const refusals = [
      redeemActionToken(null, text, subject, nowMs),
      redeemActionToken(stored, `${text}x`, subject, nowMs),
      redeemActionToken(stored, '', subject, nowMs),
      redeemActionToken(stored, text, { ...subject, action: 'other' }, nowMs),
      redeemActionToken(stored, text, subject, nowMs + 1e9),
      redeemActionToken({ ...stored, usedAt: 'x' }, text, subject, nowMs),
      redeemActionToken({ ...stored, expiresAt: 'never' }, text, subject, nowMs),
      redeemActionToken(stored, text, subject, nowMs - 1),
    ];
    expect(refusals.map(({ ok }) => ok)).toEqual(refusals.map(() => false));
    expect(new Set(refusals.map((each) => (each.ok ? '' : each.answer)))).toEqual(
      new Set(['the token does not open this action']),
    );
    expect(new Set(refusals.map((each) => (each.ok ? '' : each.reason))).size).toBeGreaterThan(4);
  });

  it.each([
    ['31 bytes', random.subarray(1)],
    ['33 bytes', Buffer.concat([random, random.subarray(0, 1)])],
    ['zeros', Buffer.alloc(32)],
    ['one byte again and again', Buffer.alloc(32, 7)],
  ])('D29 is not made from %s', (_, bytes) => {
    expect(issueActionToken({ random: bytes, subject, nowMs }).ok).toBe(false);
  });
});

describe('comparing digests', () => {
  const digest = sha256Hex('token');

  it('A48 finds a difference at every place and in every length', () => {
    expect(equalsInConstantTime(digest, sha256Hex('token'))).toBe(true);
    for (let place = 0; place < digest.length; place += 1) {
      expect(equalsInConstantTime(digest, flipped(place)), `at ${place}`).toBe(false);
    }
    for (const other of ['', digest.slice(1), `${digest}0`]) expect(equalsInConstantTime(digest, other)).toBe(false);
  });

  // Over long texts, so that a comparison that ends early is far off and the noise of the machine is not.
  const long = digest.repeat(64);
  const early = `#${long.slice(1)}`;
  const late = `${long.slice(0, -1)}#`;

  it('A48 takes the same time for a difference at the first and at the last place, over 10,000 tries', () => {
    // What shows the place shows it each time; what a busy machine adds does not.
    expect(Math.min(...[1, 2, 3, 4, 5].map(() => slowdown(equalsInConstantTime)))).toBeLessThan(1.25);
  });

  it('A48 (negative control) the same measurement tells a comparison that stops at the first difference', () => {
    expect(slowdown(stopsEarly)).toBeGreaterThan(3);
  });

  /** Time for a late difference over that for an early one, as medians of tries in turn. Above 1 the place shows. */
  function slowdown(compare: (a: string, b: string) => boolean): number {
    const times: Record<'early' | 'late', number[]> = { early: [], late: [] };
    for (let attempt = 0; attempt < 10_000; attempt += 1) {
      const which = attempt % 2 === 0 ? 'early' : 'late';
      const other = which === 'early' ? early : late;
      const startedAt = process.hrtime.bigint();
      compare(long, other);
      times[which].push(Number(process.hrtime.bigint() - startedAt));
    }
    return median(times.late) / median(times.early);
  }

  function flipped(place: number): string {
    return digest.slice(0, place) + (digest[place] === '0' ? '1' : '0') + digest.slice(place + 1);
  }
});

function stopsEarly(a: string, b: string): boolean {
  for (let index = 0; index < a.length; index += 1) if (a.charCodeAt(index) !== b.charCodeAt(index)) return false;
  return true;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
