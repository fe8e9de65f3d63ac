import type { Criterion, Gate } from '../launch/launch.ts';
import { criterionBranch } from './criterion-branch.ts';
import { declaredConditions, toConditionNode } from './declared-condition.ts';
import { flattenCriteria } from './ground.ts';
import type { Ground } from './ground.ts';
import { join } from './launch-branches.ts';
import type { Branch } from './requirement.ts';

/**
 * Conditions besides the gate's own criteria: those of earlier GOs that fall due by the phase decided for (criteria of other
 * gates whose `by` phase has come), and the rows of conditions tables. They block here and not before (O19). Null where there are none.
 */
export function carriedConditions(ground: Ground): Branch | null {
  const others = ground.launch.gates.filter((gate) => gate.id !== ground.gate.id);
  const due = others.flatMap((gate) =>
    gate.criteria
      .flatMap((criterion) => dueCriteria(ground, gate, criterion))
      .map((criterion) => criterionBranch(ground, criterion, { freshMs: gate.freshMs, strict: false })),
  );
  const all = [...due, ...declaredConditions(ground.launch).map((condition) => toConditionNode(ground, condition))];
  return all.length > 0 ? join(ground, { id: 'conditions', kind: 'conditions', title: 'Conditions' }, all) : null;
}

/** Of a choice (`any`, two of three) the whole falls due with its part, because another part may stand in for it. */
function dueCriteria(ground: Ground, gate: Gate, criterion: Criterion): Criterion[] {
  if (isDue(ground, gate, criterion)) return [criterion];
  if (criterion.need === 'all') return criterion.children.flatMap((child) => dueCriteria(ground, gate, child));
  return flattenCriteria(criterion.children).some((child) => isDue(ground, gate, child)) ? [criterion] : [];
}

function isDue({ rules, launch, phase }: Ground, gate: Gate, { by }: Criterion): boolean {
  if (by === null || !rules.isLaterPhase(launch.phases, by, gate.phase)) return false;
  return by === phase || rules.isLaterPhase(launch.phases, phase, by);
}
