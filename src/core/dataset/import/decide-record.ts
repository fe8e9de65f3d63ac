/** How a record of the source ended; exactly one for each (law 7). */
export type RecordOutcome = 'inserted' | 'updated' | 'recovered' | 'unchanged' | 'skipped' | 'invalid' | 'conflict';

/** Outcomes that left a row in the target which the ledger answers for. */
const landed: ReadonlySet<LedgerEntry['outcome']> = new Set(['inserted', 'updated', 'recovered']);

/** What the ledger knows of a record. */
export interface LedgerEntry {
  sourceHash: string;
  /** Digest of the row of the target as the last import left it; null where none ever did. */
  targetHash: string | null;
  /** `deleted`: the record is gone from the source, and its row from the target. */
  outcome: RecordOutcome | 'deleted';
  reason: string;
  batch: string;
}

/**
 * How the ledger names the source of a record whose row the target took as it was: by the mapping that said so, since the digest of the row is that of the source, too.
 */
export const plainSource = (mapping: string): string => `=${mapping}`;

/** Whether a record is what it was at the last import. */
export function isSameSource(
  entry: Pick<LedgerEntry, 'sourceHash' | 'targetHash'>,
  { sourceHash, plain, fate }: Pick<RecordCase, 'sourceHash' | 'plain' | 'fate'>,
): boolean {
  if (entry.sourceHash === sourceHash) return true;
  return (
    plain !== null && entry.sourceHash === plain && fate.kind === 'carried' && entry.targetHash === fate.wantedHash
  );
}

/** What the record is to become: a row of the target, or nothing, and why. */
export type RecordFate =
  | { kind: 'carried'; wantedHash: string }
  | { kind: 'skipped'; reason: string }
  | { kind: 'invalid'; reason: string };

/** A record with all that its outcome depends on. */
export interface RecordCase {
  sourceHash: string;
  /** The name of the source in `plainSource`, where the target takes its lines as they are; null where it does not. */
  plain: string | null;
  fate: RecordFate;
  ledger: LedgerEntry | null;
  /** Digest of the row of the target as it is now; null where there is none. */
  targetHash: string | null;
}

/** What becomes of a record, and what has to be written for it. */
export interface RecordDecision {
  outcome: RecordOutcome;
  /** Empty for what lands; of a conflict `edited`, `deleted` or `present`. */
  reason: string;
  /** What is written in the target. */
  write: 'insert' | 'update' | 'nothing';
  /** The entry of the ledger; null where the one that stands is right, so that running it again writes nothing (law 11). */
  entry: Omit<LedgerEntry, 'batch'> | null;
}

/**
 * Returns what becomes of one record. The same source as at the last import is left alone. A new one is written over the old only where the row of the target still
 * is what the import left there: what a person has edited or deleted is a conflict, and so is a row that no import knows. A row that is already as wanted
 * is taken into the ledger.
 */
export function decideRecord(record: RecordCase): RecordDecision {
  const { fate, ledger } = record;
  if (fate.kind !== 'carried')
    return keepOrWrite(record, { outcome: fate.kind, reason: fate.reason, write: 'nothing' });
  if (ledger !== null && landed.has(ledger.outcome) && isSameSource(ledger, record))
    return { outcome: 'unchanged', reason: '', write: 'nothing', entry: null };
  return keepOrWrite(record, decideCarried(record, fate.wantedHash));
}

function decideCarried({ ledger, targetHash }: RecordCase, wantedHash: string): Omit<RecordDecision, 'entry'> {
  const known = ledger?.targetHash ?? null;
  if (targetHash === null)
    return known === null ? { outcome: 'inserted', reason: '', write: 'insert' } : conflict('deleted');
  if (targetHash === wantedHash) return { outcome: 'recovered', reason: '', write: 'nothing' };
  if (known === null) return conflict('present');
  return targetHash === known ? { outcome: 'updated', reason: '', write: 'update' } : conflict('edited');
}

function conflict(reason: string): Omit<RecordDecision, 'entry'> {
  return { outcome: 'conflict', reason, write: 'nothing' };
}

/** What the import last left in the target stays known whatever happens since: a later import has to tell its own row from one that a person made. */
function keepOrWrite(record: RecordCase, decided: Omit<RecordDecision, 'entry'>): RecordDecision {
  const { sourceHash, fate, ledger } = record;
  const targetHash =
    landed.has(decided.outcome) && fate.kind === 'carried' ? fate.wantedHash : (ledger?.targetHash ?? null);
  const entry = { sourceHash, targetHash, outcome: decided.outcome, reason: decided.reason };
  const stands =
    ledger !== null &&
    ledger.sourceHash === sourceHash &&
    ledger.targetHash === targetHash &&
    ledger.outcome === decided.outcome &&
    ledger.reason === decided.reason;
  return { ...decided, entry: stands ? null : entry };
}

/** What a batch wrote of a record. */
export type Written = RecordDecision['write'] | 'delete';

/** How one record of a batch is taken back. */
export type UndoOutcome = 'deleted' | 'restored' | 'forgotten' | 'edited' | 'gone' | 'later';

/** Returns how a record of a batch is taken back: exactly what the batch wrote, and nothing that a person or a later batch wrote since. */
export function decideUndo(
  entry: LedgerEntry,
  { batch, wrote, targetHash }: { batch: string; wrote: Written; targetHash: string | null },
): UndoOutcome {
  if (entry.batch !== batch) return 'later';
  if (wrote === 'nothing') return 'forgotten';
  // Where somebody has made a row of that key since, it stays.
  if (wrote === 'delete') return targetHash === null ? 'restored' : 'edited';
  if (targetHash === null) return 'gone';
  if (targetHash !== entry.targetHash) return 'edited';
  return wrote === 'insert' ? 'deleted' : 'restored';
}
