import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Delivery } from '../../src/engine/delivery.ts';
import { openDelivery } from '../../src/engine/delivery/open-delivery.ts';
import { openGateDesk } from '../../src/engine/launches/gate-desk.ts';
import { openLaunchDesk } from '../../src/engine/launches/launch-desk.ts';
import type { NoticeParts } from '../../src/engine/notices/notice-parts.ts';
import { openNotices } from '../../src/engine/notices/open-notices.ts';
import type { Notices } from '../../src/engine/notices/open-notices.ts';
import { scanNotices } from '../../src/engine/notices/scan-notices.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { envProvider } from '../../src/kinds/secrets/env/provider.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { setFailpointHandler } from '../../src/store/failpoint.ts';
import { startMailServer } from '../doubles/mail-server.ts';
import type { MailServer } from '../doubles/mail-server.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
let post: MailServer;
let delivery: Delivery;
let opened: Notices | null = null;

beforeAll(async () => {
  api = await openTestApi();
  post = await startMailServer();
  // The queue of the product with less patience.
  const queues = [{ name: 'notices', attempts: 2, backoffSeconds: 1, backoffMaxSeconds: 1 }];
  delivery = await openDelivery(api.store, { queues });
  write('t0: 2026-12-05T14:00:00-05:00', 't0: 2020-12-05T14:00:00-05:00');
});
afterEach(async () => {
  setFailpointHandler(null);
  await opened?.close();
  opened = null;
  await delivery.cancelQueue('notices');
  await sql`delete from tminus.notice_delivery`.execute(api.store.tables);
  await sql`delete from tminus.notice_choice`.execute(api.store.tables);
  post.mails.length = 0;
});
afterAll(async () => {
  await delivery.stop({ graceSeconds: 1 });
  await post.stop();
  await api.close();
});

const file = (): string => join(api.launch.directory, 'launch.md');
const canary = 'canary-7c1f-e04b/93+d2=';
const errors: unknown[] = [];

function write(from: string, to: string): void {
  expect(readFileSync(file(), 'utf8')).toContain(from);
  writeFileSync(file(), readFileSync(file(), 'utf8').replace(from, to));
}

function parts(more: Partial<NoticeParts> = {}): NoticeParts {
  return {
    store: api.store,
    delivery,
    launches: openLaunchDesk([api.launch.directory], { checks: checkReaders, steps: stepReaders }),
    gates: openGateDesk(api.store),
    mail: {
      server: `smtp://${post.host}`,
      from: 'launch@shop.example',
      user: 'launch',
      password: { env: 'SMTP_PASSWORD' },
    },
    baseUrl: 'https://cockpit.example',
    secrets: { providers: [envProvider], environment: { SMTP_PASSWORD: canary }, workspace: '/', prefix: null },
    mask: () => undefined,
    maskText: (text) => text.replaceAll('smoke', '[masked:WORD]'),
    report: (error) => errors.push(error),
    ...more,
  };
}

interface Standing {
  address: string | null;
  mail: string[];
  version: number;
  channel: { isAwake: boolean; sender: string } | null;
  recent: { notice: string; state: string; detail: string | null; subject: string }[];
}

