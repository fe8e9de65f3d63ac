import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestApi } from './open-api.ts';
import type { TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ limits: { anonymous: 25, session: 30, token: 40, signIn: 8 } });
});
afterAll(() => api.close());

const own = '/api/me';

interface Seen {
  status: number;
  retryAfter: string | null;
}

/** Asks so often, one after another, with headers that may differ each time. */
async function ask(times: number, path: string, headers: (turn: number) => Record<string, string>): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let turn = 0; turn < times; turn++) {
    const answer = await fetch(`${api.url}${path}`, { headers: headers(turn) });
    await answer.arrayBuffer();
    seen.push({ status: answer.status, retryAfter: answer.headers.get('retry-after') });
  }
  return seen;
}

/** Which of the requests was the first to be one too many; 0 for none. */
const firstRefused = (seen: readonly Seen[]): number => seen.findIndex(({ status }) => status === 429) + 1;

async function isolated<T>(work: () => Promise<T>): Promise<T> {
  await api.restart();
  return work();
}

describe('limits of requests', () => {
  it('T22 a session is refused at the request after its last, with when to come again; another session is not', async () => {
    const headers = await api.headersOf('alice');
    const bob = await api.headersOf('bob');
    await isolated(async () => {
      const seen = await ask(31, own, () => headers);
      expect(firstRefused(seen)).toBe(31);
      expect(Number(seen[30]?.retryAfter)).toBeGreaterThan(0);
      expect(Number(seen[30]?.retryAfter)).toBeLessThanOrEqual(60);
      expect(firstRefused(await ask(1, own, () => bob))).toBe(0);
    });
  });

  it('T22 a token is refused at the request after its last, over all routes together', async () => {
    await api.headersOf('carol');
    const accounts = await api.identity.accounts.list();
    const carol = accounts.find(({ person }) => person === 'carol')!;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const wish = { name: 'ci', scopes: ['run.view', 'launch.view'] as const, expiresAt };
    const { text } = await api.identity.tokens.create(carol.id, wish);
    await isolated(async () => {
      const headers = (): Record<string, string> => ({ authorization: `Bearer ${text}` });
      expect(firstRefused(await ask(20, '/api/events', headers))).toBe(0);
      expect(firstRefused(await ask(21, '/api/launches', headers))).toBe(21);
    });
  });

  it('T22 an address is refused at the request after its last, over all routes together, with a problem that says so', async () => {
    await isolated(async () => {
      expect(firstRefused(await ask(13, '/api/launches', () => ({})))).toBe(0);
      expect(firstRefused(await ask(13, '/api/events', () => ({})))).toBe(13);
      const refused = await api.send(null, 'GET', '/api/launches');
      expect([refused.status, refused.headers.get('content-type')]).toEqual([
        429,
        'application/problem+json; charset=utf-8',
      ]);
      expect(refused.body).toMatchObject({ code: 'too_many_requests', retry: 'later' });
    });
  });

  it('T22 guesses of passwords are refused at the one after the last', async () => {
    await isolated(async () => {
      const seen: number[] = [];
      for (let turn = 0; turn < 9; turn++) {
        const body = { email: `guess-${turn}@shop.example`, password: 'a long sentence that is wrong' };
        const headers = { origin: api.url };
        seen.push((await api.send(null, 'POST', '/api/auth/sign-in/email', { body, headers })).status);
      }
      expect(seen.indexOf(429)).toBe(8);
    });
  });

  it('A40 made-up tokens, sessions and headers do not make another caller; negative control: a session that is good is one', async () => {
    const alice = await api.headersOf('alice');
    const tricks: ((turn: number) => Record<string, string>)[] = [
      () => ({ authorization: `Bearer tmt_${randomBytes(32).toString('base64url')}` }),
      () => ({ authorization: `bEaReR ${randomUUID()}` }),
      () => ({ cookie: `tminus.session_token=${randomUUID()}.${randomBytes(20).toString('base64')}` }),
      () => ({ cookie: `__Host-tminus.session_token=${randomUUID()}` }),
      (turn) => ({
        'x-forwarded-for': `192.0.2.${turn}`,
        forwarded: `for=192.0.2.${turn}`,
        'x-real-ip': `192.0.2.${turn}`,
      }),
      (turn) => ({ 'user-agent': `another ${turn}`, authorization: `Basic ${turn}` }),
    ];
    for (const trick of tricks)
      await isolated(async () => expect(firstRefused(await ask(30, '/api/launches', trick))).toBe(26));
    await isolated(async () => {
      await ask(1, own, () => alice);
      await ask(30, '/api/launches', tricks[0]!);
      // A session that was good before the flood goes on, whoever floods from the same address.
      expect((await ask(1, own, () => alice))[0]?.status).toBe(200);
    });
  });

  it('A40 one session with other cookies around it is still one', async () => {
    const alice = await api.headersOf('alice');
    await isolated(async () => {
      const seen = await ask(31, own, (turn) => ({ ...alice, cookie: `a=${turn}; ${alice['cookie']}; z=${turn}` }));
      expect(firstRefused(seen)).toBe(31);
    });
  });
});

