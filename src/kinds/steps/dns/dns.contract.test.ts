import { Resolver } from 'node:dns/promises';

import { afterAll, describe } from 'vitest';

import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import type { StepCase } from '../../../../tests/contract/step-kind.ts';
import { startNameServer } from '../../../../tests/servers/start-name-server.ts';
import type { TestNameServer } from '../../../../tests/servers/start-name-server.ts';
import { startDnsProxy } from '../../../../tests/steps/start-dns-proxy.ts';
import { dnsStepKind } from './kind.ts';

const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
const records = names.map((name) => `${name} 300 A 192.0.2.1`);
const server = await startNameServer({ zones: { 'shop.test': records } });
const silent = await startDnsProxy(null);
const watched = await startDnsProxy(server.state === 'started' ? server.port : null);

afterAll(async () => {
  if (server.state === 'started') await server.stop();
  await Promise.all([silent.stop(), watched.stop()]);
});

const reason = server.state === 'missing' ? ` - not run: ${server.reason}` : '';

describe.skipIf(server.state === 'missing')(`against a real name server${reason}`, () => {
  const { address, port, key } = server as TestNameServer;
  const given = { allow: ['127.0.0.1'], secrets: { 'dns/key': key } };
  /** A change of a name that no other case touches. */
  const change = (more: object = {}): StepCase & { name: string } => {
    const name = `${names.shift()!}.shop.test`;
    const written = { server: address, zone: 'shop.test', name, from: '192.0.2.1', to: '192.0.2.2', ttl: 60 };
    return { name, written: { ...written, key: '{{ secret "dns/key" }}', ...more }, given };
  };
  const serial = async (): Promise<number> => {
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${port}`]);
    return (await resolver.resolveSoa('shop.test')).serial;
  };

  stepKindContract({
    kind: dnsStepKind,
    success: () => {
      const { name, ...rest } = change();
      return { ...rest, target: name };
    },
    trouble: () => change({ from: '198.51.100.7' }),
    slow: () => change({ server: silent.address, timeout: '20s' }),
    misspelt: { written: { server: address, zoen: 'shop.test' }, wrong: 'zoen', meant: 'zone' },
    forbidden: () => ({
      ...change({ server: watched.address }),
      given: { ...given, forbidden: [watched.address] },
      touched: () => watched.requests.length,
    }),
    secret: () => {
      let isChanged = false;
      const { name, ...rest } = change({ server: watched.address });
      const before = watched.requests.length;
      // A key never travels: that signed messages came, and that the server took them, is all there is to see.
      const arrived = (): boolean =>
        (isChanged = watched.requests.slice(before).some((request) => request.includes('cutover-key')));
      return { ...rest, canary: key.split(':')[2]!, arrived, seen: async () => [name, String(isChanged)] };
    },
    probe: async () => {
      const before = await serial();
      return {
        ...change(),
        effects: async () => (await serial()) - before,
        unreachable: change({ server: silent.address, timeout: '300ms' }),
      };
    },
  });
});
