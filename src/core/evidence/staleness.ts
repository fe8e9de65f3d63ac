import type { Binding, EvidenceRecord } from '@tminus/verify';

/** What evidence must be bound to, and how old it may be, to speak for a criterion now. */
export interface Wanted extends Binding {
  checkSha256: string;
  /** Milliseconds; null sets no limit of its own. */
  freshMs: number | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Every reason why a record no longer speaks for its criterion; empty where it does. Law 4: another candidate, environment, check or plan,
 * and age. A time of observation that cannot be read or lies in the future counts as stale, because its age is not known.
 */
export function staleness(record: EvidenceRecord, wanted: Wanted): string[] {
  const reason = ageReason(wanted.now - Date.parse(record.observedAt), wanted.freshMs);
  return [...foreignness(record, wanted), ...(reason === null ? [] : [reason])];
}

/** Every reason why a record speaks about something else, whatever its age. */
export function foreignness(record: EvidenceRecord, wanted: Omit<Wanted, 'freshMs' | 'now'>): string[] {
  const reasons = [
    record.launch !== wanted.launch && `it is of launch ${record.launch}, not ${wanted.launch}`,
    record.candidateSha256 !== wanted.candidateSha256 && 'the candidate is another one',
    record.environment !== wanted.environment && `it was seen in ${record.environment}, not in ${wanted.environment}`,
    record.check.sha256 !== wanted.checkSha256 && 'the check was changed',
    record.planHash !== wanted.planHash && 'the plan was changed',
  ];
  return reasons.filter((reason) => typeof reason === 'string');
}

function ageReason(age: number, freshMs: number | null): string | null {
  if (Number.isNaN(age)) return 'the time of its observation cannot be read';
  if (age < 0) return 'it was observed in the future';
  return freshMs !== null && age > freshMs ? `it is ${toSeconds(age)} old, more than ${toSeconds(freshMs)}` : null;
}

function toSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
