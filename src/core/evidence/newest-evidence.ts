import { digestOf } from '@tminus/verify';
import type { EvidenceRecord, LogEntry } from '@tminus/verify';

/** The last evidence for a criterion in the order of the log that `suits`, with its id; null where the log has none. */
export function newestEvidence(
  entries: readonly LogEntry[],
  criterion: string,
  suits: (record: EvidenceRecord) => boolean = () => true,
): { id: string; record: EvidenceRecord } | null {
  const record = entries.findLast(
    (entry): entry is EvidenceRecord =>
      entry.format === 'tminus/evidence/1' && entry.criterion === criterion && suits(entry),
  );
  return record ? { id: digestOf(record), record } : null;
}
