import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject, Trouble } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Observation } from '../../../core/check/check.ts';
import { readSources } from '../../../core/check/read-sources.ts';
import { startDnsServer } from '../../../../tests/doubles/dns-server.ts';
import { closedPort, startSilentServer } from '../../../../tests/doubles/silent-server.ts';
import { startTarget } from '../../../../tests/doubles/target-server.ts';
import type { Target } from '../../../../tests/doubles/target-server.ts';
import { startTlsServer } from '../../../../tests/doubles/tls-server.ts';
import type { TlsDouble } from '../../../../tests/doubles/tls-server.ts';
import type { ResolveHost } from '../guarded-lookup.ts';
import { httpKind } from './kind.ts';
import { observeHttp } from './observe.ts';

let target: Target;
let workspace: string;
const tls: { [name: string]: TlsDouble } = {};
beforeAll(async () => {
  target = await startTarget();
  tls['good'] = await startTlsServer();
  tls['expired'] = await startTlsServer({ validFrom: new Date('2020-01-01'), validTo: new Date('2021-01-01') });
  tls['other'] = await startTlsServer({ names: ['other.test'] });
  workspace = mkdtempSync(join(tmpdir(), 'tminus-http-'));
  for (const [name, server] of Object.entries(tls)) writeFileSync(join(workspace, `${name}.pem`), server.ca);
});
afterAll(async () => {
  await Promise.all([target.stop(), ...Object.values(tls).map((server) => server.stop())]);
  rmSync(workspace, { recursive: true });
});

interface Setting {
  allow?: string[];
  resolve?: ResolveHost;
  signal?: AbortSignal;
}

async function observe(
  written: JsonObject,
  setting: Setting = {},
): Promise<{ trouble: Trouble | null; facts: JsonObject; observation: Observation }> {
  const read = httpKind.readSpec(written);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const { allow = ['127.0.0.1'], signal = AbortSignal.timeout(100_000), resolve } = setting;
  const observation = await observeHttp(read.spec, { signal, workspace, allow, now: Date.now }, resolve);
  const reading = observation.trouble ? null : readSources(httpKind, read.spec, observation.sources);
  return { trouble: observation.trouble, facts: reading?.state === 'readable' ? reading.facts : {}, observation };
}

const at = (path: string, more: JsonObject = {}): Promise<Awaited<ReturnType<typeof observe>>> =>
  observe({ url: `${target.url}${path}`, ...more });

describe('what an answer says', () => {
  it('O24 status, headers, JSON, body, size and latency', async () => {
    const { facts } = await at('/ok');
    expect(facts).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      json: { version: '1.8.0', items: [{ id: 7 }] },
      redirects: [],
      url: `${target.url}/ok`,
    });
    expect(facts['latency']).toBeGreaterThan(0);
    expect(facts['bytes']).toBe((facts['body'] as string).length);
    expect(facts).not.toHaveProperty('tls');
  });

  it('sends method, headers and body as written', async () => {
    await at('/echo', { method: 'POST', headers: { 'x-trial': 'yes' }, body: '{"a":1}' });
    expect(target.calls.at(-1)).toMatchObject({ method: 'POST', headers: { 'x-trial': 'yes' }, body: '{"a":1}' });
  });

  it('unpacks what came compressed', async () => {
    expect((await at('/gzip')).facts).toMatchObject({ json: { packed: true }, bytes: 15 });
  });

  it('has no JSON where there is none, and no text where the body is binary', async () => {
    expect((await at('/html')).facts).not.toHaveProperty('json');
    const { facts } = await at('/binary');
    expect(facts).not.toHaveProperty('body');
    expect(facts).toMatchObject({ status: 200, bytes: 5 });
  });

  it('takes an answer without a body for what it is', async () => {
    expect((await at('/empty-gzip', { method: 'HEAD' })).facts).toMatchObject({ status: 200, bytes: 0, body: '' });
    expect((await at('/no-content')).facts).toMatchObject({ status: 204, bytes: 0 });
  });

  it('reads the life of the certificate', async () => {
    const { facts } = await observe({ url: `https://127.0.0.1:${tls['good']!.port}/`, ca: 'good.pem' });
    expect(facts).toMatchObject({ status: 200, tls: { daysLeft: 89 } });
  });
});

