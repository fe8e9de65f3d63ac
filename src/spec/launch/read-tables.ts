import type { Table, TableRow } from 'mdast';

import type { Place } from '../../core/launch/place.ts';
import type { Document } from '../document/document.ts';
import type { Scene } from './draft.ts';
import { plainText } from './read-title.ts';
import {
  readConditionRow,
  readMetricRow,
  readRedirectRow,
  readRiskRow,
  readRoleRow,
  readScopeRow,
} from './read-rows.ts';

/** One cell of a record, by the name of its column. */
export interface Cell {
  text: string;
  at: Place;
}

export interface Row {
  cell(column: string): Cell | null;
  at: Place;
}

interface Record {
  /** Every one of these, and one of `some`, must be among the headers. */
  all: readonly string[];
  some: readonly string[];
  read(scene: Scene, row: Row): void;
}

const synonyms: { [header: string]: string } = {
  'scope item': 'item',
  scope: 'item',
  surface: 'item',
  classification: 'class',
  status: 'state',
  'follow up': 'follow-up',
  followup: 'follow-up',
  'risk note': 'risk note',
  'users see': 'user sees',
  'what users see': 'user sees',
  'what the user sees': 'user sees',
  people: 'person',
  who: 'person',
  name: 'person',
  holder: 'person',
  probability: 'likelihood',
  'mitigated by': 'proof',
  criterion: 'proof',
  'high-risk': 'high risk',
};

const records: readonly Record[] = [
  { all: ['item', 'class'], some: ['item'], read: readScopeRow },
  { all: ['risk'], some: ['likelihood', 'impact'], read: readRiskRow },
  { all: ['role'], some: ['person'], read: readRoleRow },
  { all: ['from', 'to'], some: ['state', 'from'], read: readRedirectRow },
  { all: ['metric'], some: ['target', 'alert'], read: readMetricRow },
  { all: ['condition'], some: ['condition'], read: readConditionRow },
];

/** Reads a table whose headers make it one of the known records; any other table is prose. */
export function readTable(scene: Scene, table: Table): void {
  const [head, ...rows] = table.children;
  const headers = head?.children.map((cell) => headerOf(plainText(cell, scene.document))) ?? [];
  const record = records.find(
    ({ all, some }) => all.every((name) => headers.includes(name)) && some.some((name) => headers.includes(name)),
  );
  if (record === undefined) return;
  for (const row of rows) record.read(scene, toRow(scene.document, headers, row));
}

function headerOf(text: string): string {
  const folded = text.toLowerCase().trim();
  return synonyms[folded] ?? folded;
}

function toRow(document: Document, headers: readonly string[], row: TableRow): Row {
  return {
    at: document.place(row),
    cell: (column) => {
      const node = row.children[headers.indexOf(column)];
      if (node === undefined) return null;
      const text = plainText(node, document);
      const first = node.children[0];
      return text === '' || text === '-' || text === '–' || text === '—'
        ? null
        : { text, at: document.place(first ?? node) };
    },
  };
}
