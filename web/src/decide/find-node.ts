import type { DecisionNode } from '../api/client.generated.ts';

/** The node of the reasons that is about something: a criterion, an item of the scope, a risk, a dependency. */
export function findNode(node: DecisionNode, subject: string): DecisionNode | null {
  if (node.id.replace(/^[a-z-]+:/u, '') === subject) return node;
  for (const child of node.children) {
    const found = findNode(child, subject);
    if (found !== null) return found;
  }
  return null;
}

/** Every leaf of the reasons, expectations left out. */
export function leavesOf(node: DecisionNode): DecisionNode[] {
  const inner = node.children.filter(({ kind }) => kind !== 'expectation');
  return inner.length === 0 ? [node] : inner.flatMap(leavesOf);
}
