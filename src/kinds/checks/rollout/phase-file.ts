import type { LogKey } from '@tminus/verify';
import { z } from 'zod';

import { findPhaseFaults, phasePredicateType } from '../../../core/rollout/sealed-phase.ts';
import type { SealedPhase } from '../../../core/rollout/sealed-phase.ts';
import { openReport, readPredicate, sealReport } from '../signed-report.ts';
import { firstNames, toPlainText, Unreadable } from '../unreadable.ts';

const count = z.number().int().min(0);
const text = z.string().min(1);
const counts = z.looseObject({ total: z.number().min(0), bad: z.number().min(0) });
const moment = z.number().min(0).max(8.64e15);

const verdict = z.looseObject({
  measure: text,
  verdict: z.enum(['PASS', 'FAIL', 'INCONCLUSIVE', 'NO_DATA', 'ERROR']),
  reason: text,
  gating: z.boolean(),
  stable: counts,
  canary: counts,
  logAgainst: z.number(),
  logFor: z.number(),
  limit: z.number().positive(),
});

const sealedPhase = z.looseObject({
  format: z.literal('tminus/rollout-phase/1'),
  shift: text,
  rollout: text,
  launch: text,
  environment: text,
  planHash: text,
  candidateSha256: text,
  journal: z.looseObject({ entries: count, head: text }),
  declared: z.looseObject({
    phases: z.array(z.looseObject({ id: text })),
    measures: z.array(z.looseObject({ id: text })),
  }),
  report: z.looseObject({
    phase: text,
    weight: z.number().min(0).max(100),
    ended: z.enum(['passed', 'promoted', 'left']),
    by: z.string().nullable(),
    reason: z.string(),
    fromMs: moment,
    toMs: moment,
    exposed: z.looseObject({ requests: z.number().min(0), exact: z.boolean().nullable() }),
    verdicts: z.array(verdict),
    basis: z.looseObject({ judgedAtMs: moment.nullable(), watches: z.array(z.looseObject({ measure: text })) }),
  }),
  signedBy: text,
});

/** Returns the file of a phase: a signed statement about plan and candidate. */
export function toPhaseFile(made: SealedPhase, key: LogKey): string {
  const subjects = [
    ['plan', made.planHash],
    ['candidate', made.candidateSha256],
  ] as const;
  return sealReport(JSON.parse(JSON.stringify(made)) as object, { predicateType: phasePredicateType, subjects, key });
}

/**
 * Returns the phase in a file, judged again. Throws `Unreadable` where no signature of the key that it names holds, a part of it is missing, or its numbers say another
 * thing than its verdicts.
 */
export function openPhaseFile(bytes: Uint8Array): SealedPhase {
  const wanted = { predicateType: phasePredicateType, what: 'rollout phase', command: 'tminus rollout' };
  const sealed = readPredicate(sealedPhase, openReport(bytes, wanted)) as unknown as SealedPhase;
  const faults = faultsOf(sealed);
  if (faults.length === 0) return sealed;
  throw new Unreadable('contradiction', `phase ${toPlainText(sealed.report.phase)}: ${firstNames(faults).join('; ')}`);
}

/** What is signed and yet no phase of this product is a contradiction, too. */
function faultsOf(sealed: SealedPhase): string[] {
  try {
    return findPhaseFaults(sealed);
  } catch (error) {
    return [`cannot be judged again: ${(error as Error).message}`];
  }
}
