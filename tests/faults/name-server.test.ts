import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addresses, rcodes, startDnsServer } from '../doubles/dns-server.ts';
import type { DnsBehaviour } from '../doubles/dns-server.ts';
import { startTarget } from '../doubles/target-server.ts';
import type { Target } from '../doubles/target-server.ts';
import { startTlsServer } from '../doubles/tls-server.ts';
import type { TlsDouble } from '../doubles/tls-server.ts';
import type { AloneEnd } from './act-alone.ts';
import { actAlone } from './start-alone.ts';

/** The port that every system asks its name servers at, on an address of loopback that nobody else has. */
const nameServer = { address: '127.53.53.53', port: 53 };
/** Puts another list of name servers in the place of the system's, for one process. */
const enter = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"'];

const missing = findTrouble();
const why = missing === null ? '' : ` (skipped: ${missing})`;

function findTrouble(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux';
  const [program, ...args] = [...enter, '/dev/null', 'true'];
  const tried = spawnSync(program ?? '', args, { encoding: 'utf8' });
  return tried.status === 0 ? null : `no mount namespace: ${tried.error?.message ?? tried.stderr.trim()}`;
}

const good = answerWith('127.0.0.1');
const noConnection = 'the time limit ended while waiting for a connection';

describe.skipIf(missing !== null)(`names that are asked for while their server is in trouble${why}`, () => {
  let folder: string;
  let target: Target;
  let tls: TlsDouble;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tminus-names-'));
    target = await startTarget();
    tls = await startTlsServer({ names: ['shop.test'] });
    writeFileSync(join(folder, 'ca.pem'), tls.ca);
    writeFileSync(join(folder, 'resolv.conf'), `nameserver ${nameServer.address}\noptions timeout:9 attempts:1\n`);
  });
  afterAll(async () => {
    await target.stop();
    await tls.stop();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, DnsBehaviour]>([
    ['that answers', good],
    ['that is slow, and still in time', (query) => pause(400).then(() => good(query))],
  ])('F53 control: by a server %s every look passes, and every step is done', async (_, behave) => {
    const ends = await lookWith(behave);
    expect(Object.values(ends).map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it.each<{ trouble: string; behave: DnsBehaviour; http: string; tls: string; dns: string }>([
    {
      trouble: 'fails (SERVFAIL)',
      behave: () => ({ flags: rcodes.SERVFAIL }),
      http: 'dns_failed',
      tls: 'unknown, dns_failed',
      dns: 'fail, expected answers contains 127.0.0.1, got []',
    },
    {
      trouble: 'fails (REFUSED)',
      behave: () => ({ flags: rcodes.REFUSED }),
      http: 'dns_failed',
      tls: 'unknown, dns_failed',
      dns: 'fail, expected answers contains 127.0.0.1, got []',
    },
    {
      trouble: 'knows no such name',
      behave: () => ({ flags: rcodes.NXDOMAIN }),
      http: 'dns_failed',
      tls: 'unknown, dns_failed',
      dns: 'fail, expected answers contains 127.0.0.1, got []',
    },
    {
      trouble: 'is silent',
      behave: () => 'silence',
      http: noConnection,
      tls: 'unknown, timeout_handshake',
      dns: 'unknown, timeout',
    },
    {
      trouble: 'is too slow',
      behave: (query) => pause(15_000).then(() => good(query)),
      http: noConnection,
      tls: 'unknown, timeout_handshake',
      dns: 'unknown, timeout',
    },
    {
      trouble: 'names another machine all at once',
      behave: answerWith('127.0.0.2'),
      http: 'refused',
      tls: 'unknown, refused',
      dns: 'fail, expected answers contains 127.0.0.1, got ["127.0.0.2"]',
    },
  ])('F53 a name server that $trouble: no look passes, no step is done, and each says why', async (expected) => {
    const ends = await lookWith(expected.behave);
    expect(Object.values(ends).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'failed'));
    expect(ends['http']?.detail).toContain(expected.http);
    expect(ends['check http']?.detail).toMatch(new RegExp(`: unknown, .*${expected.http}`));
    expect(ends['check tls']?.detail).toContain(`: ${expected.tls}`);
    expect(ends['check dns']?.detail).toContain(`: ${expected.dns}`);
    expect(ends['wait']?.detail).toMatch(new RegExp(`got 0: .*${expected.http}`));
  });

  /** Carries out a step of each kind that asks for a name, and a check of each, in a process that asks only this server. */
  async function lookWith(behave: DnsBehaviour): Promise<{ [step: string]: AloneEnd }> {
    const server = await startDnsServer(behave, nameServer);
    const url = `http://shop.test:${target.host.split(':')[1]!}/ok`;
    // Ends before the system gives its name servers up, and long after a look that nothing holds up.
    const timeout = '6s';
    const look = { kind: 'http', url, timeout };
    const shakeHands = { kind: 'tls', host: 'shop.test', port: tls.port, ca: 'ca.pem', timeout };
    const ask = { kind: 'dns', name: 'shop.test', type: 'A', expect: ['answers contains 127.0.0.1'], timeout };
    const written = {
      http: { kind: 'http', written: { method: 'GET', url, timeout } },
      'check http': { kind: 'check', written: { check: look } },
      'check tls': { kind: 'check', written: { check: shakeHands } },
      'check dns': { kind: 'check', written: { check: ask } },
      wait: { kind: 'wait', written: { until: look, every: '200ms', within: '8s' } },
    };
    const allow = ['shop.test', '127.0.0.1', '127.0.0.2'];
    const order = { steps: Object.values(written), allow, workspace: folder };
    const ends = await actAlone(order, [...enter, join(folder, 'resolv.conf')]);
    await server.stop();
    // Whoever was asked was this server.
    expect(server.calls).toBeGreaterThan(4);
    return Object.fromEntries(Object.keys(written).map((name, place) => [name, ends[place]!]));
  }
});

function answerWith(address: string): (query: Parameters<DnsBehaviour>[0]) => ReturnType<typeof addresses> {
  // Nobody has an address of the other family.
  return ({ questions }) => (questions?.[0]?.type === 'A' ? addresses('shop.test', [address], 0) : { answers: [] });
}
