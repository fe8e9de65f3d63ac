import type { Measure } from '../../../core/rollout/rollout.ts';

/** Names of the columns of an answer. */
export const columns = { part: 'tminus_part', arm: 'arm', value: 'value', at: 'at', le: 'le' } as const;

/** Returns one statement for both numbers of both arms, so that they are of one snapshot. */
export function toStatement({ counts, by }: Measure): string {
  const further = [...(counts.kind === 'histogram' ? [columns.le] : []), ...(by === null ? [] : [by])];
  const names = [columns.arm, columns.value, columns.at, ...further].map((name) => `q.${name}`).join(', ');
  const part = (word: string, text: string): string =>
    `select '${word}' as ${columns.part}, ${names} from (\n${text.trim().replace(/;$/, '')}\n) q`;
  if (counts.kind === 'histogram') return part('total', counts.buckets);
  return `${part('total', counts.total)}\nunion all\n${part('bad', counts.bad)}`;
}

/** Returns the measure as its parts are named in the answer. */
export function toAnsweredMeasure(measure: Measure): Measure {
  const { counts } = measure;
  if (counts.kind === 'histogram') return { ...measure, counts: { ...counts, buckets: 'total' } };
  return { ...measure, counts: { ...counts, total: 'total', bad: 'bad' } };
}
