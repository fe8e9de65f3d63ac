import type { Binding } from '@tminus/verify';

import type { TemplateValues } from '../check/resolve-templates.ts';
import type { Criterion, Gate, Launch } from '../launch/launch.ts';
import type { DecisionNode } from './decision.ts';
import type { LogIndex } from './log-index.ts';
import type { Rules } from './rules.ts';

/** What a decision stands on: the rules, the declarations, the log, the binding and the moment. */
export interface Ground {
  rules: Rules;
  launch: Launch;
  gate: Gate;
  phase: string;
  binding: Binding;
  environmentIsSimulated: boolean;
  /** What templates of checks stand for, for this candidate. */
  values: TemplateValues;
  nowMs: number;
  log: LogIndex;
}

/** A node with everything that most nodes lack. */
export function toNode(
  given: Pick<DecisionNode, 'id' | 'kind' | 'title' | 'outcome' | 'standing'> & Partial<DecisionNode>,
): DecisionNode {
  return { need: 'all', expected: '', got: '', owner: null, at: null, evidence: null, children: [], ...given };
}

/** All criteria of these, with those inside them. */
export function flattenCriteria(criteria: readonly Criterion[]): Criterion[] {
  return criteria.flatMap((criterion) => [criterion, ...flattenCriteria(criterion.children)]);
}

/** The criterion of this id with its gate; null where no gate declares it, or more than one place does. */
export function findCriterion(launch: Launch, id: string): { criterion: Criterion; gate: Gate } | null {
  const found = launch.gates.flatMap((gate) =>
    flattenCriteria(gate.criteria)
      .filter((criterion) => criterion.id === id)
      .map((criterion) => ({ criterion, gate })),
  );
  return found.length === 1 ? found[0]! : null;
}
