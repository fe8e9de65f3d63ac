import type { DecisionNode, GatePage } from '../api/client.generated.ts';
import { Status } from '../kit/status.tsx';
import type { StatusName } from '../kit/status.tsx';

const outcomes = { go: 'go', 'go-with-conditions': 'goWithConditions', 'no-go': 'noGo' } as const;

/** GO, GO with conditions or NO-GO. */
export function Outcome({ of }: { of: GatePage['outcome'] }) {
  return <Status of={outcomes[of]} />;
}

const standings: Record<DecisionNode['standing'], StatusName> = {
  met: 'met',
  failed: 'failed',
  missing: 'missing',
  stale: 'stale',
  unreadable: 'unknown',
  simulated: 'unknown',
  'cannot-fail': 'unknown',
  waived: 'waived',
  open: 'open',
  condition: 'condition',
  void: 'superseded',
};

const branches: Record<DecisionNode['outcome'], StatusName> = { pass: 'met', fail: 'failed', unknown: 'unknown' };

/** How a node of the reasons stands: a leaf by its standing, a branch by what its leaves come to. */
export function Standing({ node }: { node: Pick<DecisionNode, 'standing' | 'outcome' | 'children'> }) {
  const isBranch = node.children.some(({ kind }) => kind !== 'expectation');
  const isPlain = node.standing === 'met' || node.standing === 'waived' || node.standing === 'condition';
  const of = isBranch && !isPlain ? branches[node.outcome] : standings[node.standing];
  const isOwnWord = !isBranch && ['unreadable', 'simulated', 'cannot-fail', 'void'].includes(node.standing);
  return <Status of={of}>{isOwnWord ? node.standing.replace('-', ' ') : undefined}</Status>;
}
