/** When a store was last backed up and last restored for good measure, and how often both are due. */
export interface BackupRecord {
  store: string;
  backupAtMs: number;
  backupEveryMs: number;
  drillAtMs: number;
  drillEveryMs: number;
}

/** How a store stands now; negative ages are ahead of the clock. */
export interface BackupStanding {
  store: string;
  backupAgeMs: number;
  backupLate: boolean;
  drillAgeMs: number;
  drillLate: boolean;
}

/** Holds each store against its own cadence: an age that is no number is late, and so is one that is over by a millisecond. */
export function judgeBackups(records: readonly BackupRecord[], nowMs: number): BackupStanding[] {
  return records.map(({ store, backupAtMs, backupEveryMs, drillAtMs, drillEveryMs }) => {
    const [backupAgeMs, drillAgeMs] = [nowMs - backupAtMs, nowMs - drillAtMs];
    return {
      store,
      backupAgeMs,
      backupLate: !(backupAgeMs <= backupEveryMs),
      drillAgeMs,
      drillLate: !(drillAgeMs <= drillEveryMs),
    };
  });
}
