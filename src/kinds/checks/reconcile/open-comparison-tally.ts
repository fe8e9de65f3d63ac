import { keptRows } from '../../../core/dataset/reconcile/reconcile-report.ts';
import { openTally } from '../../../core/dataset/reconcile/tally-differences.ts';
import type { Comparison } from './comparison.ts';

/** Returns a tally of differences that shows `samples` of each cause, and no value that the dataset hides under either of its names. */
export function openComparisonTally(
  { dataset, columns }: Pick<Comparison, 'dataset' | 'columns'>,
  samples: number,
): ReturnType<typeof openTally> {
  const hidden = [...dataset.redact, ...dataset.personal.map(({ column }) => column)];
  const renamed = dataset.map.filter(({ from }) => from !== null && hidden.includes(from)).map(({ to }) => to);
  return openTally({
    samples,
    rows: keptRows,
    redact: new Set([...hidden, ...renamed]),
    columns: columns.map(({ name }) => name),
  });
}
