import { describe, expect, it } from 'vitest';

import { maxDepth, readJson } from './read-json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('readJson', () => {
  it('A37 reads what means one thing to everybody', () => {
    expect(readJson('{"a":{"b":1},"c":[{"b":2},{"b":":{\\"b\\""}],"d":"\\u00e9"}')).toEqual({
      a: { b: 1 },
      c: [{ b: 2 }, { b: ':{"b"' }],
      d: 'é',
    });
    expect(readJson(nested(maxDepth))).toBeInstanceOf(Array);
  });

  it.each([
    ['a name that stands twice', '{"disabled":false,"disabled":true}', '"disabled" twice'],
    ['a name that stands twice under another spelling', '{"a":1,"\\u0061":2}', '"a" twice'],
    ['the same further in', '[{"x":{"a":1,"a":1}}]', '"a" twice'],
    ['a prototype', '{"__proto__":{"isAdmin":true}}', '__proto__'],
    ['a prototype in another spelling', '{"\\u005f_proto__":{}}', '__proto__'],
    ['the way round to it', '{"constructor":{"prototype":{}}}', 'constructor'],
    ['half of a character', '{"a":"\\ud800"}', 'a lone surrogate'],
    ['NUL', '{"a":"x\\u0000y"}', 'expected text without NUL'],
    ['hostile depth', nested(maxDepth + 1), `at most ${maxDepth} levels`],
    ['hostile depth that never ends', '['.repeat(1_900_000), `at most ${maxDepth} levels`],
    ['nothing', '', 'expected JSON, got nothing'],
    ['what is no JSON', '{a:1}', 'expected JSON'],
    ['JSON and more', '{} {}', 'expected JSON'],
  ])('A37 refuses %s', (_, text, why) => {
    expect(() => readJson(text)).toThrow(why);
  });

  it('A37 reads a long text without trouble', () => {
    const long = `${'\\n'.repeat(100_000)}${'x'.repeat(1_700_000)}`;
    expect((readJson(`{"text":"${long}"}`) as { text: string }).text).toHaveLength(1_800_000);
  });
});
