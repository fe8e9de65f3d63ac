import type { Decision, DecisionNode, EvidenceLink, Standing } from '../core/gate/decision.ts';

/** One line of a decision as people read it: said once, in as few words as the tree allows. */
export interface OutlineRow {
  standing: Standing;
  title: string;
  /** Why it does not hold; null where it does, or where the rows below say it. */
  reason: string | null;
  evidence: EvidenceLink | null;
  children: OutlineRow[];
}

/** The rows below the gate. What holds is one row: its expectations and parts stay in the decision itself. */
export function outlineDecision({ tree }: Pick<Decision, 'tree'>): OutlineRow[] {
  return tree.children.map((node) => toRow(node));
}

function toRow(node: DecisionNode): OutlineRow {
  if (node.kind === 'expectation') return toExpectationRow(node);
  const { self, others } = splitSelf(node);
  const children =
    node.standing === 'met' && isListed(node) ? [] : others.filter((child) => !isSettled(child)).map(toRow);
  const explained = children.length > 0 && self === null;
  const spoken = self ?? node;
  const reason =
    spoken.standing === 'met' || explained || spoken.expected === ''
      ? null
      : `expected ${spoken.expected}, got ${spoken.got}`;
  return { standing: node.standing, title: toTitle(node), reason, evidence: node.evidence, children };
}

/** The rule says what was expected already. */
function toExpectationRow({ standing, title, got }: DecisionNode): OutlineRow {
  return { standing, title, reason: standing === 'met' ? null : `got ${got}`, evidence: null, children: [] };
}

/** A scope item or risk carries itself as its first part, beside what proves it: that part is the row's own reason. */
function splitSelf(node: DecisionNode): { self: DecisionNode | null; others: DecisionNode[] } {
  const own = node.children.find(
    (child) => child.kind === node.kind && child.title === node.title && child.children.length === 0,
  );
  return { self: own ?? null, others: node.children.filter((child) => child !== own) };
}

function isListed({ kind }: Pick<DecisionNode, 'kind'>): boolean {
  return kind === 'scope' || kind === 'risks' || kind === 'dependencies' || kind === 'criterion';
}

function isSettled({ kind, standing }: DecisionNode): boolean {
  return kind === 'expectation' && standing === 'met';
}

function toTitle({ title, need, children, standing, kind }: DecisionNode): string {
  const parts = children.filter((child) => child.kind !== 'expectation').length;
  if (need !== 'all' && parts > 0) return `${title} (${need === 'any' ? 'any' : need} of ${parts})`;
  const isFolded = standing === 'met' && kind !== 'criterion' && isListed({ kind });
  return isFolded ? `${title} (${parts})` : title;
}
