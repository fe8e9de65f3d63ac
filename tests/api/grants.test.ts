import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nameAdmin } from './name-admin.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await nameAdmin(api, 'dave');
});
afterAll(() => api.close());

interface Grant {
  id: string;
  holder: { kind: string; id: string };
  role: string;
  environment: string;
  source: { kind: string; roles?: string[]; person?: string };
  breakGlass: { confirmedBy: string | null } | null;
  fault: string | null;
}

const path = '/api/launches/shop-cutover/grants';
const codeOf = ({ status, body }: Answer): [number, string] => [status, (body as { code: string }).code];
const list = async (query = ''): Promise<Grant[]> =>
  ((await api.send('carol', 'GET', `${path}${query}`)).body as { items: Grant[] }).items;
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

const give = (person: string | null, wish: object, headers = {}): Promise<Answer> =>
  api.send(person, 'POST', path, {
    headers,
    body: {
      holder: { kind: 'person', id: 'erin' },
      role: 'operator',
      environment: 'staging',
      expiresAt: null,
      delegates: null,
      breakGlass: false,
      reason: 'covers the night',
      ...wish,
    },
  });

const end = (person: string | null, grant: string): Promise<Answer> =>
  api.send(person, 'POST', `${path}/end`, {
    body: { grant, holder: null, environment: null, reason: 'the night is over' },
  });

describe('rights over HTTP', () => {
  it('O05 tells of every right where it comes from: the document, whoever installed, a person', async () => {
    const grants = await list();
    const alice = grants.find(({ holder, role }) => holder.id === 'alice' && role === 'lead');
    expect(alice?.source).toEqual({ kind: 'document', roles: ['lead'] });
    expect(grants.find(({ role }) => role === 'admin')?.source).toEqual({ kind: 'installation' });
    const given = await give('dave', { holder: { kind: 'person', id: 'erin' }, role: 'viewer' });
    expect(given.status).toBe(201);
    expect((given.body as { items: Grant[] }).items[0]?.source).toEqual({ kind: 'person', person: 'dave' });
    expect(codeOf(await api.send('mallory', 'GET', path))).toEqual([403, 'permission_denied']);
    expect(codeOf(await api.send(null, 'GET', path))).toEqual([401, 'signed_out']);
  });

  it('O05 only an admin gives, nobody to themselves, and nothing that would not hold', async () => {
    expect(codeOf(await give('alice', {}))).toEqual([403, 'permission_denied']);
    expect(codeOf(await give('erin', {}))).toEqual([403, 'permission_denied']);
    expect(codeOf(await give('dave', { holder: { kind: 'person', id: 'dave' } }))).toEqual([403, 'grant_refused']);
    expect(codeOf(await give('dave', { holder: { kind: 'person', id: 'nobody' } }))).toEqual([403, 'grant_refused']);
    expect(codeOf(await give('dave', { environment: 'moon' }))).toEqual([403, 'grant_refused']);
    expect(codeOf(await give('dave', { role: 'god' }))).toEqual([400, 'request_invalid']);
    expect(codeOf(await give('dave', { reason: ' ' }))).toEqual([400, 'request_invalid']);
  });

  it('A39 the same gift sent twice with one key is one grant', async () => {
    const headers = { 'idempotency-key': 'erin-operates-1' };
    const first = await give('dave', {}, headers);
    const again = await give('dave', {}, headers);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    const held = (await list()).filter(
      ({ holder, source, role }) => holder.id === 'erin' && source.person === 'dave' && role === 'operator',
    );
    expect(held).toHaveLength(1);
  });

  it('A29 the glass is broken by a lead, loudly: an hour alone, four hours where two answer for it', async () => {
    const glass = { breakGlass: true, environment: 'production', reason: 'the shop is down' };
    const alone = { ...glass, holder: { kind: 'person', id: 'alice' } };
    expect(codeOf(await give('alice', { ...alone, expiresAt: inMinutes(120) }))).toEqual([403, 'grant_refused']);
    const own = await give('alice', { ...alone, expiresAt: inMinutes(59) });
    expect((own.body as { items: Grant[] }).items[0]?.breakGlass).toEqual({
      reason: 'the shop is down',
      confirmedBy: null,
    });
    const two = await give('alice', { ...glass, holder: { kind: 'person', id: 'erin' }, expiresAt: inMinutes(239) });
    expect((two.body as { items: Grant[] }).items[0]?.breakGlass).toMatchObject({ confirmedBy: 'alice' });
    expect(
      codeOf(await give('carol', { ...glass, holder: { kind: 'person', id: 'carol' }, expiresAt: inMinutes(30) })),
    ).toEqual([403, 'permission_denied']);
    const { rows } = await api.store.database.pool.query<{ exception: boolean; actor: string }>(
      `select exception, actor from tminus.access_decision where permission = 'grant.give' and allowed and exception order by id`,
    );
    expect(rows.map(({ actor }) => actor)).toEqual(['alice', 'alice']);
  });

  it('O05 a right ends at once, that of the document, too, and once; the last admin stays', async () => {
    const document = (await list()).find(
      ({ holder, role, environment }) => holder.id === 'carol' && role === 'operator' && environment === 'staging',
    );
    expect(codeOf(await end('alice', document?.id ?? ''))).toEqual([403, 'permission_denied']);
    expect((await end('dave', document?.id ?? '')).status).toBe(200);
    expect(codeOf(await end('dave', document?.id ?? ''))).toEqual([404, 'grant_unknown']);
    expect((await list()).map(({ id }) => id)).not.toContain(document?.id);
    const ended = (await list('?ended=true')).find(({ id }) => id === document?.id);
    expect(ended?.fault).toContain('was revoked');
    const admin = (await list()).find(({ role, environment }) => role === 'admin' && environment === 'production');
    expect(codeOf(await end('dave', admin?.id ?? ''))).toEqual([403, 'permission_denied']);
    expect(api.trouble).toEqual([]);
  });
});