describe('what a target does wrong', () => {
  it.each([
    ['/503', 503],
    ['/500', 500],
    ['/429', 429],
  ])('F54 %s is a status like any other', async (path, status) => {
    expect(await at(path)).toMatchObject({ trouble: null, facts: { status } });
  });

  it.each([
    ['/slow', 'timeout_response'],
    ['/hang', 'timeout_body'],
    ['/trickle', 'timeout_body'],
    ['/short', 'body_short'],
    ['/short-chunked', 'body_short'],
    ['/short-gzip', 'body_short'],
    ['/short-whole-gzip', 'body_short'],
    ['/reset', 'reset'],
    ['/garbage', 'protocol_error'],
    ['/not-gzip', 'encoding_error'],
    ['/odd-encoding', 'encoding_error'],
    ['/endless-headers', 'headers_too_large'],
    ['/switch', 'protocol_error'],
  ])('F54 %s ends as %s', async (path, code) => {
    // Only what never comes is waited for no longer than this: the rest may be late.
    const timeout = code.startsWith('timeout') ? '2s' : '30s';
    expect((await at(path, { timeout })).trouble).toMatchObject({ code });
  });

  it.each([
    ['expired', 'tls_expired'],
    ['other', 'tls_wrong_name'],
  ])('F54 a certificate that is %s ends as %s', async (name, code) => {
    expect((await observe({ url: `https://127.0.0.1:${tls[name]!.port}/`, ca: `${name}.pem` })).trouble).toMatchObject({
      code,
    });
  });

  it('F54 nobody listening, a name that does not resolve, no TLS, an unknown authority and silence each have their own word', async () => {
    const silent = await startSilentServer();
    const codes = await Promise.all([
      observe({ url: `http://127.0.0.1:${await closedPort()}/` }),
      observe(
        { url: 'http://missing.test/' },
        { resolve: () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' })) },
      ),
      observe({ url: `https://${target.host}/ok` }),
      observe({ url: `https://127.0.0.1:${tls['good']!.port}/` }),
      observe({ url: `https://${silent.host}/`, timeout: '300ms' }),
      observe({ url: `https://127.0.0.1:${tls['good']!.port}/`, ca: 'missing.pem' }),
      observe({ url: 'not a url' }),
    ]);
    await silent.stop();
    expect(codes.map(({ trouble }) => trouble?.code)).toEqual([
      'refused',
      'dns_failed',
      'tls_failed',
      'tls_untrusted',
      'timeout_connect',
      'path_missing',
      'url_invalid',
    ]);
  });

  it.each(['/huge', '/bomb'])(
    'A12 %s is cut at the limit as too large, with little memory and in little time',
    async (path) => {
      const before = process.memoryUsage().rss;
      const startedAt = performance.now();
      expect((await at(path, { limit: '1MiB' })).trouble).toMatchObject({ code: 'too_large' });
      expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
      expect(performance.now() - startedAt).toBeLessThan(60_000);
    },
  );
});

describe('redirects', () => {
  it('are not followed unless asked for, and are kept as a chain when they are', async () => {
    expect((await at('/chain?left=3')).facts).toMatchObject({ status: 301, redirects: [] });
    expect((await at('/chain?left=3', { follow: 3 })).facts).toMatchObject({
      status: 200,
      url: `${target.url}/ok`,
      redirects: [
        { status: 301, location: '/chain?left=2' },
        { status: 301, location: '/chain?left=1' },
        { status: 301, location: '/ok' },
      ],
    });
  });

  it('end at the limit, and a loop ends there, too', async () => {
    expect((await at('/chain?left=4', { follow: 3 })).trouble).toMatchObject({ code: 'redirect_limit' });
    expect((await at('/loop', { follow: 10 })).trouble).toMatchObject({ code: 'redirect_limit' });
  });

  it('do not go back from https to http', async () => {
    const server = await startTlsServer({ location: `${target.url}/ok` });
    writeFileSync(join(workspace, 'down.pem'), server.ca);
    expect((await observe({ url: `https://${server.host}/`, ca: 'down.pem', follow: 3 })).trouble).toMatchObject({
      code: 'redirect_downgrade',
    });
    expect((await observe({ url: `https://${server.host}/`, ca: 'down.pem' })).facts).toMatchObject({ status: 302 });
    await server.stop();
  });

  it('drop credentials on the way to another origin, and the body where the method changes', async () => {
    const other = await startTarget();
    const url = `${target.url}/redirect?status=303&to=${encodeURIComponent(`${other.url}/echo`)}`;
    await observe({
      url,
      method: 'POST',
      body: 'x',
      headers: { Authorization: 'Bearer canary', 'x-kept': '1' },
      follow: 1,
    });
    expect(other.calls).toMatchObject([{ method: 'GET', body: '', headers: { 'x-kept': '1' } }]);
    expect(other.calls[0]!.headers).not.toHaveProperty('authorization');
    await other.stop();
  });

  it.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/',
    'ftp://127.0.0.1/',
    'data:text/plain,x',
    'javascript:1',
    'http://user:pass@127.0.0.1/',
  ])('A11 to %s is refused', async (to) => {
    expect((await at(`/redirect?to=${encodeURIComponent(to)}`, { follow: 5 })).trouble).toMatchObject({
      code: 'egress_blocked',
    });
  });

  it('A11 to an inside address is blocked at that hop, and nothing is sent there', async () => {
    const inside = await startTarget();
    const allow = [target.host];
    const seen = await observe(
      { url: `${target.url}/redirect?to=${encodeURIComponent(`${inside.url}/ok`)}`, follow: 5 },
      { allow },
    );
    expect(seen.trouble).toMatchObject({ code: 'egress_blocked' });
    expect(inside.calls).toEqual([]);
    await inside.stop();
  });
});