const standing = async (person = 'dave'): Promise<Standing> => {
  const { status, body } = await api.send(person, 'GET', '/api/me/notices');
  expect(status).toBe(200);
  return body as Standing;
};
const choose = async (person: string, mail: string[], version?: number): Promise<Answer> => {
  const expectedVersion = version ?? (await standing(person)).version;
  return api.send(person, 'PUT', '/api/me/notices', { body: { mail, expectedVersion } });
};
const idsOf = (): string[] => post.mails.map(({ data }) => /^Message-ID: (.*)\r$/imu.exec(data)?.[1] ?? '');
/** Quoted-printable (RFC 2045 section 6.7), as far as ASCII needs it. */
const decode = (data: string): string =>
  data
    .replaceAll(/=\r?\n/gu, '')
    .replaceAll(/=([0-9A-F]{2})/gu, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
const ended = async (): Promise<string[]> => {
  await expect
    .poll(async () => (await standing()).recent.filter(({ state }) => state === 'waiting').length, { timeout: 60_000 })
    .toBe(0);
  return (await standing()).recent.map(({ state }) => state);
};

interface HomeBody {
  items: { key: string; lane: string; mine: boolean }[];
  notices: { key: string; kind: string; dismissed: boolean }[];
}
const home = async (): Promise<HomeBody> => (await api.send('dave', 'GET', '/api/home')).body as HomeBody;

describe('notices by mail', () => {
  it('D20 looking twice, and by two workers at once, tells each thing once; masked, with a link and one Message-ID each', async () => {
    expect((await choose('dave', ['task-overdue'])).status).toBe(200);
    const wanted = (await home()).notices.filter(({ kind }) => kind === 'task-overdue');
    expect(wanted.length).toBeGreaterThan(3);
    const both = await Promise.all([scanNotices(parts()), scanNotices(parts())]);
    expect(both[0] + both[1]).toBe(wanted.length);
    expect(await scanNotices(parts())).toBe(0);
    opened = await openNotices(parts());
    expect(new Set(await ended())).toEqual(new Set(['sent']));
    expect(await scanNotices(parts())).toBe(0);
    expect([post.mails.length, new Set(idsOf()).size]).toEqual([wanted.length, wanted.length]);
    const { address } = await standing();
    expect(new Set(post.mails.map(({ from, to }) => `${from} ${to.join()}`))).toEqual(
      new Set([`launch@shop.example ${address}`]),
    );
    expect(post.logins).toContain(`launch ${canary}`);
    const all = post.mails.map(({ data }) => decode(data)).join('\n');
    expect(all).toContain('https://cockpit.example/launches/shop-cutover/gates/ready?criterion=order-names');
    expect([all.includes('smoke'), all.includes(canary)]).toEqual([false, false]);
  });

  it('D20 what was put away is not told, and what it is about is still listed as overdue', async () => {
    const before = await home();
    const overdue = before.notices.filter(({ kind }) => kind === 'task-overdue').map(({ key }) => key);
    await choose('dave', ['task-overdue']);
    await api.send('dave', 'POST', '/api/home/notices/dismiss', { body: { notices: overdue.slice(1) } });
    expect(await scanNotices(parts())).toBe(1);
    const after = await home();
    const listed = ({ items }: HomeBody) =>
      items.filter(({ lane, mine }) => lane === 'overdue' && mine).map(({ key }) => key);
    expect(listed(after)).toEqual(listed(before));
    expect(listed(after).length).toBe(overdue.length);
    expect(after.notices.filter(({ dismissed }) => dismissed).length).toBe(overdue.length - 1);
    await sql`delete from tminus.notice_dismissal`.execute(api.store.tables);
  });

  it('D20 a worker that dies between the yes of the server and its row tells again, with the same Message-ID', async () => {
    let deaths = 0;
    setFailpointHandler((name) => {
      if (name !== 'notice.told' || deaths > 0) return;
      deaths += 1;
      throw new Error('the worker died here');
    });
    opened = await openNotices(parts());
    await expect.poll(async () => (await standing()).channel?.isAwake).toBe(true);
    expect((await api.send('dave', 'POST', '/api/me/notices/test')).status).toBe(202);
    expect(await ended()).toEqual(['sent']);
    expect([deaths, post.mails.length, new Set(idsOf()).size]).toEqual([1, 2, 1]);
  });

  it('D20 comms of the environment hold: off tells nobody and says so, test tells the test address', async () => {
    await choose('dave', ['task-overdue']);
    const line = '    production: true\n';
    const before = readFileSync(file(), 'utf8');
    for (const [more, to] of [
      ['    comms: off\n', null],
      ['    comms: test\n    testAddress: me@shop.example\n', 'me@shop.example'],
    ] as const) {
      write(line, `${line}${more}`);
      opened = await openNotices(parts());
      await expect.poll(async () => (await standing()).recent.length, { timeout: 60_000 }).toBeGreaterThan(3);
      expect(new Set(await ended())).toEqual(new Set([to === null ? 'quiet' : 'sent']));
      expect((await standing()).recent[0]?.detail).toContain(
        to === null ? 'comms of production are off' : `to ${to}, `,
      );
      expect(new Set(post.mails.flatMap((mail) => mail.to))).toEqual(new Set(to === null ? [] : [to]));
      writeFileSync(file(), before);
      await opened.close();
      await sql`delete from tminus.notice_delivery`.execute(api.store.tables);
    }
    opened = null;
  });

  it('D20 what the server does not take is tried again, and then said to have failed, with its reason', async () => {
    const { address } = await standing();
    await sql`update identity."user" set email = 'no-dave@shop.example' where person = 'dave'`.execute(
      api.store.tables,
    );
    opened = await openNotices(parts());
    await expect.poll(async () => (await standing()).channel?.isAwake).toBe(true);
    await api.send('dave', 'POST', '/api/me/notices/test');
    expect(await ended()).toEqual(['failed']);
    expect((await standing()).recent[0]?.detail).toContain('550');
    expect(post.mails).toEqual([]);
    await sql`update identity."user" set email = ${address} where person = 'dave'`.execute(api.store.tables);
  });
});

describe('the choice of a person', () => {
  it('D20 D16 is nothing until they choose, and is not overwritten from an older page', async () => {
    expect(await standing()).toMatchObject({ mail: [], version: 0, recent: [] });
    expect(await scanNotices(parts())).toBe(0);
    expect((await choose('dave', ['stage-change', 'task-due'], 0)).body).toMatchObject({
      mail: ['task-due', 'stage-change'],
      version: 1,
    });
    const late = await choose('dave', [], 0);
    expect([late.status, (late.body as { code: string }).code]).toEqual([409, 'version_conflict']);
    expect((await choose('dave', ['everything'], 1)).status).toBe(400);
    expect(await standing('carol')).toMatchObject({ mail: [], version: 0 });
    expect((await api.send('mallory', 'GET', '/api/me/notices')).status).toBe(403);
    expect((await api.send(null, 'GET', '/api/me/notices')).status).toBe(401);
  });

  it('D20 a test message is refused where no worker sends mail, instead of waiting for nobody', async () => {
    await sql`delete from tminus.notice_channel`.execute(api.store.tables);
    const refused = await api.send('dave', 'POST', '/api/me/notices/test');
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([503, 'channel_unavailable']);
    expect(await standing()).toMatchObject({ channel: null, recent: [] });
    expect(errors).toEqual([]);
  });
});
