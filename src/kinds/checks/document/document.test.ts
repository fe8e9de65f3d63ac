import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { toStatSource } from '../file-stat.ts';
import { jsonReader, yamlReader } from './reader.ts';

function read(kind: 'json' | 'yaml', text: string | Uint8Array): Reading {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = kind === 'json' ? jsonReader : yamlReader;
  return reader.parse({ path: 'x' }, [{ name: 'x', mediaType: 'text/plain', bytes }]);
}
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const factsOf = (reading: Reading): unknown => (reading.state === 'readable' ? reading.facts : reading.trouble);
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replaceAll(/./g, (key, index: number) => `${key}: &${key} [${`*${'abcdefgh'[index]},`.repeat(9)}]\n`)}`;
const file = (name: string) => ({ name, mediaType: 'text/plain', bytes: new TextEncoder().encode('[1]') });

describe('json', () => {
  it('gives the value and the number of its entries', () => {
    expect(factsOf(read('json', '{"version":"1.8.0","list":[1,null]}'))).toMatchObject({
      json: { version: '1.8.0', list: [1, null] },
      entries: 2,
    });
    expect(factsOf(read('json', '7'))).not.toHaveProperty('entries');
  });

  it.each([
    ['a key that stands twice', '{"a":1,"b":{"c":1,"c":2}}', 'duplicate_key'],
    ['a key that stands twice in another spelling', String.raw`{"a":1,"\u0061":2}`, 'duplicate_key'],
    ['__proto__', '{"__proto__":{"version":"1"}}', 'malformed'],
    ['a comment', '{"a":1} // done', 'malformed'],
    ['a comma too many', '[1,]', 'malformed'],
    ['a number beyond a double', '{"a":1e999}', 'malformed'],
    ['a lone surrogate', String.raw`{"a":"\ud800"}`, 'malformed'],
    ['deep nesting', `${'['.repeat(300)}${']'.repeat(300)}`, 'too_deep'],
    ['white space', ' \n', 'empty'],
  ])('refuses %s', (_what, text, code) => {
    expect(codeOf(read('json', text))).toBe(code);
  });

  it('takes one key in two objects, and colons and quotes inside texts, for what they are', () => {
    expect(codeOf(read('json', String.raw`[{"a":1},{"a":"\":\"a\":{"}]`))).toBe('readable');
  });

  it('reads UTF-16 by its mark and refuses bytes that are no text', () => {
    expect(factsOf(read('json', Buffer.from('\ufeff{"a":"é"}', 'utf16le')))).toMatchObject({ json: { a: 'é' } });
    expect(codeOf(read('json', Uint8Array.from([0x22, 0xff, 0x22])))).toBe('encoding');
  });
});

describe('yaml', () => {
  it('gives the value by the core schema of YAML 1.2', () => {
    const text = 'a: &x {yes: no, on: 012, v: 1.10}\nb: *x\n<<: plain\n';
    const a = { yes: 'no', on: 12, v: 1.1 };
    expect(factsOf(read('yaml', text))).toMatchObject({ yaml: { a, b: a, '<<': 'plain' }, entries: 3 });
  });

  it.each([
    ['a key that stands twice', 'a: 1\na: 2\n', 'duplicate_key'],
    ['an alias bomb', bomb, 'aliases_refused'],
    ['a tag of its own', 'a: !ruby/object:Gem {x: 1}\n', 'tag_refused'],
    ['a key that is a list', '? [a]\n: 1\n', 'malformed'],
    ['__proto__', '__proto__: {a: 1}\n', 'malformed'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'malformed'],
    ['a tab for indentation', 'a:\n\tb: 1\n', 'malformed'],
    ['infinity', 'a: .inf\n', 'malformed'],
    ['NUL', 'a: "\0"\n', 'malformed'],
    ['deep nesting', '['.repeat(300), 'too_deep'],
    ['deep nesting by dashes', '- '.repeat(300), 'too_deep'],
    ['white space', ' \n', 'empty'],
  ])('refuses %s', (_what, text, code) => {
    expect(codeOf(read('yaml', text))).toBe(code);
  });

  it('names line and column of a fault', () => {
    expect(factsOf(read('yaml', 'a: 1\nb: [\n'))).toMatchObject({
      message: expect.stringMatching(/line \d+, column \d+/),
    });
  });
});

describe('both', () => {
  it.each([jsonReader, yamlReader])(
    'U6 $kind: without a document every value is unknown and the default fails',
    (reader) => {
      const reading = reader.parse({ path: 'x' }, reader.negativeControl({}));
      expect(reading).toEqual({ state: 'readable', facts: { entries: 0, file: { count: 0, size: 0 } } });
    },
  );

  it.each([jsonReader, yamlReader])('$kind: refuses two documents and a document that is too old', (reader) => {
    expect(codeOf(reader.parse({ path: '*' }, [file('a'), file('b')]))).toBe('ambiguous');
    const stat = toStatSource({ files: [{ path: 'a', size: 3, sha256: '', ageMs: 60_001, kept: 'whole' }] });
    expect(codeOf(reader.parse({ path: 'a', maxAge: '1m' }, [file('a'), stat]))).toBe('stale');
    expect(codeOf(reader.parse({ path: 'a', maxAge: '2m' }, [file('a'), stat]))).toBe('readable');
    const future = toStatSource({ files: [{ path: 'a', size: 3, sha256: '', ageMs: -60_001, kept: 'whole' }] });
    expect(codeOf(reader.parse({ path: 'a', maxAge: '2m' }, [file('a'), future]))).toBe('stale');
  });
});
