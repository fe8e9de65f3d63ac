import { describe, expect, it } from 'vitest';

import { findRowTests, readRows } from './rows.ts';

describe('rows', () => {
  it('finds every row id that a test name carries, and none in other text', () => {
    const text =
      "it('D04 O18 an automation is refused', () => {}); const note = 'D05'; it.each([1])('F13 %s', () => {});";
    const found = findRowTests(new Map([['a.test.ts', text]]));
    expect([...found.keys()]).toEqual(['D04', 'O18', 'F13']);
    expect(found.get('D04')).toEqual(['a.test.ts: D04 O18 an automation is refused']);
  });

  it('reads ids and titles of the list of requirements', () => {
    expect(readRows('- D01 Launch record (doc). Text.\n  - D02 not a row.\n- T30 Risk register (repo). x')).toEqual([
      { id: 'D01', title: 'Launch record (doc)' },
      { id: 'T30', title: 'Risk register (repo)' },
    ]);
  });
});
