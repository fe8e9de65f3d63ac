import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toIdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import type { IdentityTables } from '../../src/engine/identity/identity-tables.ts';
import { toNetwork } from '../../src/engine/identity/network.ts';
import { openAuth } from '../../src/engine/identity/open-auth.ts';
import { openIdentity } from '../../src/engine/identity/open-identity.ts';
import { routes } from '../../src/engine/identity/routes.ts';
import { password, startDesk } from './desk-server.ts';
import type { DeskServer } from './desk-server.ts';

interface Endpoint {
  path?: string;
  options: { method: string | string[] };
}

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk();
  await server.addAccount('alice', 'alice');
});
afterAll(() => server.close());

const email = 'alice@example.org';

describe('sign-in by password', () => {
  it('T25 opens a session for the person of the account, in a cookie that scripts cannot read and other sites do not send', async () => {
    const browser = server.browser();
    expect(await browser.me()).toBeNull();
    const answer = await browser.post('/sign-in/email', { email, password });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain('token');
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('tminus.session_token='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    expect(await browser.me()).toMatchObject({
      email,
      person: 'alice',
      via: 'session',
      scopes: null,
      strongAtMs: null,
    });
  });

  it('T25 over https the cookie is Secure and bound to the host', async () => {
    const desk = openIdentity(server.store, toIdentitySettings('https://launch.example.org'));
    const headers = { 'content-type': 'application/json', origin: 'https://launch.example.org' };
    const body = JSON.stringify({ email, password });
    const url = 'https://launch.example.org/api/auth/sign-in/email';
    const answer = await desk.handle(new Request(url, { method: 'POST', headers, body }), '192.0.2.1');
    const cookie = answer.headers.getSetCookie().find((each) => each.includes('session_token='));
    expect(cookie).toMatch(/^__Host-tminus\.session_token=.*; Path=\/; HttpOnly; Secure; SameSite=Strict/);
    expect(cookie).not.toMatch(/Domain/i);
    const [pair = ''] = (cookie ?? '').split(';');
    expect(await desk.identify({ headers: new Headers({ cookie: pair }), ip: '192.0.2.1' })).toMatchObject({ email });
  });

  it('A48 says the same of a wrong password, an unknown address and an account that is switched off', async () => {
    const id = await server.addAccount('gone');
    await server.desk.accounts.setDisabled(id, true, 'root');
    const bodies = [
      { email, password: 'not the password at all' },
      { email: 'nobody@example.org', password },
      { email: 'gone@example.org', password },
    ];
    const answers = await Promise.all(bodies.map((body) => server.browser('192.0.2.99').post('/sign-in/email', body)));
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]?.body);
      expect(answer.body).toMatchObject({ code: 'sign_in_refused', status: 401 });
      expect(answer.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]/);
    }
  });

  it('A48 takes as long for an address without an account as for a wrong password', async () => {
    const times: Record<string, number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 9; round += 1) {
      for (const [kind, list] of Object.entries(times)) {
        const who = kind === 'known' ? email : `nobody${round}@example.org`;
        // What the processor did for it: the clock would also count what else the machine did meanwhile.
        const began = process.cpuUsage();
        await server.browser(`10.${round}.1.1`).post('/sign-in/email', { email: who, password: 'not the password' });
        const { user, system } = process.cpuUsage(began);
        list.push(user + system);
      }
    }
    const median = (list: number[] = []) => list.toSorted((a, b) => a - b)[4] ?? 0;
    // The derivation of the key is most of it: without it the unknown would be told in a tenth of the time.
    expect(median(times['unknown']) / median(times['known'])).toBeGreaterThan(0.6);
    expect(median(times['unknown']) / median(times['known'])).toBeLessThan(1.6);
  });

  it('A24 lets ten guesses through from one network, and no more of many at once', async () => {
    await server.addAccount('bob');
    const guess = () =>
      server
        .browser('198.51.100.7')
        .post('/sign-in/email', { email: 'BOB@example.org', password: 'guess guess guess' });
    const answers = await Promise.all(Array.from({ length: 25 }, guess));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(10);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    const right = { email: 'bob@example.org', password };
    expect((await server.browser('198.51.100.200').post('/sign-in/email', right)).status).toBe(429);
    expect((await server.browser('203.0.113.1').post('/sign-in/email', right)).status).toBe(200);
  });

  it('A24 spraying one password over many accounts ends for the network', async () => {
    const ip = '2001:db8:7:700::1';
    const spray = (number: number) =>
      server.browser(ip).post('/sign-in/email', { email: `u${number}@example.org`, password });
    expect((await spray(0)).status).toBe(401);
    // The 98 between the first and the last two are not asked one by one: each takes the time of a key derivation.
    await server.store.database.pool.query(
      `insert into identity.try (key) select 'password from ' || $1 from generate_series(1, 98)`,
      [toNetwork(ip)],
    );
    expect((await spray(1)).status).toBe(401);
    expect((await spray(2)).status).toBe(429);
    expect((await server.browser('2001:db8:7:7ff::9').post('/sign-in/email', { email, password })).status).toBe(429);
    expect((await server.browser('2001:db8:7:800::1').post('/sign-in/email', { email, password })).status).toBe(200);
  });
});

