import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toCanonLine } from '../canon-line.ts';
import type { CanonRow } from '../canon.ts';
import { compareKeys } from '../canon/compare-keys.ts';
import { compareLines } from './compare-lines.ts';
import type { LineDifference, LineQuestion } from './compare-lines.ts';

type Compare = (question: LineQuestion) => Promise<unknown>;

/** Chunks of whole lines, cut at random places. */
async function* chunksOf(rows: readonly CanonRow[], size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < rows.length; at += size) {
    await Promise.resolve();
    yield Buffer.from(
      rows
        .slice(at, at + size)
        .map(toCanonLine)
        .join(''),
    );
  }
}

async function differencesOf(
  source: readonly CanonRow[],
  target: readonly CanonRow[],
  {
    sizes = [3, 5],
    repeats = false,
    compare = compareLines,
  }: { sizes?: number[]; repeats?: boolean; compare?: Compare } = {},
): Promise<LineDifference[]> {
  const found: LineDifference[] = [];
  await compare({
    source: chunksOf(source, sizes[0] ?? 1),
    target: chunksOf(target, sizes[1] ?? 1),
    key: repeats ? ['text', 'text'] : ['integer'],
    repeats,
    onDifference: (difference) => void found.push(difference),
    onProgress: () => undefined,
  });
  return found;
}

/** What two tables differ in, found the slow way. */
function oracle(source: readonly CanonRow[], target: readonly CanonRow[]): LineDifference[] {
  const there = new Map(target.map((row) => [row[0], row]));
  const here = new Set(source.map(([key]) => key));
  const left = source.flatMap((row): LineDifference[] => {
    const other = there.get(row[0] ?? null);
    if (other === undefined) return [{ kind: 'missing', source: row, target: null }];
    return toCanonLine(row) === toCanonLine(other) ? [] : [{ kind: 'changed', source: row, target: other }];
  });
  const right = target.filter(([key]) => !here.has(key ?? null));
  return [...left, ...right.map((row): LineDifference => ({ kind: 'extra', source: null, target: row }))];
}

const sorted = (rows: readonly CanonRow[]): CanonRow[] => rows.toSorted((a, b) => compareKeys(a, b, ['integer']));
const byKey = (differences: readonly LineDifference[]): string[] =>
  differences.map((one) => JSON.stringify(one)).toSorted();
const text = fc.option(fc.constantFrom('', 'a', 'a\tb', 'line\nfeed', '\\N', 'ü😀', 'x'.repeat(40)), { nil: null });
const table = fc
  .uniqueArray(fc.tuple(fc.bigInt({ min: -50n, max: 120n }).map(String), text, text), {
    selector: ([key]) => key,
    maxLength: 60,
  })
  .map(sorted);
const sizes = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }));
const law = (compare: Compare): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(table, table, sizes, async (source, target, cut) => {
    const found = await differencesOf(source, target, { sizes: cut, compare });
    expect(byKey(found)).toEqual(byKey(oracle(source, target)));
  });

describe('compareLines', () => {
  it('C08 finds what a full join finds, wherever chunks are cut', async () => {
    await fc.assert(law(compareLines), { numRuns: 400 });
  });

  it.each<[string, (difference: LineDifference) => boolean]>([
    ['rows on the target alone', ({ kind }) => kind !== 'extra'],
    ['rows on the source alone', ({ kind }) => kind !== 'missing'],
    ['values', ({ kind }) => kind !== 'changed'],
  ])('C08 the law notices a comparison that overlooks %s', async (_, sees) => {
    const blind: Compare = (question) =>
      compareLines({ ...question, onDifference: (one) => (sees(one) ? question.onDifference(one) : undefined) });
    expect((await fc.check(law(blind), { numRuns: 400, seed: 5 })).failed).toBe(true);
  });

  it('finds a difference behind blocks that are equal, and counts every line', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => [String(at), `name ${at}`, null]);
    const other = rows
      .map((row) => (row[0] === '19998' ? ['19998', 'name', null] : row))
      .filter(([key]) => key !== '7');
    const found: LineDifference[] = [];
    const counts = await compareLines({
      source: chunksOf(rows, 4_001),
      target: chunksOf(other, 999),
      key: ['integer'],
      repeats: false,
      onDifference: (difference) => void found.push(difference),
      onProgress: () => undefined,
    });
    expect(counts).toMatchObject({ source: 20_000, target: 19_999 });
    expect(found.map(({ kind, source }) => [kind, source?.[0]])).toEqual([
      ['missing', '7'],
      ['changed', '19998'],
    ]);
  });

  it('pairs rows of a table without a key by how often each stands there', async () => {
    const row = ['same', 'row'];
    const found = await differencesOf([row, row, row, ['z', 'z']], [row, row, ['z', 'z'], ['z', 'z']], {
      repeats: true,
    });
    expect(found.map(({ kind, source, target }) => [kind, (source ?? target)?.[0]])).toEqual([
      ['missing', 'same'],
      ['extra', 'z'],
    ]);
  });

  it('trusts nothing that is out of order, or that has a key twice', async () => {
    const [one, two] = [
      ['1', 'a', null],
      ['2', 'b', null],
    ];
    await expect(differencesOf([two, one], [['0', 'x', null]], { sizes: [1, 1] })).rejects.toThrow(
      'order of their key',
    );
    await expect(differencesOf([one, one], [two], { sizes: [1, 1] })).rejects.toThrow('got one twice');
    async function* torn(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield Buffer.from('1\ta');
    }
    await expect(
      compareLines({
        source: torn(),
        target: chunksOf([], 1),
        key: ['integer'],
        repeats: false,
        onDifference: () => undefined,
        onProgress: () => undefined,
      }),
    ).rejects.toThrow('whole lines');
  });
});
