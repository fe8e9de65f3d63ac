import type { Signed, Waiver } from '@tminus/verify';

import type { Criterion } from '../launch/launch.ts';
import type { DecisionNode } from './decision.ts';
import { toNode } from './ground.ts';
import type { Ground } from './ground.ts';
import type { Logged } from './log-index.ts';

/** The waiver that sets the criterion aside: of those in effect, the one that lasts longest. */
export function inEffect(ground: Ground, criterion: Criterion): Waiver | null {
  const valid = waiversOf(ground, criterion).filter(({ fault }) => fault === null);
  const [longest] = valid.toSorted((a, b) => compareExpiry(b.waiver, a.waiver));
  return longest?.waiver.entry.statement ?? null;
}

/** A waiver that does not count is shown with its reason, and changes nothing. */
export function voidWaivers(ground: Ground, criterion: Criterion): DecisionNode[] {
  return waiversOf(ground, criterion)
    .filter(({ fault }) => fault !== null)
    .map(({ waiver: { id, entry }, fault }) =>
      toNode({
        id: `waiver:${id}`,
        kind: 'waiver',
        title: `Waiver by ${entry.statement.person}: ${entry.statement.reason}`,
        outcome: 'unknown',
        standing: 'void',
        expected: 'a waiver that holds',
        got: fault ?? '',
      }),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function waiversOf(ground: Ground, criterion: Criterion): { waiver: Logged<Signed<Waiver>>; fault: string | null }[] {
  const { rules, launch, gate, nowMs, binding } = ground;
  const checkKind = criterion.check?.kind ?? null;
  const terms = {
    ...binding,
    waivable: criterion.waivable,
    checkKind,
    requester: gate.requester,
    roster: launch,
    nowMs,
  };
  return (ground.log.waivers.get(criterion.id) ?? []).map((waiver) => ({
    waiver,
    fault: rules.waiverFault(waiver.entry, terms),
  }));
}

function compareExpiry(a: Logged<Signed<Waiver>>, b: Logged<Signed<Waiver>>): number {
  const [first, second] = [Date.parse(a.entry.statement.expiresAt), Date.parse(b.entry.statement.expiresAt)];
  return first - second || (a.id < b.id ? -1 : 1);
}
