import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Browser } from './browser.ts';
import { password, startDesk } from './desk-server.ts';
import type { DeskServer } from './desk-server.ts';
import { totpCode } from './totp.ts';

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk();
});
afterAll(() => server.close());

interface Enrolled {
  browser: Browser;
  uri: unknown;
  recovery: string[];
}

/** An account with an authenticator. The code that enrolled it is forgotten, so that a test has it to use. */
async function enrol(name: string): Promise<Enrolled> {
  await server.addAccount(name);
  const browser = await server.signIn(name);
  const { body } = await browser.post('/two-factor/enable', { password });
  const answer = await browser.post('/two-factor/verify-totp', { code: totpCode(body?.['totpURI']) });
  expect(answer.status).toBe(200);
  const { account } = (await browser.me()) ?? {};
  const used = await server.store.database.pool.query('delete from identity.totp_use where account = $1', [account]);
  expect(used.rowCount).toBe(1);
  return { browser, uri: body?.['totpURI'], recovery: body?.['backupCodes'] as string[] };
}

/** A browser that showed the password of that account, and not yet the second factor. */
async function halfWay(name: string, ip?: string): Promise<Browser> {
  const browser = await server.signIn(name, ip);
  expect(await browser.me()).toBeNull();
  return browser;
}

describe('an authenticator', () => {
  it('T25 is asked for at sign-in once it is enrolled, and makes the session strong', async () => {
    const { browser, uri } = await enrol('anna');
    expect((await browser.me())?.strongAtMs).toBeGreaterThan(Date.now() - 60_000);
    const other = await halfWay('anna');
    expect((await other.post('/two-factor/verify-totp', { code: '000000' })).status).toBe(401);
    expect(await other.me()).toBeNull();
    expect((await other.post('/two-factor/verify-totp', { code: totpCode(uri) })).status).toBe(200);
    expect((await other.me())?.strongAtMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('A24 a code opens one thing: not a second sign-in, not a step-up, and of two at once one', async () => {
    const { uri } = await enrol('berta');
    const code = totpCode(uri);
    const two = await Promise.all([halfWay('berta'), halfWay('berta')]);
    const answers = await Promise.all(two.map((browser) => browser.post('/two-factor/verify-totp', { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(1);
    const signedIn = await Promise.all(two.map(async (browser) => (await browser.me()) !== null));
    expect(signedIn.filter(Boolean)).toHaveLength(1);
    const list = await server.desk.sessions.list((await two[signedIn.indexOf(true)]?.me())?.account ?? '');
    expect(list.filter(({ strongAt }) => strongAt !== null)).toHaveLength(2);
    const third = await halfWay('berta');
    expect((await third.post('/two-factor/verify-totp', { code })).status).toBe(401);
    const inside = two[signedIn.indexOf(true)];
    expect((await inside?.post('/two-factor/verify-totp', { code }))?.status).toBe(401);
    expect((await third.post('/two-factor/verify-totp', { code: totpCode(uri, 1) })).status).toBe(401);
    const fresh = await halfWay('berta');
    expect((await fresh.post('/two-factor/verify-totp', { code: totpCode(uri, 1) })).status).toBe(200);
  });

  it('A24 a recovery code opens one thing, and of five at once one', async () => {
    const { recovery } = await enrol('carla');
    expect(new Set(recovery).size).toBe(10);
    const browsers = await Promise.all(Array.from({ length: 5 }, () => halfWay('carla')));
    const code = recovery[0];
    const answers = await Promise.all(browsers.map((each) => each.post('/two-factor/verify-backup-code', { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const later = await halfWay('carla');
    expect((await later.post('/two-factor/verify-backup-code', { code })).status).toBe(401);
    expect((await later.post('/two-factor/verify-backup-code', { code: recovery[1] })).status).toBe(200);
    expect((await later.me())?.strongAtMs).not.toBeNull();
  });

  it('A24 guesses at codes end after ten, for a step-up in a session, too', async () => {
    const { browser, uri } = await enrol('dora');
    const statuses = [];
    for (let number = 0; number < 12; number += 1)
      statuses.push((await browser.post('/two-factor/verify-totp', { code: `00000${number % 10}` })).status);
    expect(statuses.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await browser.post('/two-factor/verify-totp', { code: totpCode(uri) })).status).toBe(429);
  });

  it('A24 no browser is remembered, so that a copied cookie never stands for the second factor', async () => {
    const { uri } = await enrol('emma');
    const browser = await halfWay('emma');
    expect((await browser.post('/two-factor/verify-totp', { code: totpCode(uri), trustDevice: true })).status).toBe(
      400,
    );
    expect((await browser.post('/two-factor/verify-totp', { code: totpCode(uri) })).status).toBe(200);
    await browser.post('/sign-out', {});
    await browser.post('/sign-in/email', { email: 'emma@example.org', password });
    expect(await browser.me()).toBeNull();
  });
});

describe('the second factor of a session', () => {
  it('T25 is shown again on request and counts from then', async () => {
    const { browser, uri } = await enrol('fina');
    const { pool } = server.store.database;
    await pool.query(`update identity.session set "strongAt" = now() - interval '1 hour'`);
    await server.desk.sessions.revoke('none', null, 'root');
    const again = browser.stolen('192.0.2.2');
    again.cookies.set('fresh', 'key of the cache');
    expect((await again.me())?.strongAtMs).toBeLessThan(Date.now() - 3_500_000);
    expect((await again.post('/two-factor/verify-totp', { code: totpCode(uri, 1) })).status).toBe(200);
    expect((await again.me())?.strongAtMs).toBeGreaterThan(Date.now() - 60_000);
    expect((await again.me())?.session).toBe((await browser.me())?.session);
  });

  it('A23 does not count in another network, where the cookie may be a stolen one', async () => {
    const { browser } = await enrol('gina');
    expect((await browser.stolen('192.0.2.200').me())?.strongAtMs).not.toBeNull();
    expect(await browser.stolen('198.51.100.1').me()).toMatchObject({ email: 'gina@example.org', strongAtMs: null });
  });

  it.each([
    ['/two-factor/disable', { password }],
    ['/two-factor/generate-backup-codes', { password }],
    ['/change-password', { currentPassword: password, newPassword: 'another four words here' }],
    ['/passkey/delete-passkey', { id: 'x' }],
  ])('A23 %s wants a recent one, the password alone does not do', async (path, body) => {
    const name = `hanna${path.replaceAll('/', '-')}`;
    const { browser } = await enrol(name);
    await server.store.database.pool.query(`update identity.session set "strongAt" = now() - interval '11 minutes'`);
    const thief = browser.stolen('192.0.2.3');
    thief.cookies.set('fresh', 'key of the cache');
    const answer = await thief.post(path, body);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'step_up_wanted' });
  });

  it('T25 a changed password ends the other sessions', async () => {
    await server.addAccount('ida');
    const [one, two] = [await server.signIn('ida'), await server.signIn('ida')];
    expect(await two.me()).not.toBeNull();
    const newPassword = 'another four words here';
    expect((await one.post('/change-password', { currentPassword: password, newPassword })).status).toBe(200);
    expect(await one.me()).not.toBeNull();
    expect(await two.me()).toBeNull();
    expect((await server.browser().post('/sign-in/email', { email: 'ida@example.org', password })).status).toBe(401);
  });

  it('T25 whoever lost it gets it dropped by an administrator, and is signed out by that', async () => {
    const { browser } = await enrol('jana');
    const { account = '' } = (await browser.me()) ?? {};
    await expect(server.desk.accounts.dropFactors(account, account)).rejects.toMatchObject({ code: 'own_account' });
    expect((await server.desk.accounts.dropFactors(account, 'root')).factors).toEqual({ totp: false, passkeys: 0 });
    expect(await browser.me()).toBeNull();
    expect((await (await server.signIn('jana')).me())?.strongAtMs).toBeNull();
  });
});
