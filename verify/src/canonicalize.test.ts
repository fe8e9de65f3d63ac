import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { canonicalize, maxDepth } from './canonicalize.ts';
import { FormatError } from './format-error.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { digestOf } from './sha256.ts';

/** IEEE 754 bits and how RFC 8785 appendix B writes them. */
const numbers: [bits: string, text: string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

const anyJson = fc
  .jsonValue({ maxDepth: 4, noUnicodeString: false })
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

describe('canonicalize', () => {
  it.each(numbers)('writes the double %s as %s (RFC 8785 appendix B)', (bits, text) => {
    expect(canonicalize(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('writes the example of RFC 8785 section 3.2.2', () => {
    const value: unknown = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalize(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('orders keys by UTF-16 code units (RFC 8785 section 3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const text = canonicalize(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      '1',
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
    expect(text.indexOf('\ud83d\ude00')).toBeLessThan(text.indexOf('\ufb33'));
  });

  it('gives back the value it was given, whatever its keys were ordered by', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalize(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalize(reverseKeys(value))).toBe(text);
        expect(canonicalize(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['NaN', { a: [Number.NaN] }, '$.a[0]: expected a finite number, got NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'got Infinity'],
    ['undefined', { a: undefined }, '$.a: expected a JSON value, got undefined'],
    ['a hole', Array.from<number>({ length: 2 }).fill(1, 0, 1), '$[1]'],
    ['a function', { a: () => 1 }, 'got function'],
    ['a bigint', 1n, 'got bigint'],
    ['a date', { at: new Date(0) }, '$.at: expected a plain object, got an instance of "Date"'],
    ['a lone surrogate', { a: '\ud800' }, 'lone surrogate'],
    ['a lone surrogate in a key', { '\udc00': 1 }, 'lone surrogate'],
    ['__proto__', JSON.parse('{"a":{"__proto__":1}}') as unknown, '$.a: expected no member named __proto__'],
  ])('refuses %s and names the place', (_, value, message) => {
    expect(() => canonicalize(value)).toThrow(FormatError);
    expect(() => canonicalize(value)).toThrow(message);
  });

  it('refuses hostile nesting instead of overflowing the stack', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(() => parseStrictJson(deep, 'deep')).toThrow(`at most ${maxDepth} levels`);
    const allowed = `${'['.repeat(maxDepth)}${']'.repeat(maxDepth)}`;
    expect(canonicalize(JSON.parse(allowed))).toBe(allowed);
  });

  it('digests 10,000 records in well under a second', () => {
    const record = {
      b: 'x'.repeat(200),
      a: [1, 2, { z: null, y: true }],
      sources: [{ name: 'n', sha256: 'a'.repeat(64) }],
    };
    const start = process.cpuUsage();
    for (let at = 0; at < 10_000; at += 1) digestOf({ ...record, at });
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});

describe('parseStrictJson', () => {
  it.each([
    ['duplicate keys', '{"a":1,"a":1}'],
    ['keys out of order', '{"b":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['another spelling of a number', '{"a":1.0}'],
    ['another spelling of a string', String.raw`{"a":"\u0041"}`],
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['a byte order mark', '\ufeff{}'],
    ['text after the value', '{}\n'],
    ['no JSON', '{'],
  ])('refuses %s', (_, text) => {
    expect(() => parseStrictJson(text, 'x')).toThrow('x: expected canonical JSON (RFC 8785), got');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reverseKeys(inner)]),
  );
}
