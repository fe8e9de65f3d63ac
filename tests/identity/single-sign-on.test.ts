import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

import { OAuth2Server } from 'oauth2-mock-server';
import type { MutableResponse, MutableToken } from 'oauth2-mock-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { readIdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import type { Answer, Browser } from './browser.ts';
import { startDesk } from './desk-server.ts';
import type { DeskServer } from './desk-server.ts';

const provider = new OAuth2Server();
let server: DeskServer;

beforeAll(async () => {
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, 'localhost');
  const issuer = provider.issuer.url ?? '';
  const settings = { id: 'oidc', name: 'Example', clientId: 'tminus', clientSecret: 'secret', personClaim: 'employee' };
  server = await startDesk({ signOns: [{ ...settings, issuer, people: { e1: 'alice', e2: 'bob' } }] });
});
afterAll(async () => {
  await server.close();
  await provider.stop();
});
afterEach(() => {
  provider.service.removeAllListeners();
});

type Claims = Record<string, unknown>;

/** What the provider says of whoever signs in next. */
function says(claims: Claims): void {
  provider.service.on('beforeTokenSigning', ({ payload }: MutableToken) => {
    Object.assign(payload, claims);
    for (const [name, value] of Object.entries(claims)) if (value === null) delete payload[name];
  });
}

/** Goes to the provider as the page would; returns the way back. */
async function leave(browser: Browser, path = '/sign-in/social'): Promise<{ there: URL; back: URL }> {
  const { body } = await browser.post(path, { provider: 'oidc', callbackURL: '/', errorCallbackURL: '/sign-in' });
  const there = new URL(String(body?.['url']));
  const response = await fetch(there, { redirect: 'manual' });
  return { there, back: new URL(response.headers.get('location') ?? '') };
}

const comeBack = (browser: Browser, { pathname, search }: URL): Promise<Answer> => browser.ask(pathname + search, {});

async function signOn(browser: Browser): Promise<Answer> {
  return comeBack(browser, (await leave(browser)).back);
}

