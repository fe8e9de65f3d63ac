import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nameAdmin } from './name-admin.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await nameAdmin(api, 'alice');
});
afterAll(() => api.close());

const codeOf = ({ status, body }: Answer): [number, string] => [status, (body as { code: string }).code];
const password = 'four words of one person';

interface Account {
  id: string;
  name: string;
  email: string;
  person: string | null;
  disabledAt: string | null;
  factors: { totp: boolean; passkeys: number };
  version: string;
}

const accounts = async (): Promise<Account[]> =>
  ((await api.send('alice', 'GET', '/api/accounts')).body as { items: Account[] }).items;
const accountOf = async (person: string): Promise<Account> => {
  const found = (await accounts()).find((account) => account.person === person);
  if (found === undefined) throw new Error(`account of ${person}: expected one, got none`);
  return found;
};

async function signIn(email: string): Promise<Answer> {
  const headers = { origin: api.url };
  return api.send(null, 'POST', '/api/auth/sign-in/email', { body: { email, password }, headers });
}

const redeem = (code: string, text = password): Promise<Answer> =>
  api.send(null, 'POST', '/api/redeem', { body: { code, password: text }, headers: { origin: api.url } });

describe('accounts', () => {
  it('T25 an admin invites, the code is redeemed once, and a weak password does not use it up', async () => {
    const wish = { name: 'Dave Ito', email: 'Dave@shop.example', person: 'dave' };
    const invited = await api.send('alice', 'POST', '/api/accounts', { body: wish });
    expect(invited.status).toBe(201);
    const { code, link } = invited.body as { code: string; link: string };
    expect(link).toBe(`${api.url}/redeem#${code}`);
    expect(codeOf(await signIn('dave@shop.example'))).toEqual([401, 'sign_in_refused']);
    expect(codeOf(await redeem(code, 'dave dave dave'))).toEqual([400, 'password_weak']);
    expect(codeOf(await redeem('00000-00000-00000-00000-00000'))).toEqual([403, 'code_invalid']);
    const redeemed = await redeem(code);
    expect([redeemed.status, redeemed.body]).toEqual([200, { name: 'Dave Ito', email: 'dave@shop.example' }]);
    expect(codeOf(await redeem(code))).toEqual([403, 'code_invalid']);
    expect((await signIn('dave@shop.example')).status).toBe(200);
    expect(codeOf(await api.send('alice', 'POST', '/api/accounts', { body: wish }))).toEqual([409, 'account_exists']);
  });

  it('A39 an invitation sent twice with one key is one account, and its code is not told again or kept', async () => {
    const body = { name: 'Zoe', email: 'zoe@shop.example', person: null };
    const headers = { 'idempotency-key': 'invite-of-zoe-1' };
    const first = await api.send('alice', 'POST', '/api/accounts', { body, headers });
    const again = await api.send('alice', 'POST', '/api/accounts', { body, headers });
    expect([first.status, codeOf(again)]).toEqual([201, [409, 'key_reused']]);
    expect((await accounts()).filter(({ email }) => email === body.email)).toHaveLength(1);
    const { rows } = await api.store.database.pool.query(`select body from tminus.api_request where key = $1`, [
      headers['idempotency-key'],
    ]);
    expect(rows).toEqual([{ body: '' }]);
  });

  it('O05 nobody, a person who is no admin, and an admin of staging alone get none of it', async () => {
    const grant = {
      holder: { kind: 'person', id: 'erin' },
      role: 'admin',
      environment: 'staging',
      expiresAt: null,
      delegates: null,
      breakGlass: false,
      reason: 'looks after staging',
    };
    expect((await api.send('alice', 'POST', '/api/launches/shop-cutover/grants', { body: grant })).status).toBe(201);
    expect(codeOf(await api.send(null, 'GET', '/api/accounts'))).toEqual([401, 'signed_out']);
    expect(codeOf(await api.send('carol', 'GET', '/api/accounts'))).toEqual([403, 'permission_denied']);
    expect(codeOf(await api.send('erin', 'GET', '/api/accounts'))).toEqual([403, 'permission_denied']);
    const { id, version } = await accountOf('carol');
    const off = { disabled: true, expectedVersion: version };
    for (const person of ['carol', 'erin'])
      expect(codeOf(await api.send(person, 'POST', `/api/accounts/${id}/state`, { body: off }))).toEqual([
        403,
        'permission_denied',
      ]);
    expect((await accountOf('carol')).disabledAt).toBeNull();
  });

  it('D16 a change names the version that was seen; who was slower is told which one holds', async () => {
    const zoe = (await accounts()).find(({ email }) => email === 'zoe@shop.example')!;
    const path = `/api/accounts/${zoe.id}/person`;
    const set = await api.send('alice', 'POST', path, { body: { person: 'bob', expectedVersion: zoe.version } });
    expect((set.body as Account).person).toBe('bob');
    const late = await api.send('alice', 'POST', path, { body: { person: null, expectedVersion: zoe.version } });
    expect(codeOf(late)).toEqual([409, 'version_conflict']);
    expect((late.body as { current: string }).current).toBe((set.body as Account).version);
    const taken = { person: 'dave', expectedVersion: (set.body as Account).version };
    expect(codeOf(await api.send('alice', 'POST', path, { body: taken }))).toEqual([409, 'person_taken']);
  });

  it('T25 an account that is switched off is out at once, and its holder stays out; one does not switch off oneself', async () => {
    expect((await api.send('carol', 'GET', '/api/launches/shop-cutover/gates')).status).toBe(200);
    const { id, version } = await accountOf('carol');
    const off = { disabled: true, expectedVersion: version };
    const done = await api.send('alice', 'POST', `/api/accounts/${id}/state`, { body: off });
    expect((done.body as Account).disabledAt).not.toBeNull();
    expect(codeOf(await api.send('carol', 'GET', '/api/launches/shop-cutover/gates'))).toEqual([401, 'signed_out']);
    const self = await accountOf('alice');
    const own = { disabled: true, expectedVersion: self.version };
    expect(codeOf(await api.send('alice', 'POST', `/api/accounts/${self.id}/state`, { body: own }))).toEqual([
      403,
      'own_account',
    ]);
    const events = await api.send('alice', 'GET', `/api/accounts/${id}/events`);
    expect((events.body as { items: { what: string; by: string }[] }).items[0]).toMatchObject({
      what: 'disabled',
      by: self.id,
    });
  });

  it('T25 with a second factor, what makes others powerful wants it shown within ten minutes', async () => {
    const invite = (email: string): Promise<Answer> =>
      api.send('alice', 'POST', '/api/accounts', { body: { name: 'X', email, person: null } });
    await api.showFactor('alice');
    expect((await invite('one@shop.example')).status).toBe(201);
    const { id, factors } = await accountOf('alice');
    expect(factors.totp).toBe(true);
    await api.store.database.pool.query(
      `update identity.session set "strongAt" = now() - interval '11 minutes' where "userId" = $1`,
      [id],
    );
    // Who asks is believed for five seconds.
    await expect
      .poll(async () => codeOf(await invite('two@shop.example')), { timeout: 60_000, interval: 500 })
      .toEqual([403, 'step_up_wanted']);
    expect((await api.send('alice', 'GET', '/api/accounts')).status).toBe(200);
    expect(api.trouble).toEqual([]);
  });
});