/** Spellings of inside addresses, and of the ways around a guard that reads them as text. */
// Laid out as lines to look through.
// oxfmt-ignore
const payloads = [
  '127.0.0.1', '127.1', '127.0.1', '127.000.000.001', '0x7f.1', '0x7f.0.0.1', '0x7f000001', '0X7F.1', '017700000001', '0177.0.0.1', '0177.1', '2130706433', '127.0.0.1.', '①②⑦.⓪.⓪.①',
  '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '１２７.0.0.1', '%31%32%37.0.0.1', '127.0.0.1%2e', '127.255.255.254', '0', '0.0.0.0', '0x0', '00', '0.0', '10.0.0.1', '10.1', '0xa.1', '012.1',
  '167772161', '172.16.0.1', '192.168.1.1', '0xc0a80101', '3232235777', '100.64.0.1', '169.254.169.254', '169.254.43518', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '169。254。169。254',
  '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:7f00:1]', '[::ffff:127.0.0.1]', '[::FFFF:7F00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '[::ffff:0:7f00:1]', '[::7f00:1]',
  '[64:ff9b::7f00:1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fd00::1]', '[fd00:ec2::254]', '[fc00::1]', '[fe80::1]', '[fec0::1]', '[ff02::1]', '[100::1]',
  '198.18.0.1', '192.0.2.1', '224.0.0.1', '255.255.255.255', '240.0.0.1', '[2001:db8::1]', 'user@127.0.0.1', 'example.com@127.0.0.1', '127.0.0.1@example.com', 'user:pass@169.254.169.254',
];

/** Every way to write one IPv4 address that some parser somewhere takes: decimal, octal and hex, whole or in parts, inside IPv6, with foreign dots. */
function spellings(address: string): string[] {
  const parts = address.split('.').map(Number) as [number, number, number, number];
  const whole = parts.reduce((sum, part) => sum * 256 + part, 0);
  const hex = whole.toString(16).padStart(8, '0');
  const words = `${hex.slice(0, 4)}:${hex.slice(4)}`;
  const [a, b, c, d] = parts;
  const numbers = [
    `${whole}`,
    `0x${hex}`,
    `0${whole.toString(8)}`,
    `${a}.${whole % 2 ** 24}`,
    `${a}.${b}.${c * 256 + d}`,
  ];
  const dotted = [
    parts.map((part) => `0x${part.toString(16)}`),
    parts.map((part) => `0${part.toString(8)}`),
    [`0x${a.toString(16)}`, `0${b.toString(8)}`, c, d],
  ].map((each) => each.join('.'));
  const dots = ['。', '．', '｡', '%2e'].map((dot) => parts.join(dot));
  const inside = [
    `::ffff:${words}`,
    `::ffff:${address}`,
    `0:0:0:0:0:ffff:${words}`,
    `64:ff9b::${words}`,
    `::${words}`,
    `2002:${words}::`,
  ].map((each) => `[${each}]`);
  return [address, `${address}.`, ...numbers, ...dotted, ...dots, ...inside, `x@${address}`];
}

