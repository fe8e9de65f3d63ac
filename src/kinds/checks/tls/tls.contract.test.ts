import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkKindContract, run } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { closedPort, startSilentServer } from '../../../../tests/doubles/silent-server.ts';
import { startTlsServer } from '../../../../tests/doubles/tls-server.ts';
import type { TlsDouble } from '../../../../tests/doubles/tls-server.ts';
import { tlsKind } from './kind.ts';

const msPerDay = 86_400_000;
const stops: (() => Promise<void>)[] = [];
const servers: { [name: string]: TlsDouble } = {};
let workspace: string;
let silentPort: number;
let chattyPort: number;
let nobodyPort: number;

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'tminus-tls-'));
  servers['good'] = await startTlsServer();
  servers['expired'] = await startTlsServer({ validFrom: new Date('2020-01-01'), validTo: new Date('2021-01-01') });
  servers['early'] = await startTlsServer({ validFrom: new Date('2110-01-01'), validTo: new Date('2111-01-01') });
  servers['other'] = await startTlsServer({ names: ['other.test'] });
  servers['soon'] = await startTlsServer({ validTo: new Date(Date.now() + 10 * msPerDay) });
  for (const [name, server] of Object.entries(servers)) writeFileSync(join(workspace, `${name}.pem`), server.ca);
  const silent = await startSilentServer();
  const chatty = await startSilentServer('220 not tls at all\r\n');
  silentPort = silent.port;
  chattyPort = chatty.port;
  nobodyPort = await closedPort();
  stops.push(
    () => silent.stop(),
    () => chatty.stop(),
    ...Object.values(servers).map((server) => () => server.stop()),
  );
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  rmSync(workspace, { recursive: true });
});

function at(name: string): ContractCase {
  return {
    written: { host: '127.0.0.1', port: servers[name]!.port, ca: `${name}.pem` },
    workspace,
    allow: ['127.0.0.1'],
  };
}

function atPort(port: number): ContractCase {
  return { written: { host: '127.0.0.1', port }, workspace, allow: ['127.0.0.1'] };
}

checkKindContract({
  kind: tlsKind,
  success: () => at('good'),
  refusal: () => atPort(nobodyPort),
  slow: () => atPort(silentPort),
  garbage: () => atPort(chattyPort),
  huge: { none: 'a handshake has a size that the protocol limits' },
  misspelt: { written: { host: 'a.test', pord: 443 }, wrong: 'pord', meant: 'port' },
});

describe('what a certificate is worth', () => {
  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['early', 'CERT_NOT_YET_VALID'],
    ['other', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('F54 a certificate that is %s is read and fails with %s', async (name, code) => {
    const { record } = await run(tlsKind, at(name));
    expect(record.facts).toMatchObject({ authorized: false, authorizationError: code });
    expect(record.judgement.outcome).toBe('fail');
  });

  it('F54 a certificate of an authority that nobody named is not trusted', async () => {
    const { record } = await run(tlsKind, {
      ...at('good'),
      written: { host: '127.0.0.1', port: servers['good']!.port },
    });
    expect(record.facts).toMatchObject({ authorized: false });
    expect(record.judgement.outcome).toBe('fail');
  });

  it.each([
    [90, 'ok', 'pass'],
    [60, 'warn', 'pass'],
    [15, 'warn', 'pass'],
    [14, 'error', 'fail'],
    [0, 'error', 'fail'],
  ])('D25 %i days before the end is %s, and the default expectations %s', async (days, expiry, outcome) => {
    const { validTo } = (await run(tlsKind, at('good'))).record.facts as { validTo: string };
    const { record } = await run(tlsKind, { ...at('good'), now: () => Date.parse(validTo) - days * msPerDay });
    expect(record.facts).toMatchObject({ daysLeft: days, expiry, authorized: true });
    expect(record.judgement.outcome).toBe(outcome);
  });

  it('D25 fails a certificate that ends in ten days though it is trusted', async () => {
    const { record } = await run(tlsKind, at('soon'));
    expect(record.facts).toMatchObject({ authorized: true, expiry: 'error' });
    expect(record.judgement.findings.map(({ outcome }) => outcome)).toEqual(['pass', 'fail']);
  });

  it('A9 does not shake hands with an inside address that the environment does not allow', async () => {
    const { record } = await run(tlsKind, { ...at('good'), allow: [] });
    expect(record.trouble?.code).toBe('egress_blocked');
  });
});
