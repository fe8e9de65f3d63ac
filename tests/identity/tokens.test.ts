import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { permissionRules, permissions } from '../../src/core/access/permission.ts';
import type { Permission } from '../../src/core/access/permission.ts';
import { startDesk } from './desk-server.ts';
import type { DeskServer } from './desk-server.ts';

let server: DeskServer;
let account: string;
beforeAll(async () => {
  server = await startDesk();
  account = await server.addAccount('robot', 'robot');
});
afterAll(() => server.close());

const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
const wish = { name: 'pipeline', scopes: ['run.view', 'run.start'] as Permission[], expiresAt: days(30) };
const ask = (text: string) => server.browser().me({ authorization: `Bearer ${text}` });

describe('a token', () => {
  it('T25 stands for the person of its account, within its scopes, and never for a second factor', async () => {
    const { text, token } = await server.desk.tokens.create(account, wish);
    expect(text).toMatch(/^tmt_[\w-]{43}$/);
    const expected = {
      account,
      person: 'robot',
      via: 'token',
      session: token.id,
      scopes: wish.scopes,
      strongAtMs: null,
    };
    expect(await ask(text)).toMatchObject(expected);
    expect((await server.desk.tokens.list(account)).find(({ id }) => id === token.id)?.usedAt).not.toBeNull();
  });

  it('T25 is shown once: neither the list nor the database has it', async () => {
    const { text } = await server.desk.tokens.create(account, wish);
    expect(JSON.stringify(await server.desk.tokens.list(null))).not.toContain(text);
    const { rows } = await server.store.database.pool.query('select t::text as row from identity.token t');
    expect(JSON.stringify(rows)).not.toContain(text);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(text).toString('hex'));
  });

  it.each(permissions.filter((each) => permissionRules[each].human))('A27 never has the scope %s', async (scope) => {
    const made = server.desk.tokens.create(account, { ...wish, scopes: ['run.view', scope] });
    await expect(made).rejects.toMatchObject({ code: 'token_refused' });
  });

  it.each(permissions.filter((each) => !permissionRules[each].human))('A27 may have the scope %s', async (scope) => {
    const { token } = await server.desk.tokens.create(account, { ...wish, scopes: [scope, scope] });
    expect(token.scopes).toEqual([scope]);
  });

  it.each([
    ['without a scope', { scopes: [] }],
    ['with a scope that there is not', { scopes: ['everything' as Permission] }],
    ['with a scope of every object', { scopes: ['constructor' as Permission] }],
    ['for longer than a year', { expiresAt: days(366) }],
    ['for the past', { expiresAt: days(-1) }],
    ['for ever', { expiresAt: 'never' }],
    ['without a name', { name: ' ' }],
  ])('T25 is refused %s', async (_what, patch) => {
    await expect(server.desk.tokens.create(account, { ...wish, ...patch })).rejects.toMatchObject({
      code: 'token_refused',
    });
  });

  it('A35 of another form, with another letter, or beside a good cookie is nobody', async () => {
    const { text } = await server.desk.tokens.create(account, wish);
    const other = text.endsWith('A') ? 'B' : 'A';
    const wrong = [
      `${text.slice(0, -1)}${other}`,
      text.toUpperCase(),
      text.slice(4),
      `${text} x`,
      `${text}A`,
      'tmt_',
      '',
    ];
    expect(await Promise.all(wrong.map(ask))).toEqual(wrong.map(() => null));
    await server.addAccount('zoe');
    const browser = await server.signIn('zoe');
    expect(await browser.me()).not.toBeNull();
    expect(await browser.me({ authorization: 'Bearer tmt_wrong' })).toBeNull();
    expect(await browser.me({ authorization: 'Bearer' })).toBeNull();
    expect(await browser.me({ authorization: `Basic ${btoa('proxy:password')}` })).not.toBeNull();
  });

  it('T25 ends when it is revoked, when its time is over and when its account is switched off', async () => {
    const id = await server.addAccount('short');
    const made = await Promise.all([1, 2, 3].map(() => server.desk.tokens.create(id, wish)));
    const [revoked, old, off] = made.map(({ text }) => text) as [string, string, string];
    for (const { text } of made) expect(await ask(text)).not.toBeNull();
    expect(await server.desk.tokens.revoke(made[0]?.token.id ?? '', id, id)).toBe(true);
    expect(await ask(revoked)).toBeNull();
    await server.store.database.pool.query(
      `update identity.token set created_at = now() - interval '2 days', expires_at = now() - interval '1 s' where id = $1`,
      [made[1]?.token.id],
    );
    await server.desk.accounts.setDisabled(id, true, 'root');
    expect(await ask(old)).toBeNull();
    expect(await ask(off)).toBeNull();
    await server.desk.accounts.setDisabled(id, false, 'root');
    expect(await ask(off)).toBeNull();
  });

  it('A36 of somebody else is neither listed nor ended', async () => {
    const { text, token } = await server.desk.tokens.create(account, wish);
    const other = await server.addAccount('other');
    expect(await server.desk.tokens.list(other)).toEqual([]);
    expect(await server.desk.tokens.revoke(token.id, other, other)).toBe(false);
    expect(await ask(text)).not.toBeNull();
    expect(await server.desk.tokens.revoke(token.id, null, 'root')).toBe(true);
  });

  it('A48 is looked up by its digest: a guess that begins right takes no longer than one that begins wrong', async () => {
    const { text } = await server.desk.tokens.create(account, wish);
    const end = (letter: string) => letter.repeat(3);
    const guesses = [`${text.slice(0, -3)}${end('_')}`, `tmt_${end('_')}${text.slice(7)}`];
    const timeOf = async (guess: string): Promise<number> => {
      const headers = new Headers({ authorization: `Bearer ${guess}` });
      const began = performance.now();
      expect(await server.desk.identify({ headers, ip: '192.0.2.1' })).toBeNull();
      return performance.now() - began;
    };
    const [near, far] = guesses as [string, string];
    const times: number[] = [];
    const apart: [number[], number[]] = [[], []];
    // Both of a pair meet the same machine, whatever else it does. Which comes first takes turns, and neither order counts for more.
    for (let round = 0; round < 3_000; round += 1) {
      const order = (round % 2) as 0 | 1;
      const first = await timeOf(order === 0 ? near : far);
      const second = await timeOf(order === 0 ? far : near);
      times.push(first, second);
      apart[order].push(order === 0 ? first - second : second - first);
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
    expect(Math.abs(median(apart[0]) + median(apart[1])) / 2 / median(times)).toBeLessThan(0.1);
  }, 600_000);
});
