import type { Outcome } from '@tminus/verify';

import type { DecisionNode, Standing } from './decision.ts';

/** What a branch comes to, as its children and its `need` say. */
export interface Folded {
  outcome: Outcome;
  standing: Standing;
}

export type Need = DecisionNode['need'];

/** Whether a node counts neither for nor against: waived, a condition for later, or void. */
export function isNeutral({ standing }: Pick<DecisionNode, 'standing'>): boolean {
  return standing === 'waived' || standing === 'condition' || standing === 'void';
}

/**
 * How many children have to hold, or null where no number of them would do: an empty branch, three of two, half a child.
 * Void children are not there; waived and conditional ones are counted, so that `all` of two with one waived is still `all`.
 */
export function thresholdOf(need: Need, count: number): number | null {
  const wanted = need === 'all' ? count : need === 'any' ? 1 : need;
  return Number.isInteger(wanted) && wanted >= 1 && wanted <= count ? wanted : null;
}

/**
 * Folds children into their branch. Law 1: a pass needs enough children that were seen to hold, and at least one; an empty
 * branch is unknown. Neutral children leave the count on both sides, and a branch of nothing but neutral ones is neutral itself.
 */
export function fold(need: Need, nodes: readonly Pick<DecisionNode, 'outcome' | 'standing'>[]): Folded {
  const there = nodes.filter(({ standing }) => standing !== 'void');
  const threshold = thresholdOf(need, there.length);
  if (threshold === null) return { outcome: 'unknown', standing: nodes.length > there.length ? 'void' : 'missing' };
  const counted = there.filter((node) => !isNeutral(node));
  if (counted.length === 0) return { outcome: 'unknown', standing: neutralStanding(there) };
  const wanted = Math.min(threshold, counted.length);
  const passes = counted.filter(({ outcome }) => outcome === 'pass').length;
  if (passes >= wanted) return { outcome: 'pass', standing: 'met' };
  const possible = counted.filter(({ outcome }) => outcome !== 'fail').length;
  return possible >= wanted ? { outcome: 'unknown', standing: 'open' } : { outcome: 'fail', standing: 'failed' };
}

function neutralStanding(nodes: readonly Pick<DecisionNode, 'standing'>[]): Standing {
  return nodes.some(({ standing }) => standing === 'condition') ? 'condition' : 'waived';
}
