import type { ScopeClass, ScopeItem } from '../../core/scope/scope.ts';
import type { Scene } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import { holdRole } from './read-people.ts';
import type { Cell, Row } from './read-tables.ts';
import { refer } from './refer.ts';
import { readFlag, nameIt } from './take-attributes.ts';
import { slugOf } from './slug.ts';

const classes: { [word: string]: ScopeClass | null } = {
  critical: 'critical',
  'launch-critical': 'critical',
  blocker: 'critical',
  'launch blocker': 'critical',
  adjacent: 'adjacent',
  'launch-adjacent': 'adjacent',
  'post-launch': 'post-launch',
  'post launch': 'post-launch',
  unsupported: 'unsupported',
  '?': null,
  tbd: null,
};
const states: { [word: string]: ScopeItem['state'] } = {
  open: 'open',
  'in progress': 'open',
  closed: 'closed',
  done: 'closed',
  deferred: 'deferred',
};

/** Reads a row of the scope table. */
export function readScopeRow(scene: Scene, row: Row): void {
  const title = row.cell('item');
  if (title === null) return addEmptyTitle(scene, row, 'item');
  const state = readWord(scene, row.cell('state'), states, 'state') ?? 'open';
  const risky = row.cell('high risk');
  const text = (column: string): string | null => row.cell(column)?.text ?? null;
  const item: ScopeItem = {
    id: rowId(scene, row, title, 'scope item'),
    title: title.text,
    class: readWord(scene, row.cell('class'), classes, 'class'),
    state,
    owner: text('owner'),
    followUp: text('follow-up'),
    userSees: text('user sees'),
    deferral: state === 'deferred' ? { owner: text('owner'), riskNote: text('risk note') ?? text('risk') } : null,
    highRisk: risky === null ? false : readYesNo(scene, risky),
    undoCriterion: null,
    at: title.at,
  };
  const undo = row.cell('undo');
  if (undo !== null)
    refer(scene.draft, {
      use: `undo of scope item ${item.id}`,
      target: 'criterion',
      name: undo.text,
      at: undo.at,
      settle: (found) => (item.undoCriterion = found),
    });
  scene.draft.launch.scope.push(item);
}

const levels: { [word: string]: number } = {
  rare: 1,
  'very low': 1,
  low: 2,
  unlikely: 2,
  minor: 2,
  medium: 3,
  moderate: 3,
  possible: 3,
  high: 4,
  likely: 4,
  major: 4,
  'very high': 5,
  severe: 5,
  critical: 5,
  'almost certain': 5,
  certain: 5,
};

/** Reads a row of the risk table. */
export function readRiskRow(scene: Scene, row: Row): void {
  const title = row.cell('risk');
  if (title === null) return addEmptyTitle(scene, row, 'risk');
  const risk = {
    id: rowId(scene, row, title, 'risk'),
    title: title.text,
    likelihood: readLevel(scene, row.cell('likelihood'), 'likelihood'),
    impact: readLevel(scene, row.cell('impact'), 'impact'),
    mitigation: row.cell('mitigation')?.text ?? null,
    mitigatedBy: null as string | null,
    owner: row.cell('owner')?.text ?? null,
    at: title.at,
  };
  const proof = row.cell('proof');
  if (proof !== null)
    refer(scene.draft, {
      use: `proof of risk ${risk.id}`,
      target: 'criterion',
      name: proof.text,
      at: proof.at,
      settle: (found) => (risk.mitigatedBy = found),
    });
  scene.draft.launch.risks.push(risk);
}

function readLevel(scene: Scene, cell: Cell | null, column: string): number | null {
  if (cell === null || cell.text === '?') return null;
  const level = /^[1-5]$/.test(cell.text) ? Number(cell.text) : levels[cell.text.toLowerCase()];
  if (level !== undefined) return level;
  addBadCell(scene, cell, {
    column,
    expected: '1 to 5, or low, medium, high',
    hint: hintFor(cell.text, Object.keys(levels), 'write a number from 1 to 5'),
  });
  return null;
}

