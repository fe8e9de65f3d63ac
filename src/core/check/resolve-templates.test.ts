import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readExpectation } from './read-expectation.ts';
import { resolveTemplates } from './resolve-templates.ts';

const values = new Map<string, string | null>([
  ['candidate.commit', '1234567'],
  ['candidate.url', 'https://next.shop.test'],
  ['candidate.version', null],
  ['environment.url', ''],
  ['launch.id', '{{ candidate.commit }}'],
]);

function resolve(spec: Parameters<typeof resolveTemplates>[0]['spec'], texts: string[] = []) {
  const expectations = texts.map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(text);
    return read.expectation;
  });
  return resolveTemplates({ spec, expectations }, values);
}

describe('templates', () => {
  it('fills values in at any depth, inside a text, and leaves keys and other values alone', () => {
    const spec = {
      url: '{{candidate.url}}/api?c={{ candidate.commit }}',
      list: ['{{ candidate.commit }}', 5, null],
      '{{ x }}': { deep: '{{ candidate.commit }}' },
    };
    expect(resolve(spec)).toMatchObject({
      ok: true,
      spec: { url: 'https://next.shop.test/api?c=1234567', list: ['1234567', 5, null], '{{ x }}': { deep: '1234567' } },
    });
  });

  it('keeps a filled-in commit of digits a text, so that 1234567 stays a commit', () => {
    const resolved = resolve({}, [
      'json.commit == {{ candidate.commit }}',
      'json.commit in [a, {{ candidate.commit }}]',
      'status == 200',
    ]);
    expect(resolved).toMatchObject({
      ok: true,
      expectations: [
        { text: 'json.commit == "1234567"', value: '1234567' },
        { value: ['a', '1234567'] },
        { text: 'status == 200' },
      ],
    });
  });

  it.each([
    ['{{ candidate.comit }}', 'did you mean {{ candidate.commit }}?'],
    ['{{ }}', 'did you mean'],
    ['{{ candidate.version }}', 'candidate.version is not set'],
    ['{{ environment.url }}', 'environment.url is not set'],
    ['{{ secret "dns/key" }}', 'checks cannot use secrets yet'],
    ['{{ secret }}', 'checks cannot use secrets yet'],
    ['{{ candidate.commit', 'close the template'],
    ['{{ candidate.commit }} and {{', 'close the template'],
    ['{{ __proto__ }}', 'did you mean'],
  ])('refuses %s and says: %s', (text, hint) => {
    const resolved = resolve({ a: { b: [text] } });
    expect(resolved).toMatchObject({ ok: false, faults: [{ path: ['a', 'b', 0] }] });
    expect(resolved.ok ? '' : resolved.faults[0]!.hint).toContain(hint);
  });

  it('reports every fault at once, with the place of each', () => {
    const resolved = resolve({ a: '{{ x }}', b: '{{ y }} {{ z }}' }, ['json.v == {{ nope }}']);
    expect(resolved.ok ? [] : resolved.faults.map(({ path, got }) => [path.join('.'), got])).toEqual([
      ['a', '{{ x }}'],
      ['b', '{{ y }}'],
      ['b', '{{ z }}'],
      ['expect.0', '{{ nope }}'],
    ]);
  });

  it('does not fill in twice: a value that looks like a template stays what it is', () => {
    expect(resolve({ a: '{{ launch.id }}' })).toMatchObject({ ok: true, spec: { a: '{{ candidate.commit }}' } });
  });

  it('never leaves an empty text where a template stood', () => {
    fc.assert(
      fc.property(fc.constantFrom(...values.keys(), 'unknown', 'secret "x"'), (name) => {
        const resolved = resolve({ a: `{{ ${name} }}` });
        expect(resolved.ok ? resolved.spec['a'] : 'fault').not.toBe('');
      }),
    );
  });
});
