import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { stepContext } from '../../../../tests/contract/step-context.ts';
import type { Surroundings } from '../../../../tests/contract/step-context.ts';
import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { startLedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import type { LedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import { startMailServer } from '../../../../tests/doubles/mail-server.ts';
import type { MailServer } from '../../../../tests/doubles/mail-server.ts';
import { notifyKind } from './kind.ts';

let ledger: LedgerServer;
let post: MailServer;
let silent: MailServer;
beforeAll(async () => {
  [ledger, post, silent] = [
    await startLedgerServer(),
    await startMailServer(),
    await startMailServer({ silent: true }),
  ];
});
afterAll(() => Promise.all([ledger.stop(), post.stop(), silent.stop()]));

const canary = 'canary-7c1f-e04b/93+d2=';
const key = '{{ secret "hook/key" }}';
const said = { subject: 'T-0 of {{ launch.title }}', text: 'We go live now.' };
const variables = { TMINUS_LAUNCH_TITLE: 'Shop' };
const given = (more: Surroundings = {}): Surroundings => ({
  allow: [ledger.host, post.host, silent.host],
  variables,
  secrets: { 'hook/key': canary },
  ...more,
});
const hook = (path = '/orders') => ({ ...said, webhook: { url: `${ledger.url}${path}` } });
const mail = (more: object = {}, host = post.host) => ({
  ...said,
  mail: { server: `smtp://${host}`, from: 'launch@shop.test', to: ['team@shop.test'], ...more },
});
const none = { none: 'only people know whether a message arrived' };

describe('by webhook', () => {
  stepKindContract({
    kind: notifyKind,
    success: () => ({ written: hook(), given: given(), target: `${ledger.url}/orders` }),
    trouble: () => ({ written: hook('/no'), given: given() }),
    slow: () => ({ written: hook('/slow'), given: given() }),
    misspelt: { written: { ...said, webhok: {} }, wrong: 'webhok', meant: 'webhook' },
    forbidden: () => ({
      written: hook(),
      given: given({ forbidden: [ledger.host] }),
      touched: () => ledger.calls.length,
    }),
    secret: () => {
      const before = ledger.calls.length;
      return {
        written: { ...said, webhook: { url: `${ledger.url}/orders`, key } },
        given: given(),
        canary,
        arrived: () =>
          ledger.calls.slice(before).some(({ headers, body }) => isSigned(headers['tminus-signature'], body)),
      };
    },
    probe: none,
  });
});

describe('by mail', () => {
  stepKindContract({
    kind: notifyKind,
    success: () => ({ written: mail(), given: given(), target: 'team@shop.test' }),
    trouble: () => ({ written: mail({ to: ['no-body@shop.test'] }), given: given() }),
    slow: () => ({ written: mail({}, silent.host), given: given() }),
    misspelt: { written: mail({ too: ['a@b.test'] }, '127.0.0.1'), wrong: 'too', meant: 'to' },
    forbidden: () => ({ written: mail(), given: given({ forbidden: [post.host] }), touched: () => post.mails.length }),
    secret: () => {
      const before = post.logins.length;
      return {
        written: mail({ user: 'launch', password: key }),
        given: given(),
        canary,
        arrived: () => post.logins.slice(before).includes(`launch ${canary}`),
      };
    },
    probe: none,
  });
});

describe('what is sent', () => {
  const run = async (written: object, more: Surroundings = {}) => {
    const read = notifyKind.readSpec(written as never);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const recorded = stepContext(given(more));
    return { ...recorded, end: await notifyKind.run(read.spec, recorded.context) };
  };

  it('C23 a placeholder without a value blocks the sending', async () => {
    const before = [ledger.calls.length, post.mails.length];
    for (const written of [hook(), mail()])
      expect((await run(written, { variables: {} })).end).toMatchObject({ outcome: 'failed' });
    expect([ledger.calls.length, post.mails.length]).toEqual(before);
  });

  it('C23 the copy that was sent stands in the log, and its digest in the facts', async () => {
    const { end, logged } = await run(mail());
    expect(logged()).toContain('subject: T-0 of Shop\n\nWe go live now.');
    expect(end.facts).toMatchObject({ sent: true, messageSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(post.mails.at(-1)).toMatchObject({ from: 'launch@shop.test', to: ['team@shop.test'] });
    expect(post.mails.at(-1)!.data).toMatch(/^Subject: T-0 of Shop\r$/m);
  });

  it('C23 with comms off nothing leaves, and the log says so', async () => {
    const before = [ledger.calls.length, post.mails.length];
    const comms = { mode: 'off', testMail: 'a@b.test', testWebhook: `${ledger.url}/orders` } as const;
    for (const written of [hook(), mail()]) {
      const { end, logged } = await run(written, { comms });
      expect(end).toMatchObject({ outcome: 'done', facts: { sent: false } });
      expect(logged()).toContain('nothing was sent');
    }
    expect([ledger.calls.length, post.mails.length]).toEqual(before);
  });

  it('C23 with comms in test only the test address gets it, and without one nobody', async () => {
    const before = ledger.calls.length;
    const comms = { mode: 'test', testMail: 'me@shop.test', testWebhook: null } as const;
    expect((await run(mail(), { comms })).end).toMatchObject({ outcome: 'done' });
    expect(post.mails.at(-1)!.to).toEqual(['me@shop.test']);
    expect((await run(hook(), { comms })).end).toMatchObject({ outcome: 'failed' });
    expect(ledger.calls.length).toBe(before);
  });

  it('a repeat is the same message to whoever looks at its id', async () => {
    await run(mail());
    await run(mail(), { attempt: 2 });
    const ids = post.mails.slice(-2).map(({ data }) => /^Message-ID: (.*)\r$/im.exec(data)?.[1]);
    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@shop\.test>$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('A13 a value cannot add a header or a receiver', async () => {
    await run(mail(), { variables: { TMINUS_LAUNCH_TITLE: 'Shop\r\nBcc: other@evil.test' } });
    expect(post.mails.at(-1)!.to).toEqual(['team@shop.test']);
    expect(post.mails.at(-1)!.data).not.toMatch(/^Bcc:/im);
  });

  it('O06 a message holds no secret', () => {
    expect(notifyKind.readSpec({ ...hook(), text: key }).ok).toBe(false);
    expect(notifyKind.readSpec({ ...hook(), ...mail() }).ok).toBe(false);
  });
});

function isSigned(header: string | string[] | undefined, body: string): boolean {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(header));
  return match !== null && createHmac('sha256', canary).update(`${match[1]}.${body}`).digest('hex') === match[2];
}
