import { assertAttestation, assertLogEntry, FormatError } from '@tminus/verify';
import type { ActionVote, Approval, Attestation, LogEntry, Signed, StepConfirmation, Waiver } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { appendEntries } from '../../store/evidence-log.ts';
import type { Store } from '../../store/open-store.ts';

/** Where something stands in the log. */
export interface Appended {
  /** SHA-256 of its RFC 8785 form. */
  id: string;
  index: number;
}

type Statement = Waiver | Approval | ActionVote | StepConfirmation;

/** Returns only where a value is a signed statement of this format, with every field of it and no other; throws `signature_invalid`. */
export function assertSigned(
  value: Signed<Statement | Attestation>,
  format: (Statement | Attestation)['format'],
): void {
  const where = 'signed statement';
  try {
    if (format === 'tminus/attestation/1') assertAttestation(value, where);
    else assertLogEntry(value, where);
    const got = value.statement.format;
    if (got !== format) throw new FormatError({ where: `${where}.statement.format`, expected: format, got });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const hint = 'sign exactly the statement that was prepared';
    throw new ProductError('signature_invalid', error.message, { hint, cause: error });
  }
}

/** Appends a statement that was found to count. */
export async function appendEntry(store: Store, launch: string, signed: Signed<Statement>): Promise<Appended> {
  const [place] = await appendEntries(store, launch, [{ entry: signed as LogEntry, blobs: [] }]);
  return { id: place!.id, index: place!.index };
}

/** Throws `statement_void` where a rule of core says why a statement would not count. */
export function assertCounts(person: string, fault: string | null): void {
  if (fault === null) return;
  throw new ProductError('statement_void', `statement of ${person}: expected one that counts, got none: ${fault}`, {
    hint: 'nothing was written; let somebody sign who may, on what stands now',
  });
}
