import { describe, expect, it } from 'vitest';

import { createMasker } from './masker.ts';

const masker = createMasker({
  secrets: [
    { name: 'db', value: 'zQ7x-canary-81', retiredAt: null, allowWeak: false },
    { name: 'pin', value: '8405927163', retiredAt: null, allowWeak: false },
  ],
  rules: [],
  profile: 'event',
  now: new Date(0),
});

describe('maskJson', () => {
  it('O09 masks strings, keys, numbers and lists at any depth', () => {
    const value = {
      list: ['ok', { 'x zQ7x-canary-81': 1, deep: [['zQ7x-canary-81']] }],
      count: 3,
      pin: 8405927163,
      none: null,
      on: true,
    };
    expect(masker.maskJson(value)).toEqual({
      list: ['ok', { 'x [masked:db]': 1, deep: [['[masked:db]']] }],
      count: 3,
      pin: '[masked:pin]',
      none: null,
      on: true,
    });
  });

  it('O09 masks whole what stands under the name of a secret, and counts of tokens stay', () => {
    expect(
      masker.maskJson({ password: 'x', dbPassword: { value: 'y', tries: 3 }, tokens: 17, author: 'al', 'api-key': '' }),
    ).toEqual({
      password: '[masked:field]',
      dbPassword: { value: '[masked:field]', tries: 3 },
      tokens: 17,
      author: 'al',
      'api-key': '',
    });
  });

  it('O09 keeps two keys apart that read the same once they are masked', () => {
    const masked = masker.maskJson({ 'zQ7x-canary-81': 1, 'ZQ7X-CANARY-81': 2 });
    expect(masked).toEqual({ '[masked:db]': 1, '[masked:db] (2)': 2 });
  });

  it('A5 masks errors with cause and stack, bytes, maps, dates and what has its own JSON', () => {
    const error = new Error('login zQ7x-canary-81', { cause: new Error('zQ7x-canary-81') });
    const value = [
      error,
      Buffer.from('zQ7x-canary-81'),
      new Map([['k', 'zQ7x-canary-81']]),
      new Date(0),
      { toJSON: () => 'zQ7x-canary-81' },
    ];
    const text = JSON.stringify(masker.maskJson(value));
    expect(text).not.toContain('canary');
    expect(text).toContain('"stack":"Error: login [masked:db]');
    expect(text).toContain('1970-01-01T00:00:00.000Z');
  });

  it('survives cycles, depth and keys that are traps', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    let deep: unknown = 'zQ7x-canary-81';
    for (let level = 0; level < 1000; level += 1) deep = [deep];
    expect(masker.maskJson(cycle)).toEqual({ name: 'a', self: '[masked:cycle]' });
    expect(JSON.stringify(masker.maskJson(deep))).toContain('[masked:depth]');
    const trap = masker.maskJson(JSON.parse('{"__proto__": {"on": true}}')) as object;
    expect([Object.keys(trap), 'on' in {}, Object.getPrototypeOf(trap)]).toEqual([
      ['__proto__'],
      false,
      Object.prototype,
    ]);
  });

  it('a walk that leaves keys alone is caught (negative control)', () => {
    const careless = (value: object): object =>
      Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masker.maskJson(item)]));
    expect(JSON.stringify(careless({ 'zQ7x-canary-81': 'zQ7x-canary-81' }))).toContain('canary');
  });
});
