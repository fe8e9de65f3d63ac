import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { originOf, toAbsolute } from './redirect.ts';

/** What the URL standard says, with nothing made short. */
function parsed(text: string, base: string): string | null {
  const url = URL.parse(text, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.hash = '';
  return url.href;
}

const pieces = [
  '/',
  '//',
  '.',
  '..',
  'a',
  'b1',
  '_',
  '-',
  '~',
  '%2e',
  '%41',
  '?',
  '#',
  '\\',
  ' ',
  'é',
  ':',
  '@',
  ';',
  '&',
  "'",
  '"',
  '+',
  '=',
  '\t',
  '|',
  '^',
  '{',
  '*',
  '!',
  '$',
  ',',
  'http:',
];
const bases = [
  'http://a.test/',
  'https://a.test:8443/x/y?z#w',
  'http://a.test:80/x',
  'HTTP://A.Test/x',
  'http://u:p@a.test/x',
  'http://[::1]:81/x',
  'http://127.1/x',
  'http://bücher.test/',
  'http://a.test?x/y',
  'http://a.test',
  'ftp://a.test/x',
  'data:text/plain,x/y',
  'none:',
  'no url',
];

describe('toAbsolute', () => {
  it('C10 says of every path what the URL standard says of it', () => {
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((some) => some.join(''));
    const paths = fc.oneof(
      texts,
      texts.map((text) => `/${text}`),
      fc.tuple(fc.constantFrom(...bases), texts).map(([base, text]) => `${base}${text}`),
    );
    fc.assert(
      fc.property(paths, fc.constantFrom(...bases), (text, base) => {
        expect(toAbsolute(text, base)).toBe(parsed(text, base));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['/new/1', 'http://a.test/old/1', 'http://a.test/new/1'],
    ['/a/../b', 'http://a.test/', 'http://a.test/b'],
    ['/a/.b', 'http://a.test/', 'http://a.test/a/.b'],
    ['//b.test/x', 'http://a.test/', 'http://b.test/x'],
    ['/x', 'http://u:p@a.test/', 'http://u:p@a.test/x'],
    ['/x', 'ftp://a.test/', null],
    ['http://a.test/new/1', 'http://b.test/', 'http://a.test/new/1'],
    ['http://a.test', 'http://b.test/', 'http://a.test/'],
    ['http://a.test:80/x', 'http://b.test/', 'http://a.test/x'],
    ['http://a.testing/x', 'http://a.test/', 'http://a.testing/x'],
  ])('C10 %s on %s', (text, base, expected) => {
    expect(toAbsolute(text, base)).toBe(expected);
  });

  it('C10 an origin has neither a name nor a password', () => {
    expect(originOf('http://u:p@a.test/x')).toBe('http://a.test');
    expect(originOf('https://a.test:8443/x')).toBe('https://a.test:8443');
  });
});
