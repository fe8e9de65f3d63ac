import type { Binding, LogEntry, SealedDecision } from '@tminus/verify';

import type { Gate, Launch } from '../launch/launch.ts';
import { toInstantMs } from './instant.ts';
import { isLaterPhase } from './phase-order.ts';

/**
 * Gates of earlier phases whose newest sealed decision for this candidate, plan and environment is no GO, or is missing (D06).
 * Who acts behind a gate asks this first: a gate that is passed out of order was not passed.
 */
export function missingPredecessors(
  launch: Launch,
  gate: Gate,
  binding: Binding,
  entries: readonly LogEntry[],
): Gate[] {
  const sealed = entries.filter(
    (entry): entry is SealedDecision => entry.format === 'tminus/sealed-decision/1' && isBoundTo(entry, binding),
  );
  return launch.gates
    .filter((other) => isLaterPhase(launch.phases, gate.phase, other.phase))
    .filter((other) => !isGo(newestOf(sealed.filter((decision) => decision.gate === other.id))))
    .toSorted((a, b) =>
      isLaterPhase(launch.phases, b.phase, a.phase)
        ? -1
        : isLaterPhase(launch.phases, a.phase, b.phase)
          ? 1
          : a.id < b.id
            ? -1
            : 1,
    );
}

function isBoundTo(decision: SealedDecision, { launch, planHash, candidateSha256, environment }: Binding): boolean {
  return (
    decision.launch === launch &&
    decision.planHash === planHash &&
    decision.candidateSha256 === candidateSha256 &&
    decision.environment === environment
  );
}

/** By time, then by the number of entries it was made from; of two equals a NO-GO counts. */
function newestOf(decisions: readonly SealedDecision[]): SealedDecision | undefined {
  return decisions.toSorted(
    (a, b) =>
      (toInstantMs(b.decidedAt) ?? Infinity) - (toInstantMs(a.decidedAt) ?? Infinity) ||
      b.logSize - a.logSize ||
      (a.outcome === 'no-go' ? -1 : 1),
  )[0];
}

function isGo(decision: SealedDecision | undefined): boolean {
  return decision !== undefined && decision.outcome !== 'no-go' && toInstantMs(decision.decidedAt) !== null;
}