/** Replaces the id token that the provider signed. */
function forge(make: (parts: { header: Claims; payload: Claims }) => string | undefined): void {
  provider.service.on('beforeResponse', ({ body }: MutableResponse) => {
    const token = (body as Record<string, string>)['id_token'] ?? '';
    const [header = {}, payload = {}] = token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims);
    Object.assign(body as object, { id_token: make({ header, payload }) });
  });
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('single sign-on', () => {
  it('T16 signs in with PKCE, state and nonce, and follows the claim that says who somebody is', async () => {
    says({ sub: 's1', email: 'alice@corp.example', name: 'Alice', employee: 'e1' });
    const browser = server.browser();
    const { there, back } = await leave(browser);
    expect(there.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(there.searchParams.get(name)).toMatch(/.{20,}/);
    const answer = await comeBack(browser, back);
    expect(answer.headers.get('location')).toBe('/');
    const cookies = answer.headers.getSetCookie().filter((each) => each.includes('session_token='));
    expect(cookies.join()).toMatch(/SameSite=Strict/);
    expect(await browser.me()).toMatchObject({ email: 'alice@corp.example', person: 'alice', strongAtMs: null });
  });

  it('T16 the person follows at each sign-in, and goes when the provider names nobody', async () => {
    says({ sub: 's2', email: 'bob@corp.example', employee: 'e2' });
    const browser = server.browser();
    await signOn(browser);
    expect(await browser.me()).toMatchObject({ person: 'bob' });
    provider.service.removeAllListeners();
    says({ sub: 's2', email: 'bob@corp.example', employee: 'e-unknown' });
    await signOn(browser);
    expect(await browser.me()).toMatchObject({ person: null });
    expect((await server.desk.accounts.list()).filter(({ email }) => email === 'bob@corp.example')).toHaveLength(1);
  });

  it('A26 somebody else’s person is not taken', async () => {
    says({ sub: 's3', email: 'mallory@corp.example', employee: 'e1' });
    const browser = server.browser();
    await signOn(browser);
    expect(await browser.me()).toMatchObject({ email: 'mallory@corp.example', person: null });
  });

  it('T16 an equal address takes over no account: its owner links it', async () => {
    const id = await server.addAccount('carol', 'carol');
    says({ sub: 's4', email: 'carol@example.org', email_verified: true });
    const stranger = server.browser();
    expect((await signOn(stranger)).headers.get('location')).toMatch(/error=/);
    expect(await stranger.me()).toBeNull();
    const own = await server.signIn('carol');
    const linked = await comeBack(own, (await leave(own, '/link-social')).back);
    expect(linked.headers.get('location')).toBe('/');
    await signOn(stranger);
    expect(await stranger.me()).toMatchObject({ account: id });
  });

  it('T16 keeps nothing that the provider gave', async () => {
    const { rows } = await server.store.database.pool.query<Claims>(
      `select "accessToken", "refreshToken", "idToken" from identity.account where "providerId" = 'oidc'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.values(row)).toEqual([null, null, null]);
  });

  it('A22 the way back of another browser, of another state or a second time signs nobody in', async () => {
    says({ sub: 's5', email: 'dave@corp.example' });
    const [mallory, victim] = [server.browser(), server.browser()];
    const { back } = await leave(mallory);
    expect((await comeBack(victim, back)).headers.get('location')).toMatch(/error=/);
    expect(await victim.me()).toBeNull();
    const own = await leave(victim);
    own.back.searchParams.set('state', back.searchParams.get('state') ?? '');
    await comeBack(victim, own.back);
    expect(await victim.me()).toBeNull();
    const again = await leave(victim);
    await comeBack(victim, again.back);
    expect(await victim.me()).not.toBeNull();
    await victim.post('/sign-out', {});
    await comeBack(victim, again.back);
    expect(await victim.me()).toBeNull();
  });

  it.each([
    ['https://evil.example/'],
    ['//evil.example'],
    ['/\\evil.example'],
    ['javascript:alert(1)'],
    ['/%0d%0aset-cookie:x'],
  ])('A22 goes on to pages of ours only, not to %s', async (callbackURL) => {
    const answer = await server.browser().post('/sign-in/social', { provider: 'oidc', callbackURL });
    expect(answer.status).toBe(400);
  });

  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each<[string, Claims | Parameters<typeof forge>[0]]>([
    ['another audience', { aud: 'another' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: null }],
    ['an end that is past', { exp: 1_700_000_000, iat: 1_699_990_000 }],
    ['alg none', ({ payload }) => `${encode({ alg: 'none' })}.${encode(payload)}.`],
    ['alg HS256 over the public key', ({ payload }) => hmac(payload)],
    ['a foreign key', ({ header, payload }) => rsa(header, payload)],
    [
      'a foreign key that it names itself',
      ({ header, payload }) => rsa({ ...header, jwk: foreign.publicKey.export({ format: 'jwk' }) }, payload),
    ],
    ['a kid that is a path', ({ header, payload }) => rsa({ ...header, kid: '../../dev/null' }, payload)],
    ['no id token at all', () => undefined],
    ['a form that is none', () => 'x.y.z'],
  ])('A35 a token with %s signs nobody in', async (_what, wrong) => {
    says({ sub: 's6', email: 'erin@corp.example', ...(typeof wrong === 'object' && wrong) });
    if (typeof wrong === 'function') forge(wrong);
    // Tells who it is to whoever has the access token, which is bound to no sign-in.
    provider.service.on('beforeUserinfo', (response: MutableResponse) => {
      response.body = { sub: 's6', email: 'erin@corp.example' };
    });
    const browser = server.browser();
    const before = await server.desk.accounts.list();
    expect((await signOn(browser)).headers.get('location')).toMatch(/error=/);
    expect(await browser.me()).toBeNull();
    expect(await server.desk.accounts.list()).toEqual(before);
  });

  it('A35 the same token unforged does', async () => {
    says({ sub: 's6', email: 'erin@corp.example' });
    const browser = server.browser();
    await signOn(browser);
    expect(await browser.me()).toMatchObject({ email: 'erin@corp.example' });
  });

  function hmac(payload: Claims): string {
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
    const [key] = provider.issuer.keys.toJSON();
    return `${signed}.${createHmac('sha256', JSON.stringify(key)).update(signed).digest('base64url')}`;
  }

  function rsa(header: Claims, payload: Claims): string {
    const signed = `${encode(header)}.${encode(payload)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), foreign.privateKey).toString('base64url')}`;
  }

  it('T16 a provider that is down keeps nobody else from signing in, and is asked again', async () => {
    const issuer = 'http://localhost:9';
    const over = {
      id: 'down',
      name: 'Down',
      issuer,
      clientId: 'a',
      clientSecret: 'b',
      personClaim: null,
      people: null,
    };
    const lonely = await startDesk({ signOns: [over] });
    try {
      await lonely.addAccount('alice');
      expect(await (await lonely.signIn('alice')).me()).not.toBeNull();
      const answer = await lonely.browser().post('/sign-in/social', { provider: 'down', callbackURL: '/' });
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'provider_unavailable' });
    } finally {
      await lonely.close();
    }
  });
});

describe('the settings of single sign-on', () => {
  const base = 'https://launch.example.org';
  const full = {
    TMINUS_OIDC_ISSUER: 'https://login.example.org/',
    TMINUS_OIDC_CLIENT_ID: 'tminus',
    TMINUS_OIDC_SECRET: 'file:/run/secrets/oidc',
    TMINUS_OIDC_PERSON_CLAIM: 'employee',
    TMINUS_OIDC_PEOPLE: 'e1=alice, e2=bob',
  };
  const read = (environment: Record<string, string>, url = base) =>
    readIdentitySettings(environment, url, async (reference) => `value of ${reference}`);

  it('T16 come from the environment, the secret by its reference', async () => {
    const { signOns, ...times } = await read(full);
    expect(times).toEqual({ baseUrl: base, idleSeconds: 1800, absoluteSeconds: 43_200 });
    expect(signOns).toEqual([
      {
        id: 'oidc',
        name: 'login.example.org',
        issuer: 'https://login.example.org',
        clientId: 'tminus',
        clientSecret: 'value of file:/run/secrets/oidc',
        personClaim: 'employee',
        people: { e1: 'alice', e2: 'bob' },
      },
    ]);
    expect((await read({})).signOns).toEqual([]);
  });

  it.each<[string, Record<string, string>, string?]>([
    ['a plain http issuer', { ...full, TMINUS_OIDC_ISSUER: 'http://login.example.org' }],
    ['no client', { ...full, TMINUS_OIDC_CLIENT_ID: '' }],
    ['people that cannot be read', { ...full, TMINUS_OIDC_PEOPLE: 'alice' }],
    ['an id with a slash', { ...full, TMINUS_OIDC_ID: 'a/b' }],
    ['a session without an end', { TMINUS_SESSION_LIFE: '0' }],
    ['a time that is no number', { TMINUS_SESSION_IDLE: '30m' }],
    ['a base address with a path', {}, 'https://example.org/tminus'],
    ['a base address that is none', {}, 'launch'],
  ])('T25 are refused with %s', async (_what, environment, url) => {
    await expect(read(environment, url)).rejects.toMatchObject({ code: 'usage' });
  });
});
