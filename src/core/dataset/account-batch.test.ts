import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { accountBatch } from './account-batch.ts';
import type { BatchCounts } from './account-batch.ts';

type Account = (counts: BatchCounts) => { outcome: string };
const count = fc.nat({ max: 1_000_000 });
const counts = fc.record({
  imported: count,
  skipped: fc.dictionary(fc.constantFrom('duplicate', 'invalid', 'spam', 'too-old'), count),
});

/** Law 7 as one property: exact sums pass, any other difference fails, whatever can be blamed for it. */
const law = (account: Account): fc.IProperty<unknown> =>
  fc.property(counts, fc.integer({ min: -5, max: 5 }), ({ imported, skipped }, difference) => {
    const sum = Object.values(skipped).reduce((total, part) => total + part, imported);
    const source = sum + difference;
    fc.pre(source > 0);
    return account({ source, imported, skipped }).outcome === (difference === 0 ? 'pass' : 'fail');
  });

const sumOf = ({ imported, skipped }: BatchCounts): number =>
  Object.values(skipped).reduce((total, part) => total + part, imported);
const toOutcome = (holds: boolean): { outcome: string } => ({ outcome: holds ? 'pass' : 'fail' });
const plants: [string, Account][] = [
  ['a tolerance of 20 %', (given) => toOutcome(Math.abs(given.source - sumOf(given)) <= given.source * 0.2)],
  ['extra records let through', (given) => toOutcome(sumOf(given) >= given.source)],
  ['lost records let through', (given) => toOutcome(sumOf(given) <= given.source)],
  ['skips not counted', (given) => toOutcome(given.imported === given.source)],
  [
    'one skip reason counted',
    (given) => toOutcome(given.imported + (Object.values(given.skipped)[0] ?? 0) === given.source),
  ],
];

describe('accountBatch', () => {
  it('U5 law 7: source equals imported plus skipped by reason, to the record', () => {
    fc.assert(law(accountBatch), { numRuns: 2_000 });
  });

  it.each(plants)('law 7 the property finds the planted fault: %s', (_, account) => {
    expect(fc.check(law(account), { numRuns: 2_000, seed: 7 }).failed).toBe(true);
  });

  it('law 7 says how many records are missing, or too many', () => {
    expect(accountBatch({ source: 25, imported: 20, skipped: { duplicate: 4 } })).toMatchObject({
      outcome: 'fail',
      accounted: 24,
      missing: 1,
    });
    expect(accountBatch({ source: 25, imported: 25, skipped: { duplicate: 1 } })).toMatchObject({
      outcome: 'fail',
      missing: -1,
    });
  });

  it.each([
    ['a negative count', { source: 5, imported: -1, skipped: { invalid: 6 } }],
    ['half a record', { source: 5, imported: 4.5, skipped: { invalid: 0.5 } }],
    ['no number', { source: Number.NaN, imported: 0, skipped: {} }],
    ['more than can be counted exactly', { source: 2 ** 53, imported: 2 ** 53, skipped: {} }],
    ['a sum that is not exact', { source: 1, imported: 2 ** 53 - 1, skipped: { invalid: 2 } }],
    ['a skip without a reason', { source: 5, imported: 4, skipped: { ' ': 1 } }],
    ['no records at all', { source: 0, imported: 0, skipped: {} }],
  ])('law 7 %s is unknown', (_, given) => {
    expect(accountBatch(given).outcome).toBe('unknown');
  });
});
