import { generateKeyPairSync } from 'node:crypto';

import { parsePersonKey } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readAlarms } from '../../src/store/alarm.ts';
import { Authenticator } from './authenticator.ts';
import type { Wrong } from './authenticator.ts';
import type { Answer, Browser } from './browser.ts';
import { startDesk } from './desk-server.ts';
import type { DeskServer } from './desk-server.ts';

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk();
});
afterAll(() => server.close());

type Challenge = { challenge: string; userVerification?: string; pubKeyCredParams?: unknown };

async function register(browser: Browser, authenticator: Authenticator, wrong: Wrong = {}): Promise<Answer> {
  const { body } = await browser.get('/passkey/generate-register-options');
  const response = authenticator.register(body as unknown as Challenge, wrong);
  return browser.post('/passkey/verify-registration', { response, name: 'laptop' });
}

async function assert(browser: Browser, authenticator: Authenticator, wrong: Wrong = {}): Promise<Answer> {
  const { body } = await browser.get('/passkey/generate-authenticate-options');
  const response = authenticator.assert(body as unknown as Challenge, wrong);
  return browser.post('/passkey/verify-authentication', { response });
}

/** An account with a passkey. */
async function withPasskey(name: string) {
  const account = await server.addAccount(name);
  const authenticator = new Authenticator(server.baseUrl);
  expect((await register(await server.signIn(name), authenticator)).status).toBe(200);
  return { account, authenticator };
}

const alarmsOf = async (account: string) =>
  (await readAlarms(server.store)).filter(({ subject }) => subject === account);

describe('a passkey', () => {
  it('T25 signs in without a password, as a second factor in itself', async () => {
    const { account, authenticator } = await withPasskey('anna');
    const browser = server.browser();
    expect((await assert(browser, authenticator)).status).toBe(200);
    const me = await browser.me();
    expect(me).toMatchObject({ account, via: 'session' });
    expect(me?.strongAtMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is told with its key as a launch document declares it', async () => {
    const { account, authenticator } = await withPasskey('berta');
    const [entry] = await server.desk.passkeys.list(account);
    expect(entry).toMatchObject({ account, name: 'laptop', key: `webauthn-es256:localhost:${authenticator.point}` });
    expect(Buffer.from(authenticator.point, 'base64')).toHaveLength(65);
    expect(parsePersonKey(entry?.key ?? '')).toMatchObject({ kind: 'passkey', algorithm: 'es256', rpId: 'localhost' });
  });

  it('T25 is asked to verify its user, and to be of the one kind that documents declare', async () => {
    await server.addAccount('carla');
    const { body } = await (await server.signIn('carla')).get('/passkey/generate-register-options');
    expect(body).toMatchObject({
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { userVerification: 'required' },
    });
    const asked = await server.browser().get('/passkey/generate-authenticate-options');
    expect(asked.body).toMatchObject({ userVerification: 'required', rpId: 'localhost' });
    expect(asked.body?.['allowCredentials']).toBeUndefined();
  });

  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each<[string, Wrong]>([
    ['for another origin', { origin: 'https://evil.example' }],
    ['for an origin that begins like ours', { origin: 'http://localhost.evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['by another key', { key: stranger }],
    ['without its user', { verified: false }],
  ])('A25 is refused when it signs %s', async (what, wrong) => {
    const { account, authenticator } = await withPasskey(`dora${what.replaceAll(' ', '')}`);
    const browser = server.browser();
    const answer = await assert(browser, authenticator, wrong);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toMatchObject({ code: 'sign_in_refused' });
    expect(await browser.me()).toBeNull();
    expect(await alarmsOf(account)).toEqual([]);
    expect((await assert(browser, authenticator)).status).toBe(200);
  });

  it('A25 an answer is good once, and only for its own challenge', async () => {
    const { authenticator } = await withPasskey('emma');
    const browser = server.browser();
    const { body } = await browser.get('/passkey/generate-authenticate-options');
    const response = authenticator.assert(body as unknown as Challenge);
    const thief = browser.stolen('192.0.2.9');
    expect((await browser.post('/passkey/verify-authentication', { response })).status).toBe(200);
    expect((await thief.post('/passkey/verify-authentication', { response })).status).toBeGreaterThanOrEqual(400);
    await thief.get('/passkey/generate-authenticate-options');
    expect((await thief.post('/passkey/verify-authentication', { response })).status).toBeGreaterThanOrEqual(400);
    expect(await thief.me()).toBeNull();
  });

  it('A25 a counter that goes back is refused and raises an alarm, which ends when the passkey is taken away', async () => {
    const { account, authenticator } = await withPasskey('fina');
    for (let round = 0; round < 3; round += 1) expect((await assert(server.browser(), authenticator)).status).toBe(200);
    const browser = server.browser();
    expect((await assert(browser, authenticator, { counter: 2 })).status).toBeGreaterThanOrEqual(400);
    expect(await browser.me()).toBeNull();
    expect(await alarmsOf(account)).toMatchObject([{ kind: 'passkey-cloned', subject: account }]);
    expect((await alarmsOf(account))[0]?.detail).toContain('laptop');
    await server.desk.accounts.dropFactors(account, 'root');
    expect(await alarmsOf(account)).toEqual([]);
  });

  it('A25 nobody without the key raises that alarm', async () => {
    const { account, authenticator } = await withPasskey('gina');
    await assert(server.browser(), authenticator);
    await assert(server.browser(), authenticator, { counter: 0, key: stranger });
    expect(await alarmsOf(account)).toEqual([]);
  });

  it('A23 is registered by whoever just signed in, and by no stolen cookie', async () => {
    const { authenticator } = await withPasskey('hanna');
    const weak = await server.signIn('hanna');
    expect((await weak.me())?.strongAtMs).toBeNull();
    expect((await weak.get('/passkey/generate-register-options')).body).toMatchObject({ code: 'step_up_wanted' });
    const strong = server.browser();
    await assert(strong, authenticator);
    expect((await register(strong, new Authenticator(server.baseUrl))).status).toBe(200);
    expect((await register(server.browser(), new Authenticator(server.baseUrl))).status).toBe(401);
  });

  it('A36 is taken away by its owner only', async () => {
    const { account } = await withPasskey('ida');
    const [entry] = await server.desk.passkeys.list(account);
    const other = await withPasskey('jana');
    const browser = server.browser();
    await assert(browser, other.authenticator);
    const answer = await browser.post('/passkey/delete-passkey', { id: entry?.id });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await server.desk.passkeys.list(account)).toHaveLength(1);
  });
});
