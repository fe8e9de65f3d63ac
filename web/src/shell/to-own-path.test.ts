import { describe, expect, it } from 'vitest';

import { toOwnPath } from './to-own-path.ts';

const origin = 'https://tminus.example';

describe('where to go on after signing in', () => {
  it.each(['/', '/settings?tab=tokens', '/launches/a/gates/b#c'])('keeps %s', (path) => {
    expect(toOwnPath(path, origin)).toBe(path);
  });

  it.each([
    '//evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '//tminus.example@evil.example/',
    'settings',
    '',
    undefined,
    7,
    ['/settings'],
  ])('T25 leads nowhere else: %j', (next) => {
    expect(toOwnPath(next, origin)).toBe('/');
  });
});
