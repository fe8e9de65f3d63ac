import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, describe, expect, it } from 'vitest';

import { routerContract } from '../../../../tests/contract/router-contract.ts';
import { routerContext } from '../../../../tests/routers/router-context.ts';
import { startNameServer } from '../../../../tests/servers/start-name-server.ts';
import type { TestNameServer } from '../../../../tests/servers/start-name-server.ts';
import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterSession } from '../../../core/rollout/router-kind.ts';
import { SecretValue } from '../../../core/secret/secret-value.ts';
import { askServer } from '../../steps/dns/ask-server.ts';
import { encodeUpdate } from '../../steps/dns/message.ts';
import { readTsigKey } from '../../steps/dns/tsig-key.ts';
import { dnsKind } from './kind.ts';

const zones = { 'shop.test': ['www 60 A 192.0.2.1', 'slow 3600 A 192.0.2.1'] };
const shared = await startNameServer({ zones, secondaries: 1 });
const missing = shared.state === 'missing' ? shared.reason : null;
const folder = mkdtempSync(join(tmpdir(), 'tminus-test-flip-'));
afterAll(async () => {
  if (shared.state === 'started') await shared.stop();
  rmSync(folder, { recursive: true, force: true });
});

const arms = { stable: '192.0.2.1', canary: '192.0.2.2', ttl: '60s', oldTtl: '1h' };
const startMs = 1_790_000_000_000;
const longAgo = (name: string): string =>
  `${JSON.stringify({ name: `${name} A`, lowSinceMs: startMs - 3_600_000, larger: null })}\n`;

function options(server: TestNameServer, name = 'www', servers = [server.address]): { [key: string]: string } {
  return {
    server: server.address,
    servers: servers.join(', '),
    zone: 'shop.test',
    name: `${name}.shop.test`,
    ...arms,
    proof: `${name}.json`,
    timeout: '5s',
  };
}

/** What an administrator does well before: the same records, for a shorter time. */
async function lowerTtl(server: TestNameServer): Promise<void> {
  const read = readTsigKey(server.key);
  if (!read.ok) throw new Error(read.reason);
  const signed = {
    server: { address: '127.0.0.1', family: 4 as const, port: server.port },
    key: read.key,
    transport: 'tcp' as const,
    timeoutMs: 30_000,
    signal: new AbortController().signal,
    clock: Date.now,
  };
  const records = {
    zone: 'shop.test',
    name: 'slow.shop.test',
    type: 'A' as const,
    from: ['192.0.2.1'],
    to: ['192.0.2.1'],
  };
  const asked = await askServer(signed, encodeUpdate(7, { ...records, ttl: 60 }));
  expect(asked).toMatchObject({ state: 'answered', rcode: 'NOERROR' });
}

const keyOf = ({ key }: TestNameServer): SecretValue => new SecretValue('dns-key', Buffer.from(key));

routerContract({
  name: 'dns',
  kind: dnsKind,
  missing,
  weights: [100, 0],
  required: ['server', 'zone', 'name', 'stable', 'canary', 'proof'],
  start: async () => {
    const server = await startNameServer({ zones });
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    if (server.state === 'missing') throw new Error(server.reason);
    let isOpen = true;
    writeFileSync(join(folder, 'www.json'), longAgo('www.shop.test'));
    return {
      options: options(server),
      context: { workspace: folder, secret: keyOf(server) },
      production: ['127.0.0.1', server.address, 'www.shop.test'],
      silent: {
        options: { ...options(server), servers: `127.0.0.1:${silent.address().port}`, timeout: '20s' },
        context: {},
      },
      async end() {
        await server.stop();
        if (isOpen) silent.close();
        isOpen = false;
      },
    };
  },
});

describe.skipIf(missing !== null)(`a name that is flipped${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const server = shared.state === 'started' ? shared : (null as never);
  const open = (
    changes: { [key: string]: string } = {},
    nowMs = startMs,
    more: { secret?: SecretValue | null } = {},
  ): Promise<RouterSession> =>
    dnsKind.open(
      { ...options(server, 'slow', [server.address, ...server.secondaries]), ...changes },
      routerContext({ workspace: folder, secret: keyOf(server), now: () => nowMs, ...more }),
    );
  const eventually = async (router: RouterSession, weight: number): Promise<number> => {
    for (let round = 0; round < 1_000; round += 1) {
      const seen = await router.read().then(
        (reading) => reading.weight,
        () => -1,
      );
      if (seen === weight) return seen;
      await pause(50);
    }
    return (await router.read()).weight;
  };

  it('C19 a flip is refused while the time to live is larger than declared, and until it was lower for as long as it was', async () => {
    const fresh = await open();
    await expect(fresh.set(100)).rejects.toMatchObject({
      code: 'ttl_not_lowered',
      message: expect.stringMatching(/at most 60 s, got 3600 s/) as string,
    });
    expect((await fresh.read()).weight).toBe(0);
    // An administrator lowers it: the records stay, their time to live does not.
    await lowerTtl(server);
    await eventually(fresh, 0);
    const soon = await open({}, startMs + 60_000);
    await expect(soon.set(100)).rejects.toMatchObject({
      code: 'ttl_not_lowered',
      message: expect.stringMatching(/for 3600 s/) as string,
    });
    const later = await open({}, startMs + 3_700_000);
    await later.set(100);
    expect(await eventually(later, 100)).toBe(100);
    // The way back waits for nothing.
    await later.set(0);
    expect(await eventually(later, 0)).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'slow.json'), 'utf8'))).toMatchObject({
      name: 'slow.shop.test A',
      larger: { ttl: 3600 },
    });
  });

  it('C19 records of somebody else are neither a weight nor overwritten', async () => {
    const other = await open({ stable: '192.0.2.7' }, startMs + 8_000_000);
    await expect(other.read()).rejects.toMatchObject({ code: 'split_unclear' });
    await expect(other.set(100)).rejects.toMatchObject({ code: 'changed_meanwhile' });
  });

  it('T7 a key that the server does not know, and none at all, change nothing', async () => {
    const wrong = new SecretValue(
      'dns-key',
      Buffer.from(`hmac-sha256:other-key:${Buffer.from('x'.repeat(32)).toString('base64')}`),
    );
    await expect((await open({}, startMs + 8_000_000, { secret: wrong })).set(100)).rejects.toMatchObject({
      name: 'Error',
    });
    await expect((await open({}, startMs + 8_000_000, { secret: null })).set(100)).rejects.toMatchObject({
      code: 'configuration',
    });
    expect((await (await open()).read()).weight).toBe(0);
  });

  it('T7 a name server that is silent makes every weight unknown', async () => {
    const half = await open({ servers: `${server.address}, 127.0.0.1:1`, timeout: '300ms' });
    await expect(half.read()).rejects.toBeInstanceOf(RouterTrouble);
    await expect(half.read()).rejects.not.toHaveProperty('weight');
  });
});
