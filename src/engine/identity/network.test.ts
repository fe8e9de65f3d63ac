import { describe, expect, it } from 'vitest';

import { toNetwork } from './network.ts';

describe('toNetwork', () => {
  it('A40 one subscriber is one network, however the address is written', () => {
    expect(toNetwork('192.0.2.1')).toBe(toNetwork('192.0.2.254'));
    expect(toNetwork('::ffff:192.0.2.1')).toBe(toNetwork('192.0.2.9'));
    expect(toNetwork('2001:db8:0:1::1')).toBe(toNetwork('2001:DB8:0:00ff:ffff::'));
  });

  it('keeps networks apart', () => {
    const networks = ['192.0.2.1', '192.0.3.1', '2001:db8:0:100::1', '2001:db8:0:200::1', 'not an address'];
    expect(new Set(networks.map(toNetwork)).size).toBe(networks.length);
  });
});
