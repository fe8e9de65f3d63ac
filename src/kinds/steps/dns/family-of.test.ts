import { isIP } from 'node:net';

import { expect, it } from 'vitest';

import { familyOf } from './family-of.ts';

it.each([
  '192.0.2.1',
  '255.255.255.255',
  '256.0.0.1',
  '1.2.3',
  '01.2.3.4',
  '::',
  '::1',
  '2001:db8::53',
  '::ffff:192.0.2.1',
  '1::2::3',
  '12345::',
  'ns.example',
  '',
  ' ::1',
])('C14 %j is an address where Node says so', (text) => {
  expect(familyOf(text)).toBe(isIP(text));
});
