import type { Outcome } from '@tminus/verify';

import type { Decision, DecisionNode } from '../core/gate/decision.ts';

/** How one criterion stands, beside its line in its document. */
export interface CriterionBadge {
  file: string;
  line: number;
  outcome: Outcome;
  /** A few words: the standing, and the evidence or the parts that it follows from. */
  note: string;
}

/**
 * One badge for each criterion of the decision about which something is known; none for a criterion that nobody has looked at:
 * a document about which nothing happened stays as it was written.
 */
export function criterionBadges({ tree }: Pick<Decision, 'tree'>): CriterionBadge[] {
  const criteria = tree.children.find(({ kind }) => kind === 'criteria');
  const badges = (criteria?.children ?? []).flatMap(toBadges);
  // A criterion that wants a person and a check has parts on its own line: the first badge speaks for both.
  return badges.filter(({ file, line }, at) => badges.findIndex((other) => isAt(other, file, line)) === at);
}

function toBadges(node: DecisionNode): CriterionBadge[] {
  if (node.kind !== 'criterion' || node.at === null || !hasHappened(node)) return [];
  const { file, line } = node.at;
  const own = { file, line, outcome: node.outcome, note: toNote(node) };
  return [own, ...node.children.flatMap(toBadges)];
}

/** Seen, signed or waived, whatever came of it. */
function hasHappened({ evidence, standing, children }: DecisionNode): boolean {
  return evidence !== null || standing === 'waived' || children.some(hasHappened);
}

function toNote({ standing, evidence, children }: DecisionNode): string {
  const word = standing === 'cannot-fail' ? 'cannot fail' : standing;
  if (evidence !== null) return `${word}, ev-${evidence.id.slice(0, 8)}, ${evidence.observedAt}`;
  const parts = children.filter(({ kind }) => kind === 'criterion');
  if (parts.length === 0) return word;
  return `${word}, ${parts.filter((part) => part.standing === 'met').length} of ${parts.length} met`;
}

function isAt(badge: CriterionBadge, file: string, line: number): boolean {
  return badge.file === file && badge.line === line;
}
