import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Mailout, MailoutPlan } from '../../src/core/mailout/mailout.ts';
import { sendMailout } from '../../src/engine/mailout/send-mailout.ts';
import type { MailoutResult } from '../../src/engine/mailout/send-mailout.ts';
import { listDeliveries, resolveDelivery } from '../../src/store/mailout.ts';
import type { MailoutPlace } from '../../src/store/mailout.ts';
import type { Store } from '../../src/store/open-store.ts';
import { startMailServer } from '../doubles/mail-server.ts';
import type { MailServer, TakenMail } from '../doubles/mail-server.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import type { ChildWish } from './send-child.ts';

const addresses = Array.from({ length: 15 }, (_, nr) => `person-${nr}@example.org`);
const place: MailoutPlace = { launch: 'shop', environment: 'production', mailout: 'killed', mode: 'real' };
const plan: MailoutPlan = {
  recipients: addresses.length,
  skipped: {},
  mails: addresses.map((address) => ({ address, subject: 'Hello', text: 'Hello.', unsubscribe: 'https://a.test/out' })),
};
let database: TestDatabase;
let store: Store;
let server: MailServer;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  server = await startMailServer();
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

const toMailout = (): Mailout => ({
  name: 'killed',
  dataset: 'accounts',
  side: 'target',
  email: 'email',
  where: [],
  skip: [],
  server: `smtp://${server.host}`,
  from: 'team@example.org',
  user: 'team',
  password: 'mail-key',
  unsubscribe: 'https://a.test/out',
  unsubscribed: null,
  bounced: null,
  rate: 60_000,
  subject: 'Hello',
  text: 'Hello.',
});

/** A start in a process of its own that dies when the server has taken this many mails in all, before it answers: nobody can tell the sender that its mail was taken. */
async function startAndKill(afterMails: number): Promise<NodeJS.Signals | null> {
  const { url: databaseUrl, dataDirectory } = database;
  const wish: ChildWish = { databaseUrl, dataDirectory, place, mailout: toMailout(), plan };
  const script = join(import.meta.dirname, 'send-child.ts');
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, JSON.stringify(wish)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  server.mails.push = (...taken: TakenMail[]): number => {
    const count = Array.prototype.push.apply(server.mails, taken);
    if (count === afterMails) child.kill('SIGKILL');
    return count;
  };
  return await new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
}

const send = (): Promise<MailoutResult> =>
  sendMailout(
    store,
    { mailout: toMailout(), plan },
    {
      place,
      testMail: null,
      password: 'canary-pass',
      allow: ['127.0.0.1'],
      forbidden: [],
      signal: new AbortController().signal,
      progress: () => undefined,
    },
  );

/** What a person does who looks at the log of the mail server. */
async function settle(): Promise<number> {
  const open = (await listDeliveries(store, place)).filter(({ state }) => state === 'claimed');
  for (const { messageId } of open) {
    const wasSent = server.mails.some(({ data }) => data.includes(messageId));
    expect(await resolveDelivery(store, place, { messageId, wasSent })).toBe(true);
  }
  return open.length;
}

describe('a mailout whose process is killed', () => {
  it('C24 F34 killed twice between the mail and its answer, each address gets one mail, and what nobody knows is asked first', async () => {
    for (const afterMails of [4, 9]) {
      expect(await startAndKill(afterMails)).toBe('SIGKILL');
      expect(server.mails).toHaveLength(afterMails);
      const stopped = await send();
      expect(stopped).toMatchObject({ sent: 0, left: addresses.length });
      expect(stopped.unknown).toHaveLength(1);
      expect(server.mails).toHaveLength(afterMails);
      expect(await settle()).toBe(1);
    }
    expect(await send()).toEqual({ sent: 6, before: 9, refused: 0, left: 0, why: null, unknown: [] });
    expect(server.mails.flatMap(({ to }) => to).toSorted()).toEqual(addresses.toSorted());
    expect(await send()).toEqual({ sent: 0, before: 15, refused: 0, left: 0, why: null, unknown: [] });
    expect(server.mails).toHaveLength(addresses.length);
  });
});
