/** What becomes of a row of the target whose record is gone from the source: it goes, it is gone already, or a person has edited it and it stays. */
export type GoneOutcome = 'deleted' | 'absent' | 'edited';

export type GoneCounts = { [outcome in GoneOutcome]: number };

/** What an import would do about records that are gone from the source, where its dataset declares `deletions: apply`. */
export interface GonePlan {
  counts: GoneCounts;
  /** Records of earlier imports that the source still has. */
  kept: number;
  /** Keys of the target of rows that would be deleted, the first ones. */
  keys: string[];
  /** Rows of other tables that a foreign key would delete or empty with them: nothing is deleted while there are any. */
  takesAlong: { table: string; column: string; rows: number }[];
  /** Over source key and outcome of every record that is gone, in the order of the key. */
  sha256: string;
}

/** Returns what becomes of a row, by its digest as the last import left it and as it is now, null where it is not there: only what is still as the import left it goes. */
export function decideGone(left: string | null, now: string | null): GoneOutcome {
  if (now === null) return 'absent';
  return left !== null && now === left ? 'deleted' : 'edited';
}

/**
 * Why nothing may be deleted by this plan, each reason. A source in which nothing is left of what was imported has more likely lost it than deleted it. A dry run
 * that was kept before there were such plans has none, which says nothing of what would be deleted.
 */
export function goneFaults(plan: GonePlan | null | undefined): string[] {
  if (plan === undefined)
    return ['its dry run is of an earlier version, and does not say what is deleted: plan it again'];
  if (plan === null) return [];
  const { counts, kept, takesAlong } = plan;
  const emptied = counts.deleted > 0 && kept === 0;
  return [
    ...(emptied ? ['everything that was imported is gone from the source: expected some of it to be left'] : []),
    ...takesAlong.map(
      ({ table, column, rows }) => `its deletions would take along or empty ${rows} rows of ${table} by ${column}`,
    ),
  ];
}
