import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkKindContract, run } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { addresses, rcodes, startDnsServer, truncated } from '../../../../tests/doubles/dns-server.ts';
import type { DnsBehaviour, DnsDouble } from '../../../../tests/doubles/dns-server.ts';
import { dnsKind } from './kind.ts';
import { recordTypes } from './schema.ts';

const name = 'shop.test';
const behaviours: { [name: string]: DnsBehaviour } = {
  good: () => addresses(name, ['192.0.2.10', '192.0.2.11']),
  same: () => addresses(name, ['192.0.2.11', '192.0.2.10'], 300),
  old: () => addresses(name, ['192.0.2.10', '198.51.100.1'], 3600),
  changing: (_query, call) => addresses(name, [`192.0.2.${call}`]),
  servfail: () => ({ flags: rcodes.SERVFAIL }),
  nxdomain: () => ({ flags: rcodes.NXDOMAIN }),
  empty: () => ({ answers: [] }),
  silent: () => 'silence',
  garbage: (query) => Buffer.concat([Buffer.from([query.id! >> 8, query.id! & 255]), Buffer.alloc(40, 0xff)]),
  otherQuestion: () => ({ questions: [{ name: 'evil.test', type: 'A' }], ...addresses('evil.test', ['192.0.2.10']) }),
  long: () => ({
    flags: truncated,
    ...addresses(
      name,
      Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`),
    ),
  }),
  mail: () => ({ answers: [{ type: 'MX', name, ttl: 60, data: { preference: 10, exchange: 'Mail.Shop.Test' } }] }),
  text: () => ({ answers: [{ type: 'TXT', name, ttl: 60, data: ['v=spf1 ', '-all'] }] }),
  alias: () => ({
    answers: [
      { type: 'CNAME', name, ttl: 600, data: 'edge.test' },
      { type: 'A', name: 'edge.test', ttl: 30, data: '192.0.2.9' },
    ],
  }),
};
const doubles: { [name: string]: DnsDouble } = {};

beforeAll(async () => {
  for (const [title, behave] of Object.entries(behaviours)) doubles[title] = await startDnsServer(behave);
});
afterAll(() => Promise.all(Object.values(doubles).map((double) => double.stop())));

function ask(titles: string[], more: JsonObject = {}): ContractCase {
  return {
    written: { name, servers: titles.map((title) => doubles[title]!.server), timeout: '60s', ...more },
    allow: ['127.0.0.1'],
  };
}

checkKindContract({
  kind: dnsKind,
  success: () => ask(['good', 'same']),
  refusal: () => ask(['nxdomain']),
  slow: () => ask(['silent'], { timeout: '20s' }),
  garbage: () => ask(['garbage']),
  huge: { none: 'a DNS message has at most 65,535 bytes' },
  misspelt: { written: { name, servrs: [] }, wrong: 'servrs', meant: 'servers' },
  stricter: recordTypes.map((type) => ({ type })),
});

describe('what name servers say', () => {
  it('compares the servers whatever order their answers have, and takes the longest time to live', async () => {
    const { record } = await run(dnsKind, ask(['good', 'same']));
    expect(record.facts).toMatchObject({
      rcode: 'NOERROR',
      agree: true,
      answers: ['192.0.2.10', '192.0.2.11'],
      count: 2,
      ttl: 300,
    });
  });

  it('counts only answers that every server gave, and fails where they differ', async () => {
    const { record } = await run(dnsKind, ask(['good', 'old']));
    expect(record.facts).toMatchObject({ agree: false, answers: ['192.0.2.10'], count: 1, ttl: 3600 });
    expect(record.judgement.outcome).toBe('fail');
  });

  it.each([
    ['servfail', 'SERVFAIL'],
    ['nxdomain', 'NXDOMAIN'],
  ])('F54 %s is a code in the facts and fails', async (title, rcode) => {
    const { record } = await run(dnsKind, ask([title]));
    expect(record.facts).toMatchObject({ rcode, count: 0 });
    expect(record.judgement.outcome).toBe('fail');
  });

  it('fails a name without records of the type, though the server says NOERROR', async () => {
    expect((await run(dnsKind, ask(['empty']))).record.judgement.findings.map(({ outcome }) => outcome)).toEqual([
      'pass',
      'pass',
      'fail',
    ]);
  });

  it('F54 one silent server among two leaves the check unknown, as a timeout', async () => {
    const { record } = await run(dnsKind, ask(['good', 'silent'], { timeout: '1500ms' }));
    expect(record.trouble?.code).toBe('timeout');
    expect(record.judgement.outcome).toBe('unknown');
  });

  it('does not take the answer to another question', async () => {
    expect((await run(dnsKind, ask(['otherQuestion']))).record.trouble?.code).toBe('other_question');
  });

  it('asks again by TCP when the answer was cut off', async () => {
    const { record } = await run(dnsKind, ask(['long']));
    expect(record.facts).toMatchObject({ count: 200 });
  });

  it('sees a name that changes between two observations', async () => {
    const first = await run(dnsKind, ask(['changing']));
    const second = await run(dnsKind, ask(['changing']));
    expect(first.record.facts!['answers']).not.toEqual(second.record.facts!['answers']);
  });

  it.each([
    ['mail', 'MX', ['10 mail.shop.test'], 60],
    ['text', 'TXT', ['v=spf1 -all'], 60],
    ['alias', 'A', ['192.0.2.9'], 600],
  ])('reads %s records of type %s', async (title, type, answers, ttl) => {
    expect((await run(dnsKind, ask([title], { type }))).record.facts).toMatchObject({ answers, ttl });
  });

  it('A9 does not ask an inside server that the environment does not allow, nor a server by name', async () => {
    expect((await run(dnsKind, { ...ask(['good']), allow: [] })).record.trouble?.code).toBe('egress_blocked');
    expect(
      (await run(dnsKind, { ...ask(['good']), written: { name, servers: ['ns.test'] } })).record.trouble?.code,
    ).toBe('server_invalid');
  });
});
