import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readExpectation, withValue } from './read-expectation.ts';

function read(text: string) {
  const result = readExpectation(text);
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.fault)}`);
  return result.expectation;
}

function faultOf(text: string) {
  const result = readExpectation(text);
  return result.ok ? null : result.fault;
}

describe('what an expectation may say', () => {
  it.each([
    ['status == 200', ['status'], '==', 200],
    ['  status   ==   200  ', ['status'], '==', 200],
    ['status==200', ['status'], '==', 200],
    ['headers["content-type"] contains json', ['headers', 'content-type'], 'contains', 'json'],
    ["headers['a\"b'] == x", ['headers', 'a"b'], '==', 'x'],
    ['headers.content-type == text/html', ['headers', 'content-type'], '==', 'text/html'],
    ['json.items[0].id exists', ['json', 'items', 0, 'id'], 'exists', null],
    ['json.error missing', ['json', 'error'], 'missing', null],
    ['rows[0].count >= 1', ['rows', 0, 'count'], '>=', 1],
    ['latency < 500ms', ['latency'], '<', 500],
    ['latency < 0.5 s', ['latency'], '<', 500],
    ['age <= 7d', ['age'], '<=', 604_800_000],
    ['size <= 64KiB', ['size'], '<=', 65_536],
    ['size <= 1MB', ['size'], '<=', 1_000_000],
    ['rate >= 99.9%', ['rate'], '>=', 0.999],
    ['rate <= 7%', ['rate'], '<=', 0.07],
    ['delta == -5', ['delta'], '==', -5],
    ['delta == -0', ['delta'], '==', 0],
    ['json.version == 1.8.0', ['json', 'version'], '==', '1.8.0'],
    ['json.commit == 12e4567', ['json', 'commit'], '==', '12e4567'],
    ['json.code == 007', ['json', 'code'], '==', '007'],
    ['json.n == 1e3', ['json', 'n'], '==', '1e3'],
    ['json.n == 5min', ['json', 'n'], '==', '5min'],
    ['json.ok == true', ['json', 'ok'], '==', true],
    ['json.error == null', ['json', 'error'], '==', null],
    ['json.ok == "true"', ['json', 'ok'], '==', 'true'],
    ['json.name == "two words"', ['json', 'name'], '==', 'two words'],
    [String.raw`json.name == "a\"b\\c\n"`, ['json', 'name'], '==', 'a"b\\c\n'],
    ['status in [200, 204]', ['status'], 'in', [200, 204]],
    ['state in [ok, "not bad", null]', ['state'], 'in', ['ok', 'not bad', null]],
    ['answers == []', ['answers'], '==', []],
    ['body matches /^v1\\./i', ['body'], 'matches', '/^v1\\./i'],
    ['url == https://a.test/x?y=1', ['url'], '==', 'https://a.test/x?y=1'],
    ['json.version == {{ candidate.commit }}', ['json', 'version'], '==', '{{ candidate.commit }}'],
    ['json.version == v{{ candidate.version }}-x', ['json', 'version'], '==', 'v{{ candidate.version }}-x'],
  ])('reads %s', (text, path, operator, value) => {
    expect(read(text)).toMatchObject({ path, operator, value });
  });

  it.each([
    ['', 1],
    ['200 == status', 1],
    ['status', 7],
    ['status = 200', 8],
    ['status === 200', 8],
    ['status =< 200', 8],
    ['status <> 200', 8],
    ['status ==', 10],
    ['status exists 5', 15],
    ['json.items[-1] == 1', 12],
    ['json. == 1', 6],
    ['json["x == 1', 6],
    ['status in []', 11],
    ['status in 200', 11],
    ['status in [200', 15],
    ['body contains ""', 15],
    ['body matches foo', 14],
    ['body matches /(/', 14],
    ['body matches /(?=x)/', 14],
    ['body matches /x/q', 14],
    ['body matches /{{ candidate.commit }}/', 14],
    ['json.name == two words', 18],
    ['latency < fast', 11],
    ['latency < "500"', 11],
    ['latency < {{ candidate.commit }}', 11],
    ['json.id == 12345678901234567890', 12],
    [String.raw`json.x == "\ud800"`, 11],
    ['json.x == "open', 11],
  ])('refuses %s at column %i, with what is wanted and what to do', (text, column) => {
    const fault = faultOf(text);
    expect(fault).toMatchObject({ column });
    expect(fault!.expected).not.toBe('');
    expect(fault!.got).not.toBe('');
    expect(fault!.hint).not.toBe('');
  });

  it('folds white space but keeps the inside of quotes', () => {
    expect(read('status   ==    "a   b"  ').text).toBe('status == "a   b"');
  });

  it('never throws and never hangs on any text', () => {
    const piece = fc.constantFrom(
      'status',
      '==',
      '[',
      ']',
      '"',
      "'",
      '/',
      '\\',
      '{{',
      '}}',
      '0',
      '%',
      'ms',
      ' ',
      '.',
      'in',
      ',',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          const result = readExpectation(text);
          expect(
            result.ok
              ? result.expectation.path.length > 0
              : result.fault.column >= 1 && result.fault.column <= text.length + 1,
          ).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
    expect(faultOf(`status == ${'x'.repeat(1e6)}`)).toMatchObject({ column: 1 });
  });

  it('T24 what it writes for a filled-in value reads back to exactly that value, digits included', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
      fc.constantFrom('1234567', 'true', 'null', '[a]', '1.50', '{{ x }}'),
    );
    fc.assert(
      fc.property(
        value,
        fc.array(value, { minLength: 1 }),
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed()),
        (text, list, key) => {
          const single = withValue({ text: '', path: ['json', key, 3], operator: '==', value: null }, text);
          expect(read(single.text)).toEqual(single);
          const many = withValue({ text: '', path: ['json'], operator: 'in', value: null }, list);
          expect(read(many.text)).toEqual(many);
        },
      ),
    );
  });
});
