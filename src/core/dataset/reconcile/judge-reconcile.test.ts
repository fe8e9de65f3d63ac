import { describe, expect, it } from 'vitest';

import { judgeReconcile } from './reconcile-report.ts';
import type { ReconcileReport } from './reconcile-report.ts';
import { openTally } from './tally-differences.ts';

const clean = {
  strategy: 'stream',
  notes: [],
  counts: { source: 10, target: 9, compared: 9, skipped: { spam: 1 } },
  differences: { missing: 0, extra: 0, changed: 0, groups: [] },
  inFlight: 0,
  tolerated: {},
  systematic: [],
  inconclusive: null,
} as unknown as ReconcileReport;
const judge = (change: Partial<ReconcileReport>): string => judgeReconcile({ ...clean, ...change }).verdict;

describe('judgeReconcile', () => {
  it('C08 is equal only where every record is accounted for and none differs', () => {
    expect(judge({})).toBe('equal');
    expect(judge({ tolerated: { weight: 2 } })).toBe('equal within tolerance');
  });

  it.each<[string, string, Partial<ReconcileReport>]>([
    ['a missing row', 'differs', { differences: { missing: 1, extra: 0, changed: 0, groups: [] } }],
    ['an extra row', 'differs', { differences: { missing: 0, extra: 1, changed: 0, groups: [] } }],
    ['a changed row', 'differs', { differences: { missing: 0, extra: 0, changed: 1, groups: [] } }],
    [
      'counts that differ although no row does',
      'differs',
      { counts: { source: 10, target: 8, compared: 9, skipped: { spam: 1 } } },
    ],
    [
      'counts further apart than rows were on their way',
      'differs',
      { inFlight: 1, counts: { source: 10, target: 7, compared: 9, skipped: { spam: 1 } } },
    ],
    [
      'counts as far apart as rows were on their way',
      'equal',
      { inFlight: 1, counts: { source: 10, target: 8, compared: 9, skipped: { spam: 1 } } },
    ],
    [
      'a column that differs in the sample',
      'differs',
      { systematic: [{ column: 'a', differing: 90, sampled: 100, guess: null }] },
    ],
    [
      'a record that nobody accounts for',
      'inconclusive',
      { counts: { source: 11, target: 9, compared: 9, skipped: { spam: 1 } } },
    ],
    ['no rows', 'inconclusive', { counts: { source: 0, target: 0, compared: 0, skipped: {} } }],
    ['only skipped records', 'inconclusive', { counts: { source: 5, target: 0, compared: 0, skipped: { spam: 5 } } }],
    ['a sample alone', 'inconclusive', { strategy: 'sample' }],
    ['doubt', 'inconclusive', { inconclusive: 'the replica lags' }],
    [
      'a column that cannot be compared',
      'inconclusive',
      { notes: [{ column: 'a', code: 'zone', message: 'no zone', blocks: true }] },
    ],
    [
      'a column of the source that is neither carried over nor left out with a reason',
      'inconclusive',
      { notes: [{ column: 'a', code: 'left-behind', message: 'is neither', blocks: false }] },
    ],
    [
      'a note that asks nothing',
      'equal',
      { notes: [{ column: 'a', code: 'collation', message: 'folds', blocks: false }] },
    ],
  ])('law 1: %s is %s', (_, verdict, change) => {
    expect(judge(change)).toBe(verdict);
  });
});

describe('openTally', () => {
  it('keeps the first of each cause, counts all, and shows no value of a redacted column', () => {
    const tally = openTally({ samples: 2, rows: 3, redact: new Set(['email', 'id']), columns: ['id', 'email'] });
    for (let at = 0; at < 5; at += 1)
      tally.add({
        kind: 'changed',
        key: [`canary-${at}`],
        source: [],
        target: [],
        values: [{ column: 'email', class: 'case', source: `Canary-${at}`, target: `canary-${at}` }],
      });
    tally.add({ kind: 'missing', key: ['canary-9'], source: [], target: null });
    const { rows, cut, groups, changed, missing } = tally.read();
    expect({ kept: rows.length, cut, changed, missing }).toEqual({ kept: 3, cut: true, changed: 5, missing: 1 });
    expect(groups.map(({ cause, count, samples }) => [cause, count, samples.length])).toEqual([
      ['case', 5, 2],
      ['missing', 1, 1],
    ]);
    expect(JSON.stringify(groups)).not.toMatch(/canary/i);
    expect(JSON.stringify(groups)).toContain('[redacted]');
  });

  it('hides a personal value wherever it turns up: moved to another column, copied into a text, or in a row without a key', () => {
    const limits = { samples: 9, rows: 9, redact: new Set(['name']), columns: ['id', 'name', 'note'] };
    const moved = openTally(limits);
    moved.add({
      kind: 'changed',
      key: ['1'],
      source: ['1', 'Canary Moreau', 'paid'],
      target: ['1', null, 'call Canary Moreau'],
      values: [
        { column: 'name', class: 'moved', source: 'Canary Moreau', target: null },
        { column: 'note', class: 'moved', source: 'paid', target: 'call Canary Moreau' },
      ],
    });
    const { groups } = moved.read();
    expect(JSON.stringify(groups)).not.toContain('Canary');
    // What is not personal is still shown, or nobody could tell what differs.
    expect(groups.find(({ column }) => column === 'note')?.samples).toMatchObject([
      { source: 'paid', target: '[redacted]' },
    ]);
    const keyless = openTally(limits);
    const row = ['1', 'Canary Moreau', 'paid'];
    keyless.add({ kind: 'missing', key: row, source: row, target: null });
    expect(keyless.read().groups[0]?.samples).toMatchObject([{ key: ['1', '[redacted]', 'paid'] }]);
  });
});
