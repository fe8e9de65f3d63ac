import { shorten } from '../paper/line-marks.ts';
import type { Item, Paper, Section } from '../paper/paper.ts';
import type { Noted, NotedCriterion, NotedDecision, NotedScenario } from './understanding.ts';

const gateTitle =
  /\b(?:acceptance criteria|criteria|validation|verification|pre-?launch checklist|checklist|definition of done|must have|nice to have|exit criteria|success criteria|prerequisites|gate)\b/i;
const human = /^\*{0,2}\[HUMAN\]|^\*{0,2}(?:human|manual)\b/;

/** Returns the criteria: every box that is work, and the bullets under a heading that says criteria where the copy lost its boxes. */
export function noteCriteria(paper: Paper): NotedCriterion[] {
  const criteria: NotedCriterion[] = [];
  for (const item of paper.items) {
    if (item.choice || item.quoted) continue;
    const box = item.box ?? (item.parent === null && isGate(item.section) ? 'none' : null);
    if (box === null) continue;
    criteria.push({
      text: shorten(item.text.replace(/^\[HUMAN\]\s*/, '')),
      line: item.line,
      column: item.column,
      box,
      human: human.test(item.text),
    });
  }
  return criteria;
}

function isGate(section: Section): boolean {
  return gateTitle.test(section.title);
}

/** Returns what only a person may close: `[HUMAN]` items, sign-off rows, and the bold STOPs that send the reader to somebody. */
export function noteHumanGates(paper: Paper): Noted[] {
  const gates = paper.items
    .filter((item) => human.test(item.text) || isStop(item))
    .map((item) => ({ text: shorten(item.text.replace(/^\[HUMAN\]\s*/, '')), line: item.line, column: item.column }));
  for (const table of paper.tables) {
    if (!table.header.some((cell) => /signature|sign-?off|approved by/i.test(cell.text))) continue;
    for (const row of table.rows) {
      const cell = row[0];
      if (cell !== undefined)
        gates.push({
          text: `sign-off ${shorten(cell.text.replace(/\*/g, ''), 40)}`,
          line: cell.line,
          column: cell.column,
        });
    }
  }
  return gates.toSorted((left, right) => left.line - right.line);
}

function isStop(item: Item): boolean {
  return /\*\*STOP\b|\bGO FIND\b|\bSTOP\b.*\b(?:ask|find|contact|approval|maintainer)\b/.test(item.text);
}

/** Returns the scenarios with the parts that they have. */
export function noteScenarios(paper: Paper): NotedScenario[] {
  const scenarios: NotedScenario[] = [];
  for (const section of paper.sections) {
    if (!/^Scenario(?: Outline)?:/i.test(section.title)) continue;
    const body = paper.lines.slice(section.line, section.end).map((line) => line.text.replace(/^\*+/, ''));
    scenarios.push({
      text: shorten(section.title.replace(/^Scenario(?: Outline)?:\s*/i, '')),
      line: section.line,
      column: section.column,
      given: body.some((text) => /^Given\b/i.test(text)),
      when: body.some((text) => /^When\b/i.test(text)),
      outcome: body.some((text) => /^Then\b/i.test(text)),
    });
  }
  return scenarios;
}

/** Returns GO and NO-GO words that stand as a decision: in a decision column, after a decision label, or as an unticked choice. */
export function noteDecisions(paper: Paper): NotedDecision[] {
  const decisions: NotedDecision[] = [];
  for (const field of paper.fields) {
    if (!/^(?:final )?decision$|^overall$|^verdict$/i.test(field.key)) continue;
    const decision = readDecision(field.value);
    if (decision !== null)
      decisions.push({ text: shorten(field.value), line: field.line, column: field.column, decision });
  }
  for (const section of paper.sections) {
    const match = /\bdecision:\s*(.*)$/i.exec(section.title);
    const decision = match === null ? null : readDecision(match[1] ?? '');
    if (decision !== null)
      decisions.push({ text: shorten(section.title), line: section.line, column: section.column, decision });
  }
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) => /^\**(?:decision|go[ /-]+no-?go)\**$/i.test(cell.text));
    if (column === -1) continue;
    for (const row of table.rows) {
      const cell = row[column];
      const decision = cell === undefined ? null : readDecision(cell.text);
      if (cell !== undefined && decision !== null)
        decisions.push({
          text: shorten(`${row[0]?.text.replace(/\*/g, '') ?? ''}: ${cell.text.replace(/(?<!GO)\*/g, '')}`),
          line: cell.line,
          column: cell.column,
          decision,
        });
    }
  }
  return decisions.toSorted((left, right) => left.line - right.line);
}

/** Reads a decision as written: `GO*` and "GO with conditions" are conditional, boxes with nothing ticked are undecided. */
export function readDecision(value: string): NotedDecision['decision'] | null {
  const bare = value.replace(/\*\*/g, '');
  if (/\[ \].*\bGO\b/.test(bare) && !/\[[xX]\]/.test(bare)) return 'undecided';
  if (/\bNO[- ]?GO\b/.test(bare) && !/\bGO\b(?!.*NO)/.test(bare.replace(/NO[- ]?GO/g, ''))) return 'no-go';
  if (!/\bGO\b/.test(bare)) return null;
  return /GO\*|\bconditions?\b|conditional/i.test(bare.replace(/^\W*/, '')) || /GO\*/.test(value.replace(/\*\*/g, ''))
    ? 'conditional'
    : 'go';
}
