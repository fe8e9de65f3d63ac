import type { Action, Decision, DecisionNode, Standing } from '../core/gate/decision.ts';
import { formatAge } from './format-age.ts';
import type { Palette } from './terminal.ts';

const words: Record<Decision['outcome'], string> = {
  go: 'GO',
  'go-with-conditions': 'GO WITH CONDITIONS',
  'no-go': 'NO-GO',
};

/** The decision for a terminal: the word first, then what stands in the way, then what holds, then the shortest way to GO. */
export function renderDecision(decision: Decision, palette: Palette): string {
  const paint = decision.outcome === 'no-go' ? palette.red : decision.outcome === 'go' ? palette.green : palette.yellow;
  const head = `${palette.bold(paint(words[decision.outcome]))}  gate "${decision.gate}" of ${decision.launch}, before ${decision.phase}`;
  const bound = `candidate ${decision.candidateSha256.slice(0, 12)} in ${decision.environment}, plan ${decision.planHash.slice(0, 12)}, decided ${decision.decidedAt}`;
  const lines = decision.tree.children.flatMap((node) => renderNode(node, decision.decidedAt, palette, 1));
  return [
    head,
    palette.dim(bound),
    '',
    ...lines,
    ...renderConditions(decision, palette),
    ...renderWay(decision, palette),
    '',
  ].join('\n');
}

function renderNode(node: DecisionNode, now: string, palette: Palette, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const age = node.evidence
    ? palette.dim(`  ev-${node.evidence.id.slice(0, 8)}, ${formatAge(node.evidence.observedAt, now)}`)
    : '';
  const need =
    node.children.length > 0 && node.need !== 'all'
      ? palette.dim(` (${node.need === 'any' ? 'any' : `${node.need} of ${node.children.length}`})`)
      : '';
  const line = `${indent}${paintStanding(node.standing, palette)}  ${node.title}${need}${age}`;
  const reason =
    node.standing === 'met' || node.expected === ''
      ? []
      : [`${indent}${' '.repeat(13)}expected ${node.expected}, got ${node.got}`];
  // What holds is shown on one line; its expectations are in `--json`, in the report and in the evidence itself.
  const children =
    node.standing === 'met' && node.kind === 'criterion'
      ? node.children.filter(({ kind }) => kind !== 'expectation')
      : node.children;
  return [
    line,
    ...reason.map((text) => palette.dim(text)),
    ...children.flatMap((child) => renderNode(child, now, palette, depth + 1)),
  ];
}

function paintStanding(standing: Standing, palette: Palette): string {
  const text = (standing === 'cannot-fail' ? 'cannot fail' : standing).padEnd(11);
  if (standing === 'met') return palette.green(text);
  if (standing === 'failed') return palette.red(text);
  return palette.yellow(text);
}

function renderConditions({ conditions, waivers }: Decision, palette: Palette): string[] {
  const conditionLines = conditions.map(
    ({ title, by, owner }) => `  ${title}, before ${by}${owner ? ` (${owner})` : ''}`,
  );
  const waiverLines = waivers.map(
    ({ criterion, reason, person, expiresAt }) => `  ${criterion}: ${reason} (${person}, until ${expiresAt})`,
  );
  return [
    ...(conditionLines.length > 0
      ? ['', palette.bold('Conditions of this GO, each blocks its own phase'), ...conditionLines]
      : []),
    ...(waiverLines.length > 0 ? ['', palette.bold('Waived'), ...waiverLines] : []),
  ];
}

function renderWay({ outcome, shortestWay }: Decision, palette: Palette): string[] {
  if (outcome !== 'no-go') return [];
  if (shortestWay === null)
    return ['', palette.bold('No set of actions leads to GO: the gate itself has to change, see above')];
  const title = `Shortest way to GO: ${shortestWay.length} ${shortestWay.length === 1 ? 'action' : 'actions'}`;
  return ['', palette.bold(title), ...shortestWay.map((action, index) => renderAction(action, index))];
}

function renderAction({ owner, text }: Action, index: number): string {
  return `  ${`${index + 1}.`.padEnd(4)}${owner ?? 'nobody owns this'}: ${text}`;
}
