import type { Action, Decision, EvidenceLink, Standing } from '../core/gate/decision.ts';
import { outlineDecision, toCommand } from '../report/outline-decision.ts';
import type { OutlineRow } from '../report/outline-decision.ts';
import { shortenDigests } from '../report/shorten-digests.ts';
import { formatAge } from './format-age.ts';
import { formatDuration } from './format-duration.ts';
import { toInertValue } from './inert.ts';
import type { Palette } from './terminal.ts';

const words: Record<Decision['outcome'], string> = {
  go: 'GO',
  'go-with-conditions': 'GO WITH CONDITIONS',
  'no-go': 'NO-GO',
};

/** The decision for a terminal: the word first, then what stands in the way, then what holds, then the shortest way to GO. */
export function renderDecision(given: Decision, palette: Palette): string {
  const decision = toInertValue(given);
  const lines = outlineDecision(decision).flatMap((row) => renderRow(row, decision.decidedAt, palette, 1));
  return [
    renderHead(decision, palette),
    palette.dim(renderBinding(decision)),
    '',
    ...lines,
    ...renderConditions(decision, palette),
    ...renderWay(decision, palette),
    '',
  ].join('\n');
}

/** The word, and the gate that it is about. */
export function renderHead(given: Decision, palette: Palette): string {
  const { outcome, gate, launch, phase } = toInertValue(given);
  const paint = outcome === 'no-go' ? palette.red : outcome === 'go' ? palette.green : palette.yellow;
  return `${palette.bold(paint(words[outcome]))}  gate "${gate}" of ${launch}, before ${phase}`;
}

/** The votes of a decision, cast and wanted. */
export function renderVotes(given: Decision, palette: Palette): string {
  const decision = toInertValue(given);
  const votes = outlineDecision({
    tree: { ...decision.tree, children: decision.tree.children.filter(({ kind }) => kind === 'approvals') },
  });
  return votes
    .flatMap((row) => renderRow(row, decision.decidedAt, palette, 1))
    .concat('')
    .join('\n');
}

function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

function renderBinding({ candidateSha256, environment, planHash, decidedAt, subjectSha256 }: Decision): string {
  return `candidate ${shortDigest(candidateSha256)} in ${environment}, plan ${shortDigest(planHash)}, decided ${decidedAt}\nto be signed by votes: ${shortDigest(subjectSha256)}`;
}

function renderRow(row: OutlineRow, now: string, palette: Palette, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const age = row.evidence ? palette.dim(`  ${renderEvidence(row.evidence, now)}`) : '';
  const line = `${indent}${paintStanding(row.standing, palette)}  ${row.title}${age}`;
  // A short reason stands on the line itself: the eye goes down one column.
  if (row.reason !== null && row.children.length === 0 && row.reason.startsWith('got ') && row.reason.length < 60) {
    return [`${line}${palette.dim(`, ${row.reason}`)}`];
  }
  const reason = row.reason === null ? [] : [`${indent}${' '.repeat(13)}${palette.dim(row.reason)}`];
  return [line, ...reason, ...row.children.flatMap((child) => renderRow(child, now, palette, depth + 1))];
}

/** What took less than a second is not told: nobody waits for it, and every line would be longer. */
function renderEvidence({ id, observedAt, durationMs }: EvidenceLink, now: string): string {
  const took = durationMs >= 1000 ? `, took ${formatDuration(durationMs)}` : '';
  return `ev-${id.slice(0, 8)}, ${formatAge(observedAt, now)}${took}`;
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

function renderWay({ outcome, shortestWay, subjectSha256 }: Decision, palette: Palette): string[] {
  if (outcome !== 'no-go') return [];
  if (shortestWay === null)
    return ['', palette.bold('No set of actions leads to GO: something above has to change in the documents first')];
  const title = `Shortest way to GO: ${shortestWay.length} ${shortestWay.length === 1 ? 'action' : 'actions'}`;
  return [
    '',
    palette.bold(title),
    ...shortestWay.map((action, index) => renderAction(action, index, { palette, subjectSha256 })),
  ];
}

function renderAction(
  action: Action,
  index: number,
  { palette, subjectSha256 }: { palette: Palette; subjectSha256: string },
): string {
  const command = toCommand(action, subjectSha256);
  const line = `  ${`${index + 1}.`.padEnd(4)}${action.owner ?? 'nobody owns this'}: ${shortenDigests(action.text)}`;
  return command === null ? line : `${line}\n      ${palette.dim(command)}`;
}
