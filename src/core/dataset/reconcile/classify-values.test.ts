import { describe, expect, it } from 'vitest';

import type { CanonColumn, CanonType, CanonValue } from '../canon.ts';
import { classifyValues } from './classify-values.ts';
import { compareRows } from './compare-rows.ts';
import { findSystematic, guessTransformation } from './guess-transformation.ts';
import { tolerates } from './tolerates.ts';

const column = (type: CanonType, name = 'c'): CanonColumn => ({ name, type, scale: null });

describe('classifyValues', () => {
  it.each<[string, CanonType, CanonValue, CanonValue]>([
    ['case', 'text', 'Zoe@example.com', 'zoe@example.com'],
    ['space', 'text', 'Zoe ', 'Zoe'],
    ['space', 'text', 'a  b', 'a b'],
    ['newline', 'text', 'a\r\nb', 'a\nb'],
    ['unicode', 'text', 'Zo\u00EB', 'Zoe\u0308'],
    ['encoding', 'text', 'Zoë Ångström', 'ZoÃ« Ã…ngstrÃ¶m'],
    ['encoding', 'text', 'Zoë', 'Zo?'],
    ['encoding', 'text', 'Zoë', 'Zo\uFFFD\uFFFD'],
    ['null-or-empty', 'text', null, ''],
    ['null-or-empty', 'text', null, 'NULL'],
    ['null-or-empty', 'text', '', '\\N'],
    ['zone', 'timestamptz', '2026-11-21T13:00:00.000000Z', '2026-11-21T14:00:00.000000Z'],
    ['zone', 'timestamp', '2026-11-21T23:30:00', '2026-11-22T05:00:00'],
    ['precision', 'timestamptz', '2026-11-21T13:00:00.123456Z', '2026-11-21T13:00:00.123000Z'],
    ['precision', 'timestamp', '2026-11-21T13:00:00.9996', '2026-11-21T13:00:00'],
    ['precision', 'decimal', '10.129', '10.13'],
    ['precision', 'decimal', '-9.996', '-10'],
    ['precision', 'float', '0.1', '0.10000000149011612'],
    ['precision', 'float', '0.30000000000000004', '0.3'],
    ['value', 'decimal', '10.12', '10.13'],
    ['value', 'integer', '1', '2'],
    ['value', 'text', 'Zoe', 'Bob'],
    ['value', 'text', null, 'Zoe'],
    ['value', 'timestamp', '2026-11-21T13:00:00', '2026-11-21T13:00:01'],
    ['value', 'text', 'What?', 'Whatever'],
  ])('C04 calls it %s: %s %j against %j', (expected, type, source, target) => {
    expect(classifyValues(source, target, column(type))).toBe(expected);
    expect(classifyValues(target, source, column(type))).toBe(expected);
  });

  it('ends soon with hostile texts: what backtracks would run into the limit of the test', () => {
    expect(classifyValues('ü'.repeat(300), `${'?'.repeat(1_200)}x`, column('text'))).toBe('value');
    expect(classifyValues('ü'.repeat(1e6), `${'?'.repeat(1e6)}x`, column('text'))).toBe('value');
  });
});

describe('compareRows', () => {
  const columns = [column('integer', 'id'), column('text', 'a'), column('text', 'b')];
  const compare = (source: CanonValue[], target: CanonValue[]): string[] =>
    compareRows(source, target, { columns, tolerances: [] }).values.map((one) => `${one.column} ${one.class}`);

  it('C04 names a value that moved between columns, and text that slipped over a separator', () => {
    expect(compare(['1', 'x', null], ['1', null, 'x'])).toEqual(['a moved', 'b moved']);
    expect(compare(['1', 'a|b', 'c'], ['1', 'a', 'b|c'])).toEqual(['a moved', 'b moved']);
    expect(compare(['1', 'x', 'y'], ['1', 'p', 'q'])).toEqual(['a value', 'b value']);
    expect(compare(['1', 'x', 'y'], ['1', 'x', 'y'])).toEqual([]);
  });

  it('takes within a declared tolerance for the same, says so, and nothing else', () => {
    const floats = [column('integer', 'id'), column('float', 'w')];
    const tolerances = [{ column: 'w', kind: 'ulp' as const, amount: '1' }];
    const near = compareRows(['1', '0.3'], ['1', '0.30000000000000004'], { columns: floats, tolerances });
    expect(near).toEqual({ values: [], tolerated: ['w'] });
    const far = compareRows(['1', '0.3'], ['1', '0.30000000000000016'], { columns: floats, tolerances });
    expect(far.values).toHaveLength(1);
    expect(tolerates(null, '', { column: 'w', kind: 'trim', amount: null })).toBe(false);
    expect(tolerates('1', '1.1', { column: 'w', kind: 'absolute', amount: 'x' })).toBe(false);
    expect(tolerates('-0.1', '0.1', { column: 'w', kind: 'relative', amount: '0.5' })).toBe(false);
  });
});

describe('guessTransformation', () => {
  const pairs = (of: (at: number) => readonly [CanonValue, CanonValue]): (readonly [CanonValue, CanonValue])[] =>
    Array.from({ length: 100 }, (_, at) => of(at));

  it.each<[string, CanonType, (at: number) => readonly [CanonValue, CanonValue]]>([
    [
      'source = target + 1 h',
      'timestamptz',
      (at) => [`2026-11-21T13:00:${10 + (at % 50)}Z`, `2026-11-21T12:00:${10 + (at % 50)}Z`],
    ],
    [
      'source = target - 5 h 30 min',
      'timestamp',
      (at) => [`2026-11-21T01:00:${10 + (at % 50)}`, `2026-11-21T06:30:${10 + (at % 50)}`],
    ],
    [
      'the target keeps fewer digits',
      'timestamp',
      (at) => [`2026-11-21T01:00:00.1234${10 + at}`, `2026-11-21T01:00:00.123`],
    ],
    ['target = source x 100', 'integer', (at) => [String(at + 1), String((at + 1) * 100)]],
    ['the target is lower case', 'text', (at) => [`A${at}`, `a${at}`]],
    ['the target is trimmed', 'text', (at) => [` a${at}`, `a${at}`]],
    ['"" became null', 'text', () => ['', null]],
    ['true and false are exchanged', 'boolean', (at) => (at % 2 ? ['true', 'false'] : ['false', 'true'])],
    ['the sign is exchanged', 'decimal', (at) => [`${at + 1}.5`, `-${at + 1}.5`]],
  ])('R8 says %s', (expected, type, of) => {
    expect(guessTransformation(pairs(of), column(type))).toBe(expected);
  });

  it('R8 names no cause that one pair in five contradicts, and no column that mostly agrees', () => {
    const mixed = pairs((at) => (at % 5 === 0 ? ['x', 'y'] : [`A${at}`, `a${at}`]));
    expect(guessTransformation(mixed, column('text'))).toBeNull();
    expect(findSystematic([column('text')], () => mixed)).toMatchObject([{ differing: 100, guess: null }]);
    expect(findSystematic([column('text')], () => pairs((at) => (at % 2 ? ['a', 'b'] : ['a', 'a'])))).toEqual([]);
    expect(findSystematic([column('text')], () => [['a', 'b']])).toEqual([]);
  });
});