describe('load', () => {
  it('T22 under pressure reading is refused with when to come again, and a run can still be held', async () => {
    const webRoot = mkdtempSync(join(tmpdir(), 'tminus-web-'));
    writeFileSync(join(webRoot, 'index.html'), '<title>cockpit</title>');
    const busy = await openTestApi({ limits: { lateMs: 1 }, webRoot });
    try {
      const headers = await busy.headersOf('alice');
      const blocker = setInterval(() => {
        const endMs = performance.now() + 40;
        while (performance.now() < endMs);
      }, 41);
      let refused: Awaited<ReturnType<TestApi['send']>> | null = null;
      try {
        for (let turn = 0; turn < 100 && refused?.status !== 503; turn++)
          refused = await busy.send(null, 'GET', '/api/launches', { headers });
        expect(refused?.status).toBe(503);
        expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(refused?.body).toMatchObject({ code: 'overloaded', retry: 'later' });
        expect((await busy.send(null, 'GET', '/api/livez')).status).toBe(200);
        // The page itself comes, or it could not ask again.
        expect((await busy.send(null, 'GET', '/', { headers: { accept: 'text/html' } })).status).toBe(200);
        const held = await busy.send(null, 'POST', '/api/runs/run-none/hold', { headers, body: { reason: 'stop it' } });
        // No such run here; what counts is that the request was taken and answered.
        expect(held.status).not.toBe(503);
      } finally {
        clearInterval(blocker);
      }
    } finally {
      await busy.close();
      rmSync(webRoot, { recursive: true });
    }
  }, 180_000);
});

describe('headers of strangers', () => {
  /** Sends a header as it is, byte for byte, which fetch would not. */
  function sendRaw(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
    return new Promise((resolve, reject) => {
      const asked = request(`${api.url}${path}`, { method, headers, agent: false }, (answer) => {
        resolve(answer.statusCode ?? 0);
        answer.destroy();
      });
      asked.once('error', reject).end(method === 'GET' ? undefined : '{}');
    });
  }

  it('S10 no Last-Event-ID, cursor, If-Match or Idempotency-Key breaks the server', async () => {
    await api.close();
    api = await openTestApi();
    const alice = await api.headersOf('alice');
    const text = fc.oneof(
      fc.string({
        unit: fc
          .integer({ min: 0x20, max: 0xff })
          .filter((code) => code !== 0x7f)
          .map((code) => String.fromCodePoint(code)),
        maxLength: 300,
      }),
      fc.constantFrom(
        '',
        '0',
        '-1',
        '1e9',
        '0x10',
        ' 5',
        '99999999999999999999',
        'NaN',
        'Infinity',
        '9007199254740993',
        '"',
        'W/"',
        '*',
        "'; drop table tminus.event; --",
      ),
      fc.integer().map(String),
    );
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const json = { ...alice, 'content-type': 'application/json' };
        const encoded = encodeURIComponent(value);
        const got = [
          await sendRaw('/api/events/stream', { ...alice, 'last-event-id': value }),
          await sendRaw(`/api/events?after=${encoded}`, alice),
          await sendRaw(`/api/events/stream?after=${encoded}`, alice),
          await sendRaw(`/api/runs?cursor=${encoded}`, alice),
          await sendRaw('/api/launches', { ...alice, 'if-none-match': value }),
          await sendRaw('/api/runs/run-none/hold', { ...json, 'if-match': value }, 'POST'),
          await sendRaw('/api/launches/shop-cutover/checks', { ...json, 'idempotency-key': value }, 'POST'),
        ];
        expect(got.filter((status) => status < 200 || status >= 500)).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(api.trouble).toEqual([]);
  }, 180_000);
});
