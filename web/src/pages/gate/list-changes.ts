import type { DecisionNode } from '../../api/client.generated.ts';
import { leavesOf } from '../../decide/find-node.ts';

/** A reason that reads otherwise than before; null where it was not there, or is no longer. */
export interface ReasonChange {
  id: string;
  title: string;
  was: string | null;
  is: string | null;
}

/** What differs between two decisions, leaf by leaf. Votes are left out: they change nothing of what is voted on. */
export function listChanges(before: DecisionNode, after: DecisionNode): ReasonChange[] {
  const [old, now] = [toLeaves(before), toLeaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), now.get(id)];
    if (was && is && toText(was) === toText(is)) return [];
    const isSameWord = was?.standing === is?.standing;
    const say = (node: DecisionNode | undefined): string | null =>
      node === undefined ? null : isSameWord ? toText(node) : node.standing;
    return [{ id, title: (is ?? was)!.title, was: say(was), is: say(is) }];
  });
}

function toLeaves(tree: DecisionNode): Map<string, DecisionNode> {
  const leaves = tree.children.filter(({ kind }) => kind !== 'approvals').flatMap(leavesOf);
  return new Map(leaves.map((node) => [node.id, node]));
}

function toText({ standing, got, evidence }: DecisionNode): string {
  return `${standing}, ${got}${evidence === null ? '' : `, seen ${evidence.observedAt}`}`;
}