/** Reads a row of the roles table; the people are joined to those that the front matter names. */
export function readRoleRow(scene: Scene, row: Row): void {
  const role = row.cell('role');
  if (role === null) return addEmptyTitle(scene, row, 'role');
  const people = row.cell('person');
  const names = (people?.text ?? '')
    .split(/\s*(?:,|;|&|\band\b)\s*/)
    .filter((name) => name !== '' && !/^(?:tbd|tba|\?)$/i.test(name));
  const id = scene.draft.launch.roles.find((known) => known.id === role.text)?.id ?? slugOf(role.text);
  holdRole(
    scene.draft,
    id,
    role.at,
    names.map((name) => ({ text: name.replace(/^@/, ''), at: people?.at ?? role.at })),
  );
}

/** Keeps a row of the redirects table for the part of the product that checks them. */
export function readRedirectRow(scene: Scene, row: Row): void {
  const from = row.cell('from');
  if (from === null) return addEmptyTitle(scene, row, 'from');
  const status = row.cell('state')?.text ?? null;
  scene.draft.launch.declarations.push({
    kind: 'redirect',
    id: from.text,
    body: { from: from.text, status, to: row.cell('to')?.text ?? null },
    at: from.at,
  });
  scene.draft.bearers.push({ id: from.text, family: 'redirect', what: 'redirect', at: from.at });
}

/** Keeps a row of the conditions table. */
export function readConditionRow(scene: Scene, row: Row): void {
  const title = row.cell('condition');
  if (title === null) return addEmptyTitle(scene, row, 'condition');
  const id = rowId(scene, row, title, 'condition');
  const body = {
    title: title.text,
    owner: row.cell('owner')?.text ?? null,
    by: row.cell('by')?.text ?? null,
    proof: row.cell('proof')?.text ?? null,
  };
  scene.draft.launch.declarations.push({ kind: 'condition', id, body, at: title.at });
}

/** Reads a row of the metrics table. */
export function readMetricRow(scene: Scene, row: Row): void {
  const title = row.cell('metric');
  if (title === null) return addEmptyTitle(scene, row, 'metric');
  const id = rowId(scene, row, title, 'metric');
  scene.draft.launch.metrics.push({
    id,
    title: title.text,
    target: row.cell('target')?.text ?? null,
    alert: row.cell('alert')?.text ?? null,
    source: null,
    at: title.at,
  });
}

function rowId(scene: Scene, row: Row, title: Cell, what: string): string {
  const id = row.cell('id');
  const attributes = id === null ? null : { id: { value: id.text, at: id.at }, values: new Map(), at: id.at };
  return nameIt(scene.draft, { attributes, title: title.text, family: `${what} table`, what, at: title.at });
}

function readWord<Value>(
  scene: Scene,
  cell: Cell | null,
  words: { [word: string]: Value | null },
  column: string,
): Value | null {
  if (cell === null) return null;
  const key = cell.text.toLowerCase();
  if (Object.hasOwn(words, key)) return words[key] ?? null;
  addBadCell(scene, cell, {
    column,
    expected: Object.keys(words).join(', '),
    hint: hintFor(key, Object.keys(words), `write one of ${Object.keys(words).join(', ')}`),
  });
  return null;
}

/** What cannot be read as no counts as high risk, besides being a problem. */
function readYesNo(scene: Scene, cell: Cell): boolean {
  const flag = readFlag(cell.text);
  if (flag === null) addBadCell(scene, cell, { column: 'high risk', expected: 'yes or no', hint: 'write yes or no' });
  return flag ?? true;
}

function addBadCell(scene: Scene, cell: Cell, fault: { column: string; expected: string; hint: string }): void {
  addProblem(scene.draft.problems, 'cell_invalid', cell.at, {
    message: `${fault.column} cannot be read`,
    expected: fault.expected,
    got: cell.text,
    hint: fault.hint,
  });
}

function addEmptyTitle(scene: Scene, row: Row, column: string): void {
  addProblem(scene.draft.problems, 'cell_invalid', row.at, {
    message: `a row has no ${column}`,
    expected: `a text under ${column}`,
    got: 'nothing',
    hint: 'fill the cell, or remove the row',
  });
}
