import { shorten } from '../paper/line-marks.ts';
import type { Paper } from '../paper/paper.ts';
import { noteCriteria, noteDecisions, noteHumanGates, noteScenarios } from './note-gates.ts';
import { noteMetrics, noteOptions, noteThresholds } from './note-measures.ts';
import { notePhases, noteRoles, noteSteps } from './note-order.ts';
import type { Subject } from './subject.ts';
import type { Noted, Understanding } from './understanding.ts';
import { vocabulary } from './vocabulary.ts';

/** Returns what a document says, in lists with places; claims stay claims. */
export function understand(subject: Subject): Understanding {
  const { paper } = subject;
  return {
    title: shorten(paper.title.replace(/[*_`]/g, ''), 100),
    kind: kindOf(subject),
    template: subject.template,
    status: statusOf(paper),
    phases: notePhases(paper),
    steps: noteSteps(subject),
    roles: noteRoles(paper),
    criteria: noteCriteria(paper),
    humanGates: noteHumanGates(paper),
    dependencies: noteDependencies(paper),
    scenarios: noteScenarios(paper),
    metrics: noteMetrics(paper),
    thresholds: noteThresholds(paper),
    commands: subject.commands.map(toNoted),
    links: paper.links.filter((link) => !link.image).length,
    images: paper.links.filter((link) => link.image).length,
    counts: noteCounts(paper),
    decisions: noteDecisions(paper),
    dates: noteDates(paper),
    pointsOfNoReturn: linesWith(paper, vocabulary.noReturn),
    rollbacks: noteRollbacks(paper),
    stops: noteStops(paper),
    options: noteOptions(paper),
    risks: noteRisks(paper),
    scope: linesWith(
      paper,
      /\b(?:launch-critical|launch-adjacent|post-launch|out of scope|not in scope|deferred|unsupported)\b/i,
    ),
    irreversible: subject.irreversible.map(({ what, line, column }) => toNoted({ text: what, line, column })),
  };
}

function toNoted({ text, line, column }: Noted): Noted {
  return { text: shorten(text), line, column };
}

function kindOf({ paper, actionable }: Subject): Understanding['kind'] {
  const declared = paper.fields.find((field) => field.front && field.key === 'tminus')?.value;
  if (declared === 'launch') return 'launch';
  if (declared === 'runbook' || declared === 'procedure') return 'runbook';
  if (/\bplan\b/i.test(paper.title)) return 'plan';
  if (
    /\b(?:check-?list|go[ /-]?no-?go)\b/i.test(paper.title) ||
    paper.items.filter((item) => item.box !== null).length >= 8
  )
    return 'checklist';
  return actionable ? 'runbook' : 'document';
}

function statusOf(paper: Paper): Noted | null {
  const field = paper.fields.find(
    (entry) => /^(?:\w+ )?status\b/i.test(entry.key) && entry.value !== '' && (entry.front || entry.section.index <= 2),
  );
  return field === undefined ? null : { text: shorten(field.value), line: field.line, column: field.column };
}

function noteDependencies(paper: Paper): Noted[] {
  const declared = paper.fields
    .filter((field) => /^(?:depends(?: on)?|blocked by|blocks)$/i.test(field.key) && field.value !== '')
    .flatMap((field) =>
      field.value
        .replace(/^\[|\]$/g, '')
        .split(/,\s*/)
        .map((name) => ({ text: `${field.key.toLowerCase()} ${name}`, line: field.line, column: field.column })),
    );
  const unique = new Map(declared.map((noted) => [`${noted.line} ${noted.text}`, noted]));
  return [
    ...unique.values(),
    ...linesWith(
      paper,
      /\b(?:depends? on|chained on|blocked (?:on|by)|interdependent|needs [\w/]+ (?:data )?(?:ready|first)|must align with|tracked under)\b/i,
    ),
  ];
}

/** Headings and labels that speak of the way back. */
function noteRollbacks(paper: Paper): Noted[] {
  const headings = paper.sections
    .filter((section) => section.level > 0 && vocabulary.undo.test(section.title))
    .map((section) => ({ text: shorten(section.title), line: section.line, column: section.column }));
  const labels = paper.fields
    .filter((field) => vocabulary.undo.test(field.key))
    .map((field) => ({ text: shorten(`${field.key}: ${field.value}`), line: field.line, column: field.column }));
  return [...headings, ...labels].toSorted((left, right) => left.line - right.line);
}

/** Numbers before a plural noun: what the text says there is. */
function noteCounts(paper: Paper): Noted[] {
  const counts: Noted[] = [];
  for (const line of paper.lines) {
    if (line.prose === '' || line.kind === 'table' || !/\d [A-Za-z]/.test(line.prose)) continue;
    for (const match of line.prose.matchAll(
      /(?<![\w.,#~><=-])(\d{1,5}) (?!of\b|to\b)(?:\w+[ -]){0,2}?(\w{3,}s)\b(?!:\/\/)/g,
    )) {
      counts.push({ text: match[0], line: line.number, column: line.column + match.index });
    }
  }
  return counts;
}

function noteDates(paper: Paper): Noted[] {
  const dates: Noted[] = [];
  for (const line of paper.lines) {
    if (line.kind === 'code' || !line.raw.includes('20')) continue;
    const match = /(?<![\d/-])20\d\d[-‑](?:0[1-9]|1[0-2])[-‑][0-3]\d(?![\d-])/.exec(line.raw);
    if (match !== null) dates.push({ text: match[0], line: line.number, column: match.index + 1 });
  }
  return dates;
}

function noteStops(paper: Paper): Noted[] {
  return linesWith(
    paper,
    /\b(?:abort|stop if|STOP\b|halt|do not proceed|rollback (?:criteria|triggers?)|trigger criteria)/,
  );
}

function noteRisks(paper: Paper): Noted[] {
  const section = paper.sections.filter((entry) => /\brisks?\b/i.test(entry.title));
  return paper.items
    .filter((item) => item.parent === null && section.includes(item.section))
    .map((item) => ({ text: shorten(item.text), line: item.line, column: item.column }));
}

function linesWith(paper: Paper, pattern: RegExp): Noted[] {
  const noted: Noted[] = [];
  for (const line of paper.lines) {
    if (line.prose === '') continue;
    const match = pattern.exec(line.prose);
    if (match !== null) noted.push({ text: shorten(line.text), line: line.number, column: line.column + match.index });
  }
  return noted;
}
