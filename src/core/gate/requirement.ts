import type { Action } from './decision.ts';
import { isNeutral, thresholdOf } from './fold.ts';
import type { Need } from './fold.ts';
import type { DecisionNode } from './decision.ts';

/** What it takes for something to hold: nothing, one action, enough of several, or nothing that anyone could do. */
export type Requirement =
  | { kind: 'holds' }
  | { kind: 'impossible' }
  | { kind: 'action'; action: Action }
  | { kind: 'some'; need: number; of: Requirement[] };

export const holds: Requirement = { kind: 'holds' };
export const impossible: Requirement = { kind: 'impossible' };

/** One action that makes it hold. */
export function act(action: Action): Requirement {
  return { kind: 'action', action };
}

/** All of them. */
export function allOf(of: Requirement[]): Requirement {
  return { kind: 'some', need: of.length, of };
}

/** A node of the decision with what it takes to turn it. */
export interface Branch {
  node: DecisionNode;
  way: Requirement;
}

/**
 * What it takes for a branch to pass, in step with `fold`. Neutral children shrink the threshold until somebody makes them
 * hold, so a branch passes by all of those that count, or by the full number with neutral ones among them.
 */
export function wayOfBranch(need: Need, children: readonly Branch[]): Requirement {
  const there = children.filter(({ node }) => node.standing !== 'void');
  const threshold = thresholdOf(need, there.length);
  if (threshold === null) return impossible;
  const all = there.map(({ way }) => way);
  const counted = there.filter(({ node }) => !isNeutral(node)).map(({ way }) => way);
  if (counted.length === 0) return { kind: 'some', need: 1, of: all };
  const inFull: Requirement = { kind: 'some', need: threshold, of: all };
  if (counted.length >= threshold) return inFull;
  // Where every child is wanted, those that count are never more than all of them.
  const isRedundant = threshold === there.length || countLeaves(inFull) > maxLeaves;
  return isRedundant ? allOf(counted) : { kind: 'some', need: 1, of: [allOf(counted), inFull] };
}

/** Two ways into one branch name its leaves twice, on every level: without this bound a hostile document could double them forever. */
const maxLeaves = 4_096;

function countLeaves(requirement: Requirement): number {
  return requirement.kind === 'some' ? requirement.of.reduce((sum, part) => sum + countLeaves(part), 0) : 1;
}
