import { describe, expect, it } from 'vitest';

import { allowsOrigin } from './origin.ts';

const base = 'https://launch.example.org';
const asks = (method: string, headers: Record<string, string>) =>
  allowsOrigin(base, { method, headers: new Headers(headers) });

describe('allowsOrigin', () => {
  it('A22 a change with a cookie wants the origin of our own pages', () => {
    expect(asks('POST', { cookie: 'a=b', origin: base })).toBe(true);
    expect(asks('POST', { cookie: 'a=b', origin: base, 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(asks('POST', { cookie: 'a=b', 'sec-fetch-site': 'same-origin' })).toBe(true);
  });

  it.each([
    ['no origin', { cookie: 'a=b' }],
    ['no origin, from a sibling host', { cookie: 'a=b', 'sec-fetch-site': 'same-site' }],
    ['no origin, from another site', { cookie: 'a=b', 'sec-fetch-site': 'cross-site' }],
    ['no origin, typed or from a bookmark', { cookie: 'a=b', 'sec-fetch-site': 'none' }],
    ['another site', { cookie: 'a=b', origin: 'https://evil.example' }],
    ['a sandboxed frame', { cookie: 'a=b', origin: 'null' }],
    ['a name that begins like ours', { cookie: 'a=b', origin: `${base}.evil.example` }],
    ['another port', { cookie: 'a=b', origin: `${base}:8443` }],
    ['plain http', { cookie: 'a=b', origin: 'http://launch.example.org' }],
    ['a sibling host', { cookie: 'a=b', origin: base, 'sec-fetch-site': 'same-site' }],
    ['a form that only looks like a token', { cookie: 'a=b', authorization: 'Bearer tmt_x' }],
  ])('A22 refuses %s', (_what, headers) => {
    expect(asks('POST', headers)).toBe(false);
    expect(asks('DELETE', headers)).toBe(false);
  });

  it('A22 a bearer token has no ambient right to abuse, and looking changes nothing', () => {
    expect(asks('POST', { authorization: 'Bearer tmt_x' })).toBe(true);
    expect(asks('GET', { cookie: 'a=b', origin: 'https://evil.example' })).toBe(true);
  });
});
