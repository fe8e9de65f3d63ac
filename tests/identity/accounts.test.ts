import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { permitAccounts } from '../../src/engine/identity/permit-accounts.ts';
import { newStageLaunch } from '../access/stage.ts';
import { password, startDesk } from './desk-server.ts';
import type { DeskServer } from './desk-server.ts';

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk();
});
afterAll(() => server.close());

const ip = '192.0.2.1';
const first = { name: 'Ada', email: 'Ada@Example.org', password, person: 'ada' };

/** Makes Ada the first admin of a launch, as whoever installs does. */
function nameAdmin(launch: Launch): Promise<unknown> {
  const holder = { kind: 'person', id: 'ada' } as const;
  const wish = { role: 'admin', environment: launch.environments[0]?.id ?? '', giver: null, expiresAt: null } as const;
  return giveGrant(server.store, launch, {
    holder,
    ...wish,
    delegates: null,
    breakGlass: false,
    reason: 'installed it',
  });
}

describe('the first run', () => {
  it('T25 has no account and no default password, and wants the code of the console', async () => {
    expect(await server.desk.accounts.list()).toEqual([]);
    expect(await server.desk.setup.isOpen()).toBe(true);
    for (const code of ['', 'admin', '00000-00000-00000-00000-00000'])
      await expect(server.desk.setup.complete({ ...first, code }, ip)).rejects.toMatchObject({ code: 'code_invalid' });
    expect(await server.desk.accounts.list()).toEqual([]);
  });

  it('T25 a newer code takes the place of an older one, and a weak password does not use it up', async () => {
    const old = (await server.desk.setup.issueCode()) ?? '';
    const code = (await server.desk.setup.issueCode()) ?? '';
    await expect(server.desk.setup.complete({ ...first, code: old }, ip)).rejects.toMatchObject({
      code: 'code_invalid',
    });
    for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'ada@example.org', 'x'.repeat(129)])
      await expect(server.desk.setup.complete({ ...first, code, password: weak }, ip)).rejects.toMatchObject({
        code: 'password_weak',
      });
  });

  it('A39 of ten at once with the right code one makes the account, and setup is closed for ever', async () => {
    const code = (await server.desk.setup.issueCode()) ?? '';
    expect(code).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){4}$/);
    const wishes = Array.from({ length: 10 }, (_, number) => ({
      ...first,
      code: code.toUpperCase(),
      email: `ada${number}@example.org`,
    }));
    const ended = await Promise.allSettled(wishes.map((wish) => server.desk.setup.complete(wish, '203.0.113.5')));
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await server.desk.accounts.list()).toHaveLength(1);
    expect((await server.desk.accounts.list())[0]).toMatchObject({ person: 'ada', disabledAt: null });
    expect(await server.desk.setup.isOpen()).toBe(false);
    expect(await server.desk.setup.issueCode()).toBeNull();
    await expect(server.desk.setup.complete({ ...first, code }, ip)).rejects.toMatchObject({ code: 'setup_closed' });
  });

  it('A24 guesses at its code end for the network', async () => {
    const fresh = await startDesk();
    try {
      const code = (await fresh.desk.setup.issueCode()) ?? '';
      const guess = (text: string) => fresh.desk.setup.complete({ ...first, code: text }, '198.51.100.4');
      for (let number = 0; number < 20; number += 1)
        await expect(guess(`guess-${number}`)).rejects.toMatchObject({ code: 'code_invalid' });
      await expect(guess(code)).rejects.toMatchObject({ code: 'too_many_requests' });
      expect(await fresh.desk.accounts.list()).toEqual([]);
    } finally {
      await fresh.close();
    }
  });

  it('T25 gives no right by itself: the first admin is named by the grant of whoever installs', async () => {
    const launch = newStageLaunch();
    const subject = 'invite';
    await expect(permitAccounts(server.store, [launch], { person: 'ada', subject })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await nameAdmin(launch);
    await permitAccounts(server.store, [launch], { person: 'ada', subject });
    await expect(permitAccounts(server.store, [launch], { person: 'alice', subject })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('T25 wants account.manage in every environment of every launch, and of no launch it follows for nobody', async () => {
    const launch = newStageLaunch({ id: 'mine' });
    const other = newStageLaunch({ id: 'another' });
    const ask = { person: 'ada', subject: 'invite' };
    await nameAdmin(launch);
    await permitAccounts(server.store, [launch], ask);
    await expect(permitAccounts(server.store, [launch, other], ask)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(permitAccounts(server.store, [], ask)).rejects.toMatchObject({ code: 'permission_denied' });
    const environments = [...launch.environments, { ...launch.environments[0]!, id: 'new-one' }];
    await expect(permitAccounts(server.store, [{ ...launch, environments }], ask)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});

describe('an account', () => {
  const invite = (name: string, person: string | null = null) =>
    server.desk.accounts.invite({ name, email: `${name}@example.org`, person }, 'root');

  it('T25 is opened by the invited person, whose code works once', async () => {
    const { code } = await invite('bob', 'bob');
    expect(await (await server.signIn('bob')).me()).toBeNull();
    await server.desk.accounts.redeem({ code, password }, ip);
    expect(await (await server.signIn('bob')).me()).toMatchObject({ person: 'bob' });
    await expect(server.desk.accounts.redeem({ code, password: `${password} again` }, ip)).rejects.toMatchObject({
      code: 'code_invalid',
    });
    expect(await (await server.signIn('bob')).me()).not.toBeNull();
  });

  it('T25 a reset ends what was open, and its code is not good for the setup or after an hour', async () => {
    const id = await server.addAccount('carol');
    const browser = await server.signIn('carol');
    const { code } = await server.desk.accounts.reset(id, 'root');
    expect(await browser.me()).not.toBeNull();
    await server.desk.accounts.redeem({ code, password: 'a new one of four words' }, '203.0.113.77');
    expect(await browser.me()).toBeNull();
    const late = await server.desk.accounts.reset(id, 'root');
    await server.store.database.pool.query(`update identity.ticket set expires_at = now() - interval '1 s'`);
    await expect(server.desk.accounts.redeem({ code: late.code, password }, '203.0.113.78')).rejects.toMatchObject({
      code: 'code_invalid',
    });
  });

  it('A26 one person has one account in use, and one address one account', async () => {
    await invite('dave', 'dave');
    await expect(invite('dave2', 'dave')).rejects.toMatchObject({ code: 'person_taken' });
    await expect(
      server.desk.accounts.invite({ name: 'x', email: 'DAVE@example.org', person: null }, 'root'),
    ).rejects.toMatchObject({ code: 'account_exists' });
    const second = await server.addAccount('dave2');
    await expect(server.desk.accounts.setPerson(second, 'dave', 'root')).rejects.toMatchObject({
      code: 'person_taken',
    });
    const [dave] = (await server.desk.accounts.list()).filter(({ name }) => name === 'dave');
    await server.desk.accounts.setDisabled(dave?.id ?? '', true, 'root');
    expect(await server.desk.accounts.setPerson(second, 'dave', 'root')).toMatchObject({ person: 'dave' });
    await expect(server.desk.accounts.setDisabled(dave?.id ?? '', false, 'root')).rejects.toMatchObject({
      code: 'person_taken',
    });
  });

  it('A26 nobody makes themselves another person, and who becomes another is signed out', async () => {
    const id = await server.addAccount('erin');
    const browser = await server.signIn('erin');
    await expect(server.desk.accounts.setPerson(id, 'alice', id)).rejects.toMatchObject({ code: 'own_account' });
    await expect(server.desk.accounts.setDisabled(id, true, id)).rejects.toMatchObject({ code: 'own_account' });
    expect(await browser.me()).toMatchObject({ person: null });
    await server.desk.accounts.setPerson(id, 'erin', 'root');
    expect(await browser.me()).toBeNull();
  });

  it('T25 that is switched off is out at once, everywhere', async () => {
    const id = await server.addAccount('frank');
    const browser = await server.signIn('frank');
    expect(await browser.me()).not.toBeNull();
    await server.desk.accounts.setDisabled(id, true, 'root');
    expect(await browser.me()).toBeNull();
    expect(await (await server.signIn('frank')).me()).toBeNull();
    await server.desk.accounts.setDisabled(id, false, 'root');
    expect(await (await server.signIn('frank')).me()).not.toBeNull();
  });

  it('A36 that is not there is told as that, and nothing is made', async () => {
    await expect(server.desk.accounts.reset('nobody', 'root')).rejects.toMatchObject({ code: 'account_unknown' });
    await expect(server.desk.accounts.setPerson('nobody', 'x', 'root')).rejects.toMatchObject({
      code: 'account_unknown',
    });
    expect(await server.desk.accounts.read('nobody')).toBeNull();
  });

  it('A38 text that looks like SQL is text', async () => {
    const name = `x'); drop table identity."user"; --`;
    await server.desk.accounts.invite({ name, email: 'sql@example.org', person: name }, name);
    expect((await server.desk.accounts.list()).some((each) => each.name === name && each.person === name)).toBe(true);
  });
});
