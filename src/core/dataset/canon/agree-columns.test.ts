import { describe, expect, it } from 'vitest';

import type { CanonRow, CanonType } from '../canon.ts';
import type { ColumnMap, Dataset, RowCondition } from '../dataset.ts';
import type { ColumnShape, TableShape } from '../datastore-kind.ts';
import { agreeColumns, columnsOf } from './agree-columns.ts';
import { compareKeys } from './compare-keys.ts';
import { meetsConditions } from './meets-conditions.ts';

function shape(name: string, type: CanonType, changes: Partial<ColumnShape> = {}): ColumnShape {
  return { name, type, nativeType: type, nullable: true, scale: null, generated: false, collation: null, ...changes };
}

function table(...columns: ColumnShape[]): TableShape {
  return { table: 't', columns, key: ['id'], rowEstimate: null, notes: [] };
}

function map(from: string, to: string, changes: Partial<ColumnMap> = {}): ColumnMap {
  return { to, from, value: null, steps: [], as: null, ...changes };
}

function agree(from: ColumnShape, to: ColumnShape, changes: Partial<ColumnMap> = {}) {
  const id = shape('id', 'integer');
  const dataset = {
    key: ['id'],
    omit: [],
    map: [map('id', 'id'), map(from.name, to.name, changes)],
  } as unknown as Dataset;
  return agreeColumns(table(id, from), table(id, to), dataset);
}

describe('agreeColumns', () => {
  it.each<[string, ColumnShape, ColumnShape, Partial<ColumnMap>, [CanonType, number | null], string[]]>([
    [
      'the smaller scale, and says so',
      shape('a', 'decimal', { scale: 4 }),
      shape('b', 'decimal', { scale: 2 }),
      {},
      ['decimal', 2],
      ['precision'],
    ],
    [
      'all digits of whole numbers and decimals',
      shape('a', 'integer'),
      shape('b', 'decimal', { scale: 2 }),
      {},
      ['decimal', null],
      [],
    ],
    [
      'binary fractions, and says so',
      shape('a', 'decimal', { scale: 2 }),
      shape('b', 'float'),
      {},
      ['float', null],
      ['binary-float'],
    ],
    ['a text as what it is compared with', shape('a', 'text'), shape('b', 'uuid'), {}, ['uuid', null], ['type']],
    ['what is declared', shape('a', 'integer'), shape('b', 'boolean'), { as: 'boolean' }, ['boolean', null], []],
    [
      'texts by their bytes, and says so',
      shape('a', 'text', { collation: 'utf8mb4_general_ci' }),
      shape('b', 'text'),
      {},
      ['text', null],
      ['collation'],
    ],
  ])('D31 reads %s', (...[, from, to, changes, [type, scale], codes]) => {
    const { columns, notes, key } = agree(from, to, changes);
    expect(columns[1]).toMatchObject({ source: { name: 'a', type, scale }, target: { name: 'b', type, scale } });
    expect(notes.map(({ code }) => code)).toEqual(codes);
    expect(notes.some(({ blocks }) => blocks)).toBe(false);
    expect(key).toEqual([0]);
  });

  it.each<[string, ColumnShape, ColumnShape, string]>([
    ['a number for a boolean', shape('a', 'integer'), shape('b', 'boolean'), 'boolean'],
    ['a time without a zone for a point in time', shape('a', 'timestamp'), shape('b', 'timestamptz'), 'zone'],
    ['types without a common form', shape('a', 'date'), shape('b', 'bytes'), 'type'],
  ])('D31 does not take %s before it is declared', (_, from, to, code) => {
    expect(agree(from, to).notes).toMatchObject([{ code, blocks: true }]);
  });

  it('D31 names what is missing and what is left behind without a reason', () => {
    const source = table(shape('id', 'integer'), shape('note', 'text'));
    const dataset = { key: ['id'], omit: [], map: [map('nr', 'id')] } as unknown as Dataset;
    const { notes, columns, key } = agreeColumns(source, table(shape('id', 'integer')), dataset);
    expect(notes.map(({ column, code, blocks }) => [column, code, blocks])).toEqual([
      ['nr', 'missing', true],
      ['note', 'left-behind', false],
      ['id', 'key', true],
    ]);
    expect([columns, key]).toEqual([[], []]);
  });

  it('D31 carries every column of its name where no map is written, and leaves constants to the target', () => {
    const both = table(shape('id', 'integer'), shape('t', 'text'));
    const dataset = { key: ['id'], omit: [{ column: 't', reason: 'archive' }], map: [] } as unknown as Dataset;
    expect(columnsOf(agreeColumns(both, both, dataset), 'source').map(({ name }) => name)).toEqual(['id']);
    const constant = {
      key: [],
      omit: [],
      map: [{ to: 't', from: null, value: 'legacy', steps: [], as: null }],
    } as unknown as Dataset;
    const agreement = agreeColumns(both, both, constant);
    expect(columnsOf(agreement, 'source')).toEqual([]);
    expect(agreement.columns[0]).toMatchObject({ value: 'legacy', target: { name: 't' } });
  });
});

describe('compareKeys', () => {
  it('D31 orders whole numbers as numbers and everything else by UTF-8 bytes', () => {
    const whole = ['9', '10', '-1', '-10', '9007199254740993', '9007199254740992'];
    expect(whole.toSorted((a, b) => compareKeys([a], [b], ['integer']))).toEqual([
      '-10',
      '-1',
      '9',
      '10',
      '9007199254740992',
      '9007199254740993',
    ]);
    const texts = ['a', 'B', '\uFFFD', '😀', 'é', ''];
    const byBytes = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(texts.toSorted((a, b) => compareKeys([a], [b], ['text']))).toEqual(byBytes);
    expect(compareKeys(['1', 'b'], ['1', 'a'], ['integer', 'text'])).toBeGreaterThan(0);
    expect(compareKeys([null], ['0'], ['integer'])).toBeLessThan(0);
  });
});

describe('meetsConditions', () => {
  const columns = [
    { name: 'n', type: 'decimal', scale: 2 },
    { name: 't', type: 'text', scale: null },
  ] as const;
  const test = (row: CanonRow, ...written: [string, RowCondition['operator'], ...string[]][]): boolean =>
    meetsConditions(
      written.map(([column, operator, ...values]) => ({ column, operator, values, text: '' })),
      columns,
    )(row);

  it('C13 compares numbers as numbers, and texts to the byte', () => {
    expect(test(['10.50', 'a'], ['n', '==', '10.5'])).toBe(true);
    expect(test(['10.50', 'a'], ['n', '>', '9'])).toBe(true);
    expect(test(['NaN', 'a'], ['n', '>', '9'])).toBe(false);
    expect(test(['1.00', 'a '], ['t', '==', 'a'])).toBe(false);
    expect(test(['1.00', 'Foo'], ['t', 'matches', '^F'], ['n', 'in', '1', '2'])).toBe(true);
    expect(test(['1.00', 'Foo'], ['t', 'matches', '^f'])).toBe(false);
  });

  it('C13 a missing value meets missing and != alone', () => {
    const operators: RowCondition['operator'][] = ['==', '!=', '<', '>=', 'in', 'matches'];
    expect(operators.map((operator) => test([null, null], ['t', operator, 'a']))).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect([test([null, null], ['t', 'missing']), test([null, ''], ['t', 'missing'])]).toEqual([true, false]);
    expect(() => test([null, null], ['x', '==', 'a'])).toThrow('expected a column that is read, got x');
  });
});
