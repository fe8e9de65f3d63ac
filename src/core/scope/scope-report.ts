import type { Decision, DecisionNode } from '../gate/decision.ts';
import type { Criterion, Launch } from '../launch/launch.ts';
import type { ScopeItem } from './scope.ts';

/** What one item of the scope rests on (F08). */
export interface ScopeReportRow {
  id: string;
  title: string;
  /** Documents that are named after it. */
  documents: string[];
  /** Criteria that are about it; `met` of them were seen to hold in this decision (F03). */
  criteria: string[];
  met: string[];
  /** Steps of runbooks and procedures that are about it. */
  steps: string[];
  lacks: ('document' | 'evidence' | 'runbook entry')[];
}

/**
 * Every item that is part of the launch, with what it lacks. Something is about an item where its id is the item's id or
 * begins with it and a dash, where its title names the item's title, where a scenario of the item's id binds it, or where it
 * proves the item's undo: what the documents say, nothing guessed.
 */
export function scopeReport(launch: Launch, decision: Decision): ScopeReportRow[] {
  const criteria = launch.gates.flatMap((gate) => gate.criteria.flatMap(flatten));
  const steps = launch.procedures.flatMap((procedure) => procedure.steps);
  const met = metCriteria(decision.tree);
  return launch.scope
    .filter((item) => item.class !== 'unsupported' && item.state !== 'deferred')
    .map((item) => toRow(item, { launch, criteria, steps, met }))
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

interface Material {
  launch: Launch;
  criteria: Criterion[];
  steps: { id: string; title: string }[];
  met: ReadonlySet<string>;
}

function toRow(item: ScopeItem, { launch, criteria, steps, met }: Material): ScopeReportRow {
  const bound = new Set(launch.scenarios.filter(({ id }) => id === item.id).flatMap(({ boundTo }) => boundTo));
  if (item.undoCriterion !== null) bound.add(item.undoCriterion);
  const about = ({ id, title }: { id: string; title: string }): boolean => bound.has(id) || isAbout(item, id, title);
  const ids = (list: readonly { id: string; title: string }[]): string[] =>
    [...new Set(list.filter(about).map(({ id }) => id))].toSorted();
  const documents = launch.documents.map(({ path }) => path).filter((path) => isAbout(item, stemOf(path), ''));
  const row = {
    id: item.id,
    title: item.title,
    documents: documents.toSorted(),
    criteria: ids(criteria),
    steps: ids(steps),
  };
  const seen = row.criteria.filter((id) => met.has(id));
  const lacks = [
    ['document', row.documents.length],
    ['evidence', seen.length],
    ['runbook entry', row.steps.length],
  ] as const;
  return { ...row, met: seen, lacks: lacks.filter(([, count]) => count === 0).map(([name]) => name) };
}

function isAbout(item: ScopeItem, id: string, title: string): boolean {
  const name = item.title.trim().toLowerCase();
  return id === item.id || id.startsWith(`${item.id}-`) || (name !== '' && title.toLowerCase().includes(name));
}

/** `docs/checkout.md` is named after `checkout`, and so is `docs/checkout/index.md`. */
function stemOf(path: string): string {
  const [file = '', folder = ''] = path.split('/').toReversed();
  const stem = file.replace(/\.[^.]*$/, '');
  return /^(index|readme)$/i.test(stem) ? folder : stem;
}

function metCriteria(node: DecisionNode, met = new Set<string>()): Set<string> {
  if (node.kind === 'criterion' && node.standing === 'met') met.add(node.id.split('/').at(-1) ?? node.id);
  for (const child of node.children) metCriteria(child, met);
  return met;
}

function flatten(criterion: Criterion): Criterion[] {
  return [criterion, ...criterion.children.flatMap(flatten)];
}
