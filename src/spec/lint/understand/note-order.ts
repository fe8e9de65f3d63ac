import { shorten } from '../paper/line-marks.ts';
import type { Line, Paper } from '../paper/paper.ts';
import { readOffset, readWeekday } from './offsets.ts';
import type { Subject } from './subject.ts';
import type { Noted, NotedPhase } from './understanding.ts';
import { isUnfilled } from './vocabulary.ts';

const leadIn = /^at the (?:start|beginning|end) of (?:a|the|each|your) [\w -]+:$/i;

/**
 * Returns the phases: headings and items that begin with an offset, and lines of box art that do. An offset in the middle of a
 * sentence tells when something holds, not that a phase begins.
 */
export function notePhases(paper: Paper): NotedPhase[] {
  const phases: NotedPhase[] = [];
  for (const line of paper.lines) {
    if (line.kind === 'heading') addHeading(phases, line);
    else if (line.kind === 'item' || line.kind === 'text') addLead(phases, line);
    else if (line.kind === 'code' && /^[\s│|]*(?:T[-+]|T0)/.test(line.text))
      addLead(phases, { ...line, text: line.text.replace(/[│|─]/g, ' ').trim() });
  }
  return phases;
}

function addHeading(phases: NotedPhase[], line: Line): void {
  const offset = readOffset(line.text) ?? readWeekday(line.text);
  if (offset !== null)
    phases.push({
      text: shorten(line.text),
      line: line.number,
      column: line.column,
      offsetMs: offset.ms,
      spelling: offset.spelling,
    });
}

function addLead(phases: NotedPhase[], line: Line): void {
  const bare = line.text.replace(/^(?:\*\*|__|✅\s*|→\s*)/, '');
  const offset = /^[TLJWD\d(]/i.test(bare) ? readOffset(bare) : null;
  if (
    offset !== null &&
    offset.index <= 1 &&
    /^[\s\w()-]*[:)*—–-]|^[^a-z]{0,12}$|\bHours?\b|^Days? \d/i.test(bare.slice(offset.index + offset.spelling.length))
  ) {
    phases.push({
      text: shorten(bare),
      line: line.number,
      column: line.column,
      offsetMs: offset.ms,
      spelling: offset.spelling,
    });
  } else if (leadIn.test(bare)) {
    phases.push({ text: shorten(bare), line: line.number, column: line.column, offsetMs: null, spelling: bare });
  }
}

/** Returns the steps: top-level numbered and box items, and headings that are numbered or say `Step`. */
export function noteSteps({ paper, steps }: Subject): Noted[] {
  const noted = steps.map((item) => ({ text: shorten(item.text), line: item.line, column: item.column }));
  for (const section of paper.sections) {
    if (/^(?:step \w+|\d+\.)/i.test(section.title))
      noted.push({ text: shorten(section.title), line: section.line, column: section.column });
  }
  return noted.toSorted((left, right) => left.line - right.line);
}

const ownerKey =
  /^(?:owner\w*|owned by|supported by|maintainer|dri|assignees?|responsible|contact|decision maker|operations lead|tech lead|release manager)\b/i;
const roleColumn = /^(?:role|owner|release manager|responsible|dri|lead|person)$/i;

/** Returns who is named: owner fields, rows of role tables, `[HUMAN]` roles and accounts. */
export function noteRoles(paper: Paper): Noted[] {
  const roles = paper.fields
    .filter((field) => ownerKey.test(field.key) && !isUnfilled(field.value))
    .map((field) => ({ text: `${field.key}: ${shorten(field.value, 40)}`, line: field.line, column: field.column }));
  for (const section of paper.sections) {
    if (!ownerKey.test(section.title)) continue;
    const line = paper.lines
      .slice(section.line, section.end)
      .find((entry) => entry.kind === 'item' || entry.kind === 'text');
    if (line !== undefined)
      roles.push({ text: `${section.title}: ${shorten(line.text, 40)}`, line: line.number, column: line.column });
  }
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) => roleColumn.test(cell.text.replace(/\*/g, '')));
    if (column === -1) continue;
    for (const row of table.rows) {
      const cell = row[column];
      if (cell !== undefined && cell.text !== '')
        roles.push({ text: shorten(cell.text.replace(/\*/g, ''), 40), line: cell.line, column: cell.column });
    }
  }
  return roles.toSorted((left, right) => left.line - right.line);
}
