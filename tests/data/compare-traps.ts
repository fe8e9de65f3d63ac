import { datasetOf } from '../../src/core/dataset/dataset.fixture.ts';
import type { RowDifference } from '../../src/core/dataset/reconcile/difference.ts';
import type { CompareOptions } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import { extraRows } from './trap-tables.ts';
import type { Trap } from './trap-tables.ts';

/** How the tests compare unless they say otherwise. */
export const options: CompareOptions = {
  strategy: 'auto',
  full: false,
  sampleSize: 500,
  seed: 1,
  samples: 10,
  rechecks: [],
  previous: null,
};
/** The table `t` on both sides, by its names of columns. */
export const dataset = datasetOf();

/** What stands in the rows that were found, one line for each. */
export const describeRows = (rows: readonly RowDifference[]): string[] =>
  rows
    .map((row) =>
      row.kind === 'changed'
        ? `${row.key[0]} ${row.values
            .map((value) => `${value.class} ${value.column}`)
            .toSorted()
            .join(', ')}`
        : `${row.key[0]} ${row.kind}`,
    )
    .toSorted();

/** What these traps have to be found as, and nothing else. */
export const expectedOf = (chosen: readonly Trap[]): string[] =>
  [
    ...chosen.flatMap(({ rows, found }) => rows.map((id) => `${id} ${found.toSorted().join(', ')}`)),
    ...extraRows.map((id) => `${id} extra`),
  ].toSorted();
