import type { Decision, DecisionNode } from './decision.ts';

/** How many criteria were seen to hold, of how many: counted from the decision, never typed in (F14). */
export interface CriterionProgress {
  met: number;
  total: number;
  /** Set aside for now: they are among the total, and not among the met. */
  waived: number;
  conditions: number;
}

/** Counts the criteria that have no criteria inside them. */
export function criterionProgress({ tree }: Decision): CriterionProgress {
  const leaves = tree.children
    .filter(({ kind }) => kind === 'criteria')
    .flatMap(({ children }) => children.flatMap(leavesOf));
  const count = (standing: DecisionNode['standing']): number =>
    leaves.filter((leaf) => leaf.standing === standing).length;
  return { met: count('met'), total: leaves.length, waived: count('waived'), conditions: count('condition') };
}

/** A criterion that was set aside stands for what is inside it; one that wants a person and a check counts once. */
function leavesOf(node: DecisionNode): DecisionNode[] {
  const inside = node.children.filter(({ kind, id }) => kind === 'criterion' && !id.startsWith(`${node.id}/`));
  const isSetAside = node.standing === 'waived' || node.standing === 'condition';
  return inside.length === 0 || isSetAside ? [node] : inside.flatMap(leavesOf);
}
