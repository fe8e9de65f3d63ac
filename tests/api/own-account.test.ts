import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nameAdmin } from './name-admin.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const codeOf = ({ status, body }: Answer): [number, string] => [status, (body as { code: string }).code];
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe('setup over HTTP', () => {
  it('T25 wants the code of the console, tells with it whom one can be, and makes that person the first admin', async () => {
    const headers = { origin: api.url };
    const ask = (path: string, body: object): Promise<Answer> => api.send(null, 'POST', path, { body, headers });
    // A server that has just begun, on a busy machine, may ask to be asked again.
    const me = async (): Promise<unknown> => (await api.send(null, 'GET', '/api/me')).body;
    await expect.poll(me, { timeout: 60_000 }).toMatchObject({ identity: null, setupOpen: true });
    expect(codeOf(await ask('/api/setup/people', { code: 'guess' }))).toEqual([403, 'code_invalid']);
    const code = (await api.identity.setup.issueCode()) ?? '';
    const people = (await ask('/api/setup/people', { code })).body as { items: { person: string }[] };
    // Automations stand for nobody who signs in.
    expect(people.items.map(({ person }) => person)).toEqual(['alice', 'bob', 'carol', 'dave', 'erin']);
    const wish = {
      code,
      name: 'Dave',
      email: 'dave-first@shop.example',
      password: 'four words of one person',
      person: 'dave',
    };
    const made = await ask('/api/setup', wish);
    expect(made.status).toBe(201);
    expect((made.body as { admins: object[] }).admins).toMatchObject([{ launch: 'shop-cutover', named: true }]);
    expect(codeOf(await ask('/api/setup', wish))).toEqual([409, 'setup_closed']);
    expect(codeOf(await ask('/api/setup/people', { code }))).toEqual([409, 'setup_closed']);
    const rights = await api.send('alice', 'GET', '/api/launches/shop-cutover/grants');
    const admins = (rights.body as { items: { role: string; holder: { id: string } }[] }).items.filter(
      ({ role }) => role === 'admin',
    );
    expect(new Set(admins.map(({ holder }) => holder.id))).toEqual(new Set(['dave']));
    // The second in a row is no admin, and is told why; nothing else is lost.
    await expect(nameAdmin(api, 'alice')).rejects.toThrow('there are grants already');
  });
});

describe("what is one's own", () => {
  it('T25 sessions are listed and ended; those of others are neither', async () => {
    const list = async (person: string): Promise<{ id: string; isCurrent: boolean }[]> =>
      ((await api.send(person, 'GET', '/api/me/sessions')).body as { items: { id: string; isCurrent: boolean }[] })
        .items;
    const [own] = await list('carol');
    expect(own?.isCurrent).toBe(true);
    const foreign = await api.send('erin', 'DELETE', `/api/me/sessions/${own?.id}`);
    expect([foreign.status, foreign.body]).toEqual([200, { ended: 0 }]);
    expect(codeOf(await api.send('erin', 'DELETE', `/api/sessions/${own?.id}`))).toEqual([403, 'permission_denied']);
    expect((await api.send('carol', 'DELETE', '/api/me/sessions')).body).toEqual({ ended: 0 });
    expect((await api.send('carol', 'DELETE', `/api/me/sessions/${own?.id}`)).body).toEqual({ ended: 1 });
    expect(codeOf(await api.send('carol', 'GET', '/api/me/sessions'))).toEqual([401, 'signed_out']);
  });

  it('T25 a token does what it was made for, is no way to make another, and ends at once', async () => {
    const wish = { name: 'board', scopes: ['run.view'], expiresAt: inDays(30) };
    const made = await api.send('alice', 'POST', '/api/me/tokens', { body: wish });
    expect(made.status).toBe(201);
    const { text, token } = made.body as { text: string; token: { id: string } };
    const headers = { authorization: `Bearer ${text}` };
    expect((await api.send(null, 'GET', '/api/workers', { headers })).status).toBe(200);
    expect(codeOf(await api.send(null, 'GET', '/api/launches/shop-cutover/gates', { headers }))).toEqual([
      403,
      'permission_denied',
    ]);
    expect(codeOf(await api.send(null, 'POST', '/api/me/tokens', { body: wish, headers }))).toEqual([
      403,
      'permission_denied',
    ]);
    expect(JSON.stringify((await api.send('alice', 'GET', '/api/me/tokens')).body)).not.toContain(text);
    expect((await api.send('erin', 'DELETE', `/api/me/tokens/${token.id}`)).body).toEqual({ ended: 0 });
    expect((await api.send('alice', 'DELETE', `/api/me/tokens/${token.id}`)).body).toEqual({ ended: 1 });
    expect(codeOf(await api.send(null, 'GET', '/api/workers', { headers }))).toEqual([401, 'signed_out']);
  });

  it('A27 a token for what only people may do, without an end, or for nothing is refused', async () => {
    const ask = async (wish: object): Promise<[number, string]> =>
      codeOf(
        await api.send('alice', 'POST', '/api/me/tokens', {
          body: { name: 'x', scopes: ['run.view'], expiresAt: inDays(1), ...wish },
        }),
      );
    expect(await ask({ scopes: ['approval.vote'] })).toEqual([400, 'token_refused']);
    expect(await ask({ scopes: [] })).toEqual([400, 'token_refused']);
    expect(await ask({ expiresAt: inDays(400) })).toEqual([400, 'token_refused']);
    expect(await ask({ scopes: ['everything'] })).toEqual([400, 'request_invalid']);
  });

  it('O21 tells with which key the launch expects the caller to sign, and who they are in it', async () => {
    const keys = (await api.send('alice', 'GET', '/api/me/passkeys')).body as { items: []; declared: object[] };
    expect(keys.items).toEqual([]);
    expect(keys.declared).toMatchObject([
      { launch: 'shop-cutover', document: 'launch.md', person: 'alice', key: api.launch.people['alice']!.publicKey },
    ]);
    const rights = (await api.send('alice', 'GET', '/api/me/rights')).body as {
      items: { environment: string; roles: string[]; permissions: string[] }[];
    };
    const [first] = rights.items;
    expect(first?.roles).toEqual(['operator', 'approver', 'lead']);
    expect(first?.permissions).toContain('run.start');
    expect(first?.permissions).not.toContain('grant.give');
    expect(((await api.send('mallory', 'GET', '/api/me/rights')).body as { items: [] }).items).toEqual([]);
    expect(api.trouble).toEqual([]);
  });
});