/** A name server of the wicked: every name is this machine. */
const toLoopback: ResolveHost = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

const insideAddresses = (
  '0.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 ' +
  '169.254.170.2 172.16.0.1 172.31.255.254 192.168.0.1 192.168.255.254 198.18.0.1 224.0.0.1 255.255.255.255'
).split(' ');

describe('the egress guard', () => {
  const all = [...new Set([...payloads, ...insideAddresses.flatMap((address) => spellings(address))])];

  it(`S6 A9 blocks all of ${all.length} spellings and sends nothing`, async () => {
    const port = target.host.split(':')[1]!;
    const calls = target.calls.length;
    const passed: string[] = [];
    for (const host of all) {
      const { trouble } = await observe(
        { url: `http://${host}:${port}/ok`, timeout: '2s' },
        { allow: [], resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) },
      );
      if (trouble?.code !== 'egress_blocked' && trouble?.code !== 'url_invalid')
        passed.push(`${host}: ${trouble?.code}`);
    }
    expect(passed).toEqual([]);
    expect(target.calls.length).toBe(calls);
    expect(all.length).toBeGreaterThanOrEqual(300);
  });

  it('S6 the same spellings do reach loopback where it is allowed: the guard is what stops them', async () => {
    const port = target.host.split(':')[1]!;
    for (const host of ['127.1', '0x7f.1', '017700000001', '2130706433', '127。0。0。1', '[::ffff:7f00:1]']) {
      expect(
        (await observe({ url: `http://${host}:${port}/ok` }, { allow: ['127.0.0.1', '::ffff:7f00:1'] })).facts,
      ).toMatchObject({ status: 200 });
    }
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'name.test', 'a.localtest.test'])(
    'A9 %s is judged by its address',
    async (host) => {
      expect(
        (await observe({ url: `http://${host}:${target.host.split(':')[1]!}/ok` }, { allow: [], resolve: toLoopback }))
          .trouble,
      ).toMatchObject({ code: 'egress_blocked' });
    },
  );

  it('A10 a name that is public first and loopback at the next look is asked once per connection and blocked when it turns', async () => {
    const port = target.host.split(':')[1]!;
    const dns = await startDnsServer((_query, call) => ({
      answers: [{ type: 'A', name: 'rebind.test', ttl: 0, data: call === 1 ? '8.8.8.8' : '127.0.0.1' }],
    }));
    const looks: string[] = [];
    const { Resolver } = await import('node:dns/promises');
    const resolver = new Resolver();
    resolver.setServers([dns.server]);
    const resolve: ResolveHost = async (host) => {
      const found = (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }));
      looks.push(...found.map(({ address }) => address));
      // Nothing may leave this machine: the public address is swallowed after it was judged for what it is.
      if (looks.length === 1) throw Object.assign(new Error('stopped by the test'), { code: 'ENOTFOUND' });
      return found;
    };
    expect((await observe({ url: `http://rebind.test:${port}/ok` }, { allow: [], resolve })).trouble).toMatchObject({
      code: 'dns_failed',
    });
    const calls = target.calls.length;
    expect((await observe({ url: `http://rebind.test:${port}/ok` }, { allow: [], resolve })).trouble).toMatchObject({
      code: 'egress_blocked',
    });
    expect(looks).toEqual(['8.8.8.8', '127.0.0.1']);
    expect(target.calls.length).toBe(calls);
    await dns.stop();
  });

  it('A10 resolves once for one connection, so that the address judged is the address used', async () => {
    let looks = 0;
    const resolve: ResolveHost = () =>
      Promise.resolve([{ address: (looks += 1) === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    const { facts, observation } = await observe(
      { url: `http://name.test:${target.host.split(':')[1]!}/ok` },
      { allow: ['name.test'], resolve },
    );
    expect(facts).toMatchObject({ status: 200 });
    expect(looks).toBe(1);
    expect(Buffer.from(observation.sources[0]!.bytes).toString()).toContain('"remoteAddress":"127.0.0.1"');
  });
});
