import type { Finding, Severity } from '../finding.ts';
import type { LintedDocument, LintResult } from '../lint-documents.ts';
import { shorten } from '../paper/line-marks.ts';
import { printOffset } from '../understand/offsets.ts';
import type { Understanding } from '../understand/understanding.ts';

/** How words are coloured; the caller hands in functions that colour or do nothing. */
export interface LintPalette {
  bold: (text: string) => string;
  dim: (text: string) => string;
  blocking: (text: string) => string;
  warning: (text: string) => string;
  info: (text: string) => string;
}

/** Colours nothing: for files, pipes and tests. */
export const plainPalette: LintPalette = { bold: same, dim: same, blocking: same, warning: same, info: same };

function same(text: string): string {
  return text;
}

/** Returns the result as a person reads it: for each document what was understood, then one line for each finding and one for what to do. */
export function printLintText(result: LintResult, palette: LintPalette = plainPalette): string {
  const parts = result.documents.map((document) => printDocument(document, palette));
  const { documents, blocking, warning, info } = result.totals;
  const sum = `${documents} ${documents === 1 ? 'document' : 'documents'}: ${blocking} blocking, ${warning} ${warning === 1 ? 'warning' : 'warnings'}, ${info} info`;
  return `${[...parts, palette.bold(sum)].join('\n\n')}\n`;
}

function printDocument(document: LintedDocument, palette: LintPalette): string {
  const lines = [
    palette.bold(clean(document.path)),
    ...printUnderstanding(document.understanding).map((line) => palette.dim(`  ${line}`)),
  ];
  for (const finding of document.findings) lines.push(...printFinding(finding, palette));
  return lines.join('\n');
}

/** Returns what was understood in a few lines; what is not there is left out. */
function printUnderstanding(understanding: Understanding): string[] {
  const kind = `${understanding.template ? 'a form for a ' : ''}${understanding.kind}`;
  const lines = [
    `understood as ${kind}: ${clean(understanding.title)}${understanding.status === null ? '' : ` (says ${clean(understanding.status.text)})`}`,
  ];
  const timed = understanding.phases.map((phase) =>
    phase.offsetMs === null ? clean(phase.spelling) : printOffset(phase.offsetMs),
  );
  const phases = [...new Set(timed)];
  if (phases.length > 0) lines.push(`phases ${shorten(phases.join(', '), 90)}`);
  const counts = countsOf(understanding)
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  if (counts.length > 0) lines.push(counts.join(', '));
  return lines;
}

function countsOf(understanding: Understanding): [number, string, string][] {
  const { criteria } = understanding;
  return [
    [understanding.steps.length, 'step', 'steps'],
    [criteria.length, 'criterion', 'criteria'],
    [criteria.filter((criterion) => criterion.box === 'ticked').length, 'tick claimed', 'ticks claimed'],
    [understanding.humanGates.length, 'human gate', 'human gates'],
    [understanding.roles.length, 'role or owner', 'roles or owners'],
    [understanding.dependencies.length, 'dependency', 'dependencies'],
    [understanding.scenarios.length, 'scenario', 'scenarios'],
    [understanding.metrics.length, 'metric', 'metrics'],
    [understanding.thresholds.length, 'threshold', 'thresholds'],
    [understanding.commands.length, 'command', 'commands'],
    [understanding.irreversible.length, 'irreversible action', 'irreversible actions'],
    [understanding.pointsOfNoReturn.length, 'point of no return', 'points of no return'],
    [understanding.rollbacks.length, 'rollback', 'rollbacks'],
    [understanding.options.length, 'option', 'options'],
    [understanding.decisions.length, 'decision', 'decisions'],
    [understanding.risks.length, 'risk', 'risks'],
  ];
}

function printFinding(finding: Finding, palette: LintPalette): string[] {
  const colour: { [severity in Severity]: (text: string) => string } = palette;
  const place = `${finding.line}:${finding.column}`.padEnd(8);
  const more =
    finding.related.length > 0
      ? ` (and ${finding.related.length} more ${finding.related.length === 1 ? 'place' : 'places'})`
      : '';
  return [
    `  ${place}${colour[finding.severity](finding.severity.padEnd(9))}${clean(finding.message)}${more} - expected ${clean(finding.expected)}, got ${clean(shorten(finding.got, 80))} ${palette.dim(`[${finding.code}]`)}`,
    palette.dim(`${' '.repeat(19)}${clean(finding.hint)}`),
  ];
}

/** Documents may hold control characters that would drive the terminal; they are shown as dots. */
function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '·');
}
