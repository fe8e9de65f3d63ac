import type { Binding, EvidenceRecord } from '@tminus/verify';

import { ageFault, bindingFault } from '../gate/evidence-faults.ts';
import type { Fault } from '../gate/evidence-faults.ts';

/** What evidence must be bound to, and how old it may be, to speak for a criterion now. */
export interface Wanted extends Binding {
  checkSha256: string;
  /** Milliseconds; null, a criterion without a limit, is never fresh. */
  freshMs: number | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Why a record no longer speaks for its criterion, or null where it does. By the very rules of the gate (law 4): what the gate would
 * call stale is due again, and nothing else.
 */
export function staleness(record: EvidenceRecord, wanted: Wanted): string | null {
  return foreignness(record, wanted) ?? toReason(ageFault(record, wanted.freshMs, wanted.now));
}

/** Why a record speaks about something else, whatever its age, or null. */
export function foreignness(record: EvidenceRecord, wanted: Omit<Wanted, 'freshMs' | 'now'>): string | null {
  return toReason(bindingFault(record, wanted));
}

function toReason(fault: Fault | null): string | null {
  return fault && `expected ${fault.expected}, got ${fault.got}`;
}
