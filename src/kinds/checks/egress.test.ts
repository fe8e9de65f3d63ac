import { describe, expect, it } from 'vitest';

import { judgeAddress, rangeOf, toHost } from './egress.ts';
import { createEgressGuard, EgressBlocked } from './guarded-lookup.ts';

const inside = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '::ffff:0:7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2001:20::1',
  '2002:7f00:1::',
  '2002:a00:1::',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '1::1',
  '4000::1',
  'nonsense',
  '',
];

describe('which addresses are inside', () => {
  it.each(inside)('S6 A9 %s is not public', (address) => {
    expect(rangeOf(address)).not.toBe('public');
    expect(judgeAddress(address, { host: 'name.test', port: 443, allow: [] }).allowed).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.63.255.255',
    '192.169.0.1',
    '2606:4700::1111',
    '2a00::1',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => {
    expect(rangeOf(address)).toBe('public');
  });

  it.each<[string, string, number, string[], boolean]>([
    ['10.0.0.5', '10.0.0.5', 443, ['10.0.0.5'], true],
    ['10.0.0.5', '10.0.0.5', 443, ['10.0.0.5:443'], true],
    ['10.0.0.5', '10.0.0.5', 443, ['10.0.0.5:80'], false],
    ['10.0.0.5', '10.0.0.5', 443, ['10.0.0'], false],
    ['10.0.0.5', 'db.test', 5432, ['db.test:5432'], true],
    ['10.0.0.5', 'DB.test.', 5432, ['db.test'], true],
    ['10.0.0.5', 'evil-db.test', 5432, ['db.test'], false],
    ['10.0.0.5', 'db.test.evil.test', 5432, ['db.test'], false],
    ['10.0.0.5', 'db.test', 5432, ['*'], false],
    ['::1', '::1', 8080, ['[::1]:8080'], true],
    ['::1', '[::1]', 8080, ['::1'], true],
    ['::1', '0:0:0:0:0:0:0:1', 8080, ['::1'], true],
    // A name that is allowed must not become a way to the metadata service.
    ['169.254.169.254', 'db.test', 80, ['db.test'], false],
    ['169.254.169.254', '169.254.169.254', 80, ['169.254.169.254'], true],
    ['0.0.0.0', 'db.test', 80, ['db.test'], false],
  ])('%s asked for as %s:%i with %j allowed: %j', (...row) => {
    const [address, host, port, allow, allowed] = row;
    expect(judgeAddress(address, { host: toHost(host), port, allow }).allowed).toBe(allowed);
  });

  it('the reason names address, range and what would have to be declared', () => {
    expect(judgeAddress('10.0.0.5', { host: 'db.test', port: 5432, allow: [] })).toEqual({
      allowed: false,
      reason: 'db.test (10.0.0.5) is a private address and not among the hosts that the environment allows',
    });
  });
});

const lookUp = (addresses: string[], allow: string[] = []): Promise<unknown> =>
  new Promise((resolve) => {
    const guard = createEgressGuard(allow, () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
    );
    guard.lookupFor(443)('name.test', { all: true }, (error, found) => resolve(error ?? found));
  });

describe('the connect hook', () => {
  it('hands on exactly the addresses that it judged', async () => {
    expect(await lookUp(['8.8.8.8', '2606:4700::1'])).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
  });

  it('A10 refuses a name of which one address is inside', async () => {
    expect(await lookUp(['8.8.8.8', '127.0.0.1'])).toBeInstanceOf(EgressBlocked);
    expect(await lookUp(['::ffff:127.0.0.1'])).toBeInstanceOf(EgressBlocked);
  });

  it('a name without an address is not found, and no socket gets an empty list', async () => {
    expect(await lookUp([])).toMatchObject({ code: 'ENOTFOUND' });
  });
});
