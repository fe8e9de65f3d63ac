import { accountBatch } from '../account-batch.ts';
import type { BatchAccount } from '../account-batch.ts';
import type { RecordOutcome } from './decide-record.ts';

/** How many records ended how; reasons stand in the order of their names. */
export interface ImportCounts {
  /** As the source counts itself, in a question of its own: what was read cannot vouch for what was not. */
  source: number;
  inserted: number;
  updated: number;
  recovered: number;
  unchanged: number;
  skipped: { [reason: string]: number };
  invalid: { [reason: string]: number };
  conflict: { [reason: string]: number };
}

/** Adds up outcomes. */
export interface ImportTally {
  add(outcome: RecordOutcome, reason: string, records?: number): void;
  /** Records so far. */
  total(): number;
  counts(source: number): ImportCounts;
}

const reasoned = ['skipped', 'invalid', 'conflict'] as const;
const plain = ['inserted', 'updated', 'recovered', 'unchanged'] as const;

/** Returns a tally of no records. */
export function openTally(): ImportTally {
  const found = new Map<string, number>();
  let total = 0;
  return {
    add(outcome, reason, records = 1) {
      const key = `${outcome}\t${reason}`;
      found.set(key, (found.get(key) ?? 0) + records);
      total += records;
    },
    total: () => total,
    counts: (source) => {
      const counts: ImportCounts = {
        source,
        inserted: 0,
        updated: 0,
        recovered: 0,
        unchanged: 0,
        skipped: {},
        invalid: {},
        conflict: {},
      };
      for (const outcome of plain) counts[outcome] = found.get(`${outcome}\t`) ?? 0;
      const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
      for (const outcome of reasoned)
        counts[outcome] = Object.fromEntries(
          sorted
            .filter(([key]) => key.startsWith(`${outcome}\t`))
            .map(([key, count]) => [key.slice(outcome.length + 1), count]),
        );
      return counts;
    },
  };
}

/** Law 7 over these counts: imported are the records that have a row which the ledger answers for, everything else has to be accounted for by reason. */
export function accountImport(counts: ImportCounts): BatchAccount {
  const { source, inserted, updated, recovered, unchanged } = counts;
  const reasons = reasoned.flatMap((outcome) =>
    Object.entries(counts[outcome]).map(([reason, count]): [string, number] => [`${outcome} ${reason}`, count]),
  );
  return accountBatch({
    source,
    imported: inserted + updated + recovered + unchanged,
    skipped: Object.fromEntries(reasons),
  });
}