describe('requests under /api/auth', () => {
  const body = { email, password };

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['no site', { origin: '' }],
    ['a frame without one', { origin: 'null' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
  ])('A22 are refused from %s', async (_what, headers) => {
    const answer = await server.browser().post('/sign-in/email', body, headers);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'origin_refused' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])(
    'A22 JSON that says it is %s is refused',
    async (type) => {
      const answer = await server.browser().post('/sign-in/email', body, { 'content-type': type });
      expect(answer.status).toBe(415);
    },
  );

  it.each([
    { ...body, role: 'admin' },
    { ...body, person: 'root' },
    { ...body, rememberMe: false },
    { ...body, callbackURL: 'https://evil.example' },
    { email: { $ne: '' }, password },
    [body],
    'not json',
  ])('A37 a field or form that is not of the route is refused: %j', async (wrong) => {
    const answer = await server.browser().post('/sign-in/email', wrong);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'request_invalid' });
  });

  it.each([
    ['POST', '/sign-up/email'],
    ['POST', '/update-user'],
    ['POST', '/update-session'],
    ['POST', '/change-email'],
    ['POST', '/delete-user'],
    ['POST', '/set-password'],
    ['POST', '/request-password-reset'],
    ['POST', '/revoke-session'],
    ['POST', '/two-factor/generate-totp'],
    ['POST', '/two-factor/send-otp'],
    ['POST', '/two-factor/get-totp-uri'],
    ['POST', '/unlink-account'],
    ['GET', '/get-session'],
    ['GET', '/list-sessions'],
    ['GET', '/list-accounts'],
    ['GET', '/sign-in/email'],
    ['GET', '/ok'],
    ['GET', '/callback/../get-session'],
    ['GET', '/callback/%2e%2e'],
  ])('S9 %s %s of the library is not answered, not even to somebody signed in', async (method, path) => {
    const browser = await server.signIn('alice');
    const before = await server.desk.accounts.list();
    const answer =
      method === 'GET'
        ? await browser.get(path)
        : await browser.post(path, { name: 'x', email: 'x@example.org', password, person: 'root' });
    expect(answer.status).toBe(404);
    expect(await server.desk.accounts.list()).toEqual(before);
  });

  it('S9 of all that the library would answer, only what is listed is answered', async () => {
    const browser = await server.signIn('alice');
    const settings = toIdentitySettings(server.baseUrl);
    const db = new Kysely<IdentityTables>({ dialect: new PostgresDialect({ pool: server.store.database.pool }) });
    const endpoints = Object.values(openAuth({ settings, secret: 'x'.repeat(64), db }).api) as unknown as Endpoint[];
    const asks = endpoints
      .filter(({ path }) => typeof path === 'string')
      .flatMap(({ path = '', options }) => [options.method].flat().map((method) => ({ method, path })));
    const unlisted = asks.filter(
      ({ method, path }) => !routes.some((route) => route.method === method && route.path === path),
    );
    expect(asks.length - unlisted.length).toBeGreaterThanOrEqual(routes.length);
    expect(unlisted.length).toBeGreaterThan(25);
    for (const { method, path } of unlisted) {
      const answer = await browser.ask(`/api/auth${path}`, { method, headers: { origin: server.baseUrl } });
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 404`);
    }
  });

  it('T25 every sign-in, refused or not, is written down and stays', async () => {
    const browser = server.browser('192.0.2.77');
    await browser.post('/sign-in/email', { email, password: 'wrong wrong wrong' });
    await browser.post('/sign-in/email', body);
    const { pool } = server.store.database;
    const { rows } = await pool.query<{ what: string }>(
      `select what from identity.event where ip = '192.0.2.77' order by id`,
    );
    expect(rows.map(({ what }) => what)).toEqual(['refused /sign-in/email', 'sign-in/email']);
    const [newest, ...older] = await server.desk.history.list(null, null);
    expect(newest).toMatchObject({ what: 'sign-in/email', ip: '192.0.2.77' });
    expect((await server.desk.history.list(null, newest?.id ?? ''))[0]).toEqual(older[0]);
    const own = await server.desk.history.list(newest?.account ?? '', null);
    expect(new Set(own.map(({ account }) => account))).toEqual(new Set([newest?.account]));
    await expect(pool.query('delete from identity.event')).rejects.toThrow('event');
  });
});
