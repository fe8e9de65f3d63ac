import { describe, expect, it } from 'vitest';

import { addressKey } from './address-key.ts';

describe('key of an address', () => {
  it('A40 is one for all addresses of a customer, in whatever spelling', () => {
    const same = ['2001:db8:0:1::1', '2001:0DB8:0000:0001:ffff::2', '2001:db8::1:a:b:c:d', '2001:db8:0:1:1:2:3:4%eth0'];
    expect(new Set(same.map((ip) => addressKey({ ip })))).toEqual(new Set(['network 2001:db8:0:1']));
    expect(addressKey({ ip: '2001:db8:0:2::1' })).toBe('network 2001:db8:0:2');
  });

  it('A40 is that of the IPv4 address where one is carried inside', () => {
    expect(addressKey({ ip: '::ffff:192.0.2.1' })).toBe('address 192.0.2.1');
    expect(addressKey({ ip: '192.0.2.1' })).toBe('address 192.0.2.1');
    expect(addressKey({ ip: '192.0.2.2' })).not.toBe(addressKey({ ip: '192.0.2.1' }));
  });
});
