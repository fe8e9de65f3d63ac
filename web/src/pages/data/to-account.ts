import type { ImportBatch } from '../../api/client.generated.ts';

/** One end that records of a source came to. */
export interface AccountLine {
  kind: 'imported' | 'skipped' | 'invalid' | 'conflict';
  /** How it was imported, or why it was not. */
  reason: string;
  count: number;
}

const ways = ['inserted', 'updated', 'recovered', 'unchanged'] as const;
const others = ['skipped', 'invalid', 'conflict'] as const;

/** Every end that the records of an import came to, as it was imported, else as the dry run counted; none without records. */
export function toAccountLines({ counts, planned }: Pick<ImportBatch, 'counts' | 'planned'>): AccountLine[] {
  const from = counts ?? planned;
  return [
    ...ways.map((reason): AccountLine => ({ kind: 'imported', reason, count: from[reason] })),
    ...others.flatMap((kind) =>
      Object.entries(from[kind]).map(([reason, count]): AccountLine => ({ kind, reason, count })),
    ),
  ].filter(({ count }) => count > 0);
}

/** Sums of what was imported and of what was left out by reason, beside what the source counts itself. */
export function toSums(batch: Pick<ImportBatch, 'counts' | 'planned'>): {
  source: number;
  imported: number;
  left: number;
} {
  const lines = toAccountLines(batch);
  return {
    source: (batch.counts ?? batch.planned).source,
    imported: sumOf(lines.filter(({ kind }) => kind === 'imported')),
    left: sumOf(lines.filter(({ kind }) => kind !== 'imported')),
  };
}

function sumOf(lines: readonly AccountLine[]): number {
  return lines.reduce((sum, { count }) => sum + count, 0);
}
