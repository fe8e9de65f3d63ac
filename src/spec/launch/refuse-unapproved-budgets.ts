import type { Criterion } from '../../core/launch/launch.ts';
import type { Draft } from './draft.ts';
import { addProblem } from './problem.ts';

/** Refuses a gate that asks for an error budget and for no vote: with 20 to 50 % left, somebody has to approve (T27). */
export function refuseUnapprovedBudgets(draft: Draft): void {
  for (const gate of draft.launch.gates) {
    const asked = gate.criteria.flatMap(checksOf).find(({ check }) => check?.kind === 'slo');
    if (asked === undefined || gate.quorum > 0) continue;
    addProblem(draft.problems, 'budget_unapproved', asked.at, {
      message: `gate ${gate.id} asks for an error budget and for no vote`,
      expected: 'a quorum of at least 1: with 20 to 50 % of the budget left, a deploy needs an approval',
      got: 'quorum=0',
      hint: 'write quorum=1 behind the heading of the gate',
    });
  }
}

function checksOf(criterion: Criterion): Criterion[] {
  return [criterion, ...criterion.children.flatMap(checksOf)];
}
