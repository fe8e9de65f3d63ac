import type { JsonObject } from '@tminus/verify';

import { checkSha256 } from '../../core/check/check-sha256.ts';
import { listCriteria } from '../../core/launch/find-criterion.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Observers } from '../../core/rollback/drill-attestation.ts';
import { listObservers } from '../../core/rollback/list-observers.ts';
import type { Draft } from './draft.ts';
import { addProblem } from './problem.ts';

/**
 * Fills in whose word a `drill` check asks for, from the way back that it names. Equal launches give equal checks, so that a verifier makes them again from the documents: evidence that
 * brought its own observers would differ.
 */
export function fillObservers({ launch, problems }: Draft): void {
  for (const { id, check } of listCriteria(launch)) {
    if (check?.kind !== 'drill') continue;
    if ('observer' in check.spec)
      addProblem(problems, 'check_invalid', check.at, {
        message: `check of criterion ${id} says who has to watch`,
        expected: 'observer: in the yaml rollback of the procedure',
        got: 'observer: in the check',
        hint: 'take it out here; the check takes it over from the way back',
      });
    const observer = observersOf(launch, check.spec);
    if (observer === null) continue;
    check.spec = { ...check.spec, observer: observer as unknown as JsonObject };
    check.sha256 = checkSha256(check);
  }
}

function observersOf(launch: Launch, { procedure }: JsonObject): Observers | null {
  const asked = launch.procedures.find(({ id }) => id === procedure)?.goesBack?.observer ?? null;
  return asked === null ? null : listObservers(launch, asked);
}
