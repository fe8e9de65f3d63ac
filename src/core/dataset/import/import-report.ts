import { digestOf } from '@tminus/verify';

import { asks } from '../canon/column-note.ts';
import type { ColumnNote } from '../canon/column-note.ts';
import { goneFaults } from './decide-gone.ts';
import type { GonePlan } from './decide-gone.ts';
import type { BatchAccount } from '../account-batch.ts';
import { accountImport } from './tally-import.ts';
import type { ImportCounts } from './tally-import.ts';

/** Raised where the digests of a report are made in another way, so that a report is held against one of its kind only. */
export const importReportFormat = 'tminus/import-report/2';

/** What an import would do, counted without changing a byte (D32): what an approval is about. Holds no value of a row. */
export interface ImportReport {
  format: typeof importReportFormat;
  dataset: string;
  mode: 'full' | 'delta';
  /** Value of the column from which a delta reads; null for everything. */
  since: string | null;
  environment: string;
  /** Datastore and table, as the document names them, and the address that they came to. */
  source: { on: string; table: string; url: string };
  target: { on: string; table: string; url: string };
  canon: string;
  counts: ImportCounts;
  /** Records that an earlier import left in the target and the source no longer has; null where nobody looked, as in a delta that deletes nothing. */
  deletions: number | null;
  /** What would be deleted; null where the dataset does not declare `deletions: apply`. */
  gone: GonePlan | null;
  /** Over the mapping and the digest of each chunk of the source, in the order of the key: what the source says, whatever the target does. */
  sourceSha256: string;
  /** Over the same, with the outcome of every record in its order: another record, or another end of one, is another digest. */
  recordsSha256: string;
  account: BatchAccount;
  /** What the document has to say before anything is written: columns of no map and no omit, types that do not fit. */
  questions: ColumnNote[];
  /** What whoever approves has to know. */
  notes: ColumnNote[];
  /** Always 0: what was changed by looking. */
  effectsExecuted: 0;
}

/** Returns the report with its account; `questions` are notes that block, and columns that nobody has spoken of. */
export function toImportReport(
  read: Omit<ImportReport, 'format' | 'account' | 'questions' | 'notes' | 'effectsExecuted'> & {
    notes: readonly ColumnNote[];
  },
): ImportReport {
  return {
    ...read,
    format: importReportFormat,
    account: accountImport(read.counts),
    questions: read.notes.filter(asks),
    notes: read.notes.filter((note) => !asks(note)),
    effectsExecuted: 0,
  };
}

/** The digest that an approval is bound to. */
export function importReportSha256(report: ImportReport): string {
  return digestOf(report);
}

/** The digest of what is left out and why, which an approval names on its own (D05). */
export function skippedReportSha256({ dataset, counts: { source, skipped, invalid, conflict } }: ImportReport): string {
  return digestOf({ dataset, source, skipped, invalid, conflict });
}

/** Why an import must not be approved or applied on this report, each reason; empty where it may. */
export function importReportFaults({ account, questions, counts, mode, gone }: ImportReport): string[] {
  const open = [...questions.map(({ column, message }) => `column ${column} ${message}`), ...goneFaults(gone)];
  // Nothing new since the last import is an answer; a source of no records at all is none.
  const isQuiet = mode === 'delta' && counts.source === 0 && account.missing === 0;
  return account.outcome === 'pass' || isQuiet ? open : [account.reason, ...open];
}
