import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startTarget } from '../../tests/doubles/target-server.ts';
import type { Target } from '../../tests/doubles/target-server.ts';
import { toRetryAfterMs } from './retry-after.ts';
import { createTargetPolicy } from './target-policy.ts';
import type { TargetEvent, TargetPolicySettings, TargetReply } from './target-policy.ts';

let target: Target;
let events: TargetEvent[] = [];

beforeAll(async () => {
  target = await startTarget();
});
beforeEach(() => {
  events = [];
  target.calls.length = 0;
});
afterAll(() => target.stop());

/** No try ends by its time where the target answers: the machine may be busy. */
const quick: Partial<TargetPolicySettings> = { backoffMs: 1, backoffMaxMs: 2, timeoutMs: 60_000 };
const kinds = () => events.map(({ kind }) => kind);

function open(settings: Partial<TargetPolicySettings> = {}) {
  const policy = createTargetPolicy({ ...quick, ...settings }, (event) => void events.push(event));
  const call = (path: string, { repeatable = false, signal = new AbortController().signal } = {}) =>
    policy.call({
      host: target.host,
      repeatable,
      signal,
      async send(limit): Promise<TargetReply & { body: string }> {
        const response = await fetch(`${target.url}${path}`, { signal: limit });
        const body = await response.text();
        return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
      },
    });
  return { call, state: () => policy.state(target.host) };
}

describe('calls to targets', () => {
  it('T22 five failures in a row open the circuit: nothing more is sent; four and a success do not', async () => {
    const { call, state } = open();
    for (let nr = 0; nr < 4; nr += 1) expect(await call('/500')).toMatchObject({ kind: 'answered', tries: 1 });
    await call('/ok');
    for (let nr = 0; nr < 4; nr += 1) await call('/500');
    expect(state()).toBe('closed');
    await call('/500');
    expect([state(), kinds()]).toEqual(['open', ['opened']]);
    const sent = target.calls.length;
    const refused = await call('/ok');
    expect(refused).toMatchObject({ kind: 'refused', reason: 'open' });
    expect(refused.kind === 'refused' && refused.retryAfterMs).toBeGreaterThan(30_000);
    expect(target.calls).toHaveLength(sent);
  });

  it('T22 after its time the circuit lets calls try: three successes close it, fewer do not, and one failure opens it', async () => {
    const { call, state } = open({ openMs: 100 });
    for (let nr = 0; nr < 5; nr += 1) await call('/500');
    const rest = () => new Promise((resolve) => setTimeout(resolve, 110));
    await rest();
    await call('/ok');
    await call('/ok');
    expect(state()).toBe('half_open');
    await call('/500');
    expect(state()).toBe('open');
    await rest();
    for (let nr = 0; nr < 3; nr += 1) {
      expect(state()).not.toBe('closed');
      expect(await call('/ok')).toMatchObject({ kind: 'answered', reply: { status: 200 } });
    }
    expect(state()).toBe('closed');
    expect(kinds()).toEqual(['opened', 'half_opened', 'opened', 'half_opened', 'closed']);
  });

  it.each(['/hang', '/short', '/short-chunked', '/reset', '/slow', '/garbage'])(
    'T22 %s counts as a failure of the target, although it may have sent a status',
    async (path) => {
      const isLate = path === '/hang' || path === '/slow';
      const { call, state } = open({ failures: 2, ...(isLate && { timeoutMs: 300 }) });
      expect(await call(path)).toMatchObject({ kind: 'failed', tries: 1 });
      expect(await call(path)).toMatchObject({ kind: 'failed' });
      expect(state()).toBe('open');
      expect(kinds().includes('timed_out')).toBe(isLate);
    },
  );

  it('O13 a call that may be repeated is tried again, and the last answer is given; one that may not is sent once', async () => {
    const { call } = open({ retries: 2 });
    expect(await call('/503', { repeatable: true })).toMatchObject({ reply: { status: 503 }, tries: 3 });
    expect(target.calls).toHaveLength(3);
    expect(await call('/503')).toMatchObject({ tries: 1 });
    expect(target.calls).toHaveLength(4);
    expect(kinds().filter((kind) => kind === 'retried')).toHaveLength(2);
    // The fifth failure in a row opens the circuit: the call ends with what was seen, and its further tries are not made.
    expect(await call('/reset', { repeatable: true })).toMatchObject({ kind: 'failed', tries: 1 });
    expect(kinds()).toContain('opened');
  });

  it('O13 Retry-After of a 429 is waited for, by the next caller of the host, too; longer than allowed is answered at once', async () => {
    const { call, state } = open({ longestPauseMs: 40_000 });
    const stop = new AbortController();
    const waiting = call('/429', { repeatable: true, signal: stop.signal });
    while (!kinds().includes('retried')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events).toMatchObject([
      { kind: 'paused', waitMs: 30_000 },
      { kind: 'retried', host: target.host },
    ]);
    expect(events[1]?.waitMs).toBeGreaterThan(10_000);
    const next = call('/ok', { signal: stop.signal });
    stop.abort();
    expect(await Promise.all([waiting, next])).toEqual([{ kind: 'stopped' }, { kind: 'stopped' }]);
    expect([target.calls.length, state()]).toEqual([1, 'closed']);
    const short = open({ longestPauseMs: 1000 });
    expect(await short.call('/429', { repeatable: true })).toMatchObject({ reply: { status: 429 }, tries: 1 });
    expect(await short.call('/ok')).toMatchObject({ kind: 'refused', reason: 'paused' });
    expect(target.calls).toHaveLength(2);
  });

  it('O13 a caller that stops counts neither for nor against a closed circuit, and never closes a half-open one', async () => {
    const { call, state } = open({ failures: 1, successes: 1, openMs: 20, timeoutMs: 5000 });
    const stopSoon = () => AbortSignal.timeout(50);
    expect(await call('/slow', { signal: stopSoon() })).toEqual({ kind: 'stopped' });
    expect(state()).toBe('closed');
    await call('/500');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await call('/slow', { signal: stopSoon() })).toEqual({ kind: 'stopped' });
    expect(state()).toBe('open');
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 5, 12, 0, 0);
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['Mon, 05 Jan 2026 12:00:10 GMT', 10_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['2026-01-05', null],
    [null, null],
  ])('O13 %s is %s ms', (header, expected) => {
    expect(toRetryAfterMs(header, now)).toBe(expected);
  });
});
