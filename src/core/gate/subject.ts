import { digestOf } from '@tminus/verify';

import type { Decision, DecisionNode } from './decision.ts';

type Shown = Pick<
  Decision,
  | 'launch'
  | 'gate'
  | 'phase'
  | 'planHash'
  | 'candidateSha256'
  | 'environment'
  | 'evidenceRoot'
  | 'conditions'
  | 'waivers'
> & { branches: DecisionNode[] };

/**
 * The digest that an approval signs: everything shown but the votes and the clock. Places in the documents and the order
 * that follows from them are left out, so that a blank line in a document, which leaves the plan hash alone, voids no vote.
 */
export function subjectOf({ branches, ...shown }: Shown): string {
  return digestOf({ format: 'tminus/subject/1', ...shown, branches: branches.map(toShown) });
}

function toShown(node: DecisionNode): Omit<DecisionNode, 'children'> & { children: unknown[] } {
  const ordered = node.children.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { ...node, at: null, children: ordered.map(toShown) };
}

/** The digest of the sorted ids of all evidence that these nodes link to, superseded evidence among it. */
export function evidenceRootOf(nodes: readonly DecisionNode[]): string {
  const ids = new Set<string>();
  for (const node of nodes) collect(node, ids);
  return digestOf([...ids].toSorted());
}

function collect({ evidence, children }: DecisionNode, ids: Set<string>): void {
  if (evidence) {
    ids.add(evidence.id);
    for (const id of evidence.superseded) ids.add(id);
  }
  for (const child of children) collect(child, ids);
}
