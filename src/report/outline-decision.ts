import type { Action, Decision, DecisionNode, EvidenceLink, Standing } from '../core/gate/decision.ts';
import { shortenDigests } from './shorten-digests.ts';

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
    node.standing === 'met' && isListed(node) ? [] : foldVoid(others.filter((child) => !isSettled(child)));
  const explained = children.length > 0 && self === null;
  const spoken = self ?? node;
  const reason =
    spoken.standing === 'met' || explained || spoken.expected === ''
      ? null
      : shortenDigests(`expected ${spoken.expected}, got ${spoken.got}`);
  return { standing: node.standing, title: toTitle(node), reason, evidence: node.evidence, children };
}

function isVoid({ standing }: DecisionNode): boolean {
  return standing === 'void';
}

/** Votes and waivers that do not count are told one by one while they are few: after a month of candidates they would bury the rest. */
function foldVoid(nodes: readonly DecisionNode[]): OutlineRow[] {
  const gone = nodes.filter(isVoid);
  if (gone.length <= 2) return nodes.map(toRow);
  const title = `${gone.length} votes or waivers that do not count`;
  const folded: OutlineRow = { standing: 'void', title, reason: null, evidence: null, children: [] };
  return [...nodes.filter((node) => !isVoid(node)).map(toRow), folded];
}

/** The rule says what was expected already. */
function toExpectationRow({ standing, title, got }: DecisionNode): OutlineRow {
  const reason = standing === 'met' ? null : shortenDigests(`got ${got}`);
  return { standing, title: shortenDigests(title), reason, evidence: null, children: [] };
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

/** The command that an action ends with, ready to be run where one person owns it; null where no command of ours does it. */
export function toCommand({ verb, subject, owner }: Action, subjectSha256: string): string | null {
  const person = owner !== null && /^[\w.-]+$/u.test(owner) ? owner : 'PERSON';
  if (verb === 'run-check' || verb === 'fix') return `tminus check ${subject}`;
  if (verb === 'attest') return `tminus attest ${subject} --as ${person} --comment "WHAT WAS SEEN"`;
  return verb === 'approve' ? `tminus approve ${subject} --as ${person} --subject ${subjectSha256.slice(0, 12)}` : null;
}
