import type { JsonObject, JsonValue } from '@tminus/verify';

import type { CanonRow, CanonType } from '../canon.ts';
import type { TrelloPlan, TrelloRecord } from './plan-trello-import.ts';
import type { RedactedBoard } from './redact-board.ts';
import { toOwnId } from './redact-board.ts';
import { text } from './trello-items.ts';
import type { TrelloEntity } from './trello-items.ts';
import { asksForProof, isFollowUp, isWaiting } from './trello-words.ts';

/** A table of what is to be created, by the name that a dataset calls it: columns, then rows in their order. */
export interface PlannedTable {
  columns: { name: string; type: CanonType }[];
  rows: CanonRow[];
}

/** Kind of item behind each table that a dataset may name as its source. */
export const boardTables: { readonly [table: string]: TrelloEntity } = {
  cards: 'card',
  tasks: 'checkItem',
  artifacts: 'attachment',
  comments: 'comment',
  people: 'member',
  checklists: 'checklist',
  labels: 'label',
  values: 'customFieldItem',
};

interface Column {
  name: string;
  type: CanonType;
  of: (record: TrelloRecord, scene: Scene) => JsonValue;
}

interface Scene {
  listNames: ReadonlyMap<string, string>;
  labelNames: ReadonlyMap<string, string>;
  workflowTypes: ReadonlySet<string>;
}

const field = (name: string, from = name, type: CanonType = 'text'): Column => ({
  name,
  type,
  of: ({ fields }) => fields[from] ?? null,
});
const card: Column = { name: 'card', type: 'text', of: ({ provenance }) => ownCard(provenance.card) };

/** Where a row comes from: kept in every table. */
const provenance: Column[] = [
  { name: 'source_card', type: 'text', of: (record) => record.provenance.card },
  { name: 'source_list', type: 'text', of: (record) => record.provenance.list },
  { name: 'source_key', type: 'text', of: ({ entity, ownId }) => ownId.slice(toOwnId(entity, '').length) },
];
const words = (name: string, holds: (title: string) => boolean): Column => ({
  name,
  type: 'boolean',
  of: ({ fields }) => holds(text(fields['name'])),
});

const columnsOf: { readonly [table: string]: readonly Column[] } = {
  cards: [
    field('title', 'name'),
    field('description', 'desc'),
    { name: 'day', type: 'date', of: ({ date }) => date?.day ?? null },
    { name: 'day_from', type: 'text', of: ({ date }) => date?.from ?? null },
    { name: 'list', type: 'text', of: ({ provenance: { list } }, { listNames }) => listNames.get(list ?? '') ?? null },
    { name: 'workflow_type', type: 'text', of: typeOf },
    { name: 'assignees', type: 'text', of: ({ fields }) => joined(fields['idMembers']) },
  ],
  tasks: [
    card,
    field('title', 'name'),
    { name: 'done', type: 'boolean', of: ({ fields }) => fields['state'] === 'complete' },
    field('assignee', 'idMember'),
    words('waiting', isWaiting),
    words('wants_proof', asksForProof),
    words('follow_up', isFollowUp),
  ],
  artifacts: [card, field('title', 'name'), field('url')],
  comments: [card, field('text'), field('author', 'idMemberCreator'), field('at', 'date')],
  people: [field('pseudonym', 'id')],
  checklists: [card, field('title', 'name')],
  labels: [field('title', 'name'), field('color')],
  values: [card, field('field', 'idCustomField'), field('value')],
};

/** Returns what a plan creates as tables: an id of our own first, where it comes from last. */
export function toBoardTables(
  board: RedactedBoard,
  { records }: TrelloPlan,
  workflowTypes: ReadonlySet<string>,
): Map<string, PlannedTable> {
  const namesOf = (entity: TrelloEntity): Map<string, string> =>
    new Map(
      board.items
        .filter((item) => item.entity === entity)
        .map(({ fields }) => [text(fields['id']), text(fields['name'])]),
    );
  const scene: Scene = { listNames: namesOf('list'), labelNames: namesOf('label'), workflowTypes };
  return new Map(
    Object.entries(boardTables).map(([table, entity]) => {
      const columns = [...columnsOf[table]!, ...provenance];
      const rows = records
        .filter((record) => record.entity === entity)
        .map((record) => [record.ownId, ...columns.map(({ of }) => toCell(of(record, scene)))]);
      const shapes = columns.map(({ name, type }) => ({ name, type }));
      return [table, { columns: [{ name: 'id', type: 'text' }, ...shapes], rows }];
    }),
  );
}

function typeOf({ fields }: TrelloRecord, { labelNames, workflowTypes }: Scene): string | null {
  const ids = listed(fields['idLabels']);
  return ids.map((id) => labelNames.get(id) ?? '').find((name) => workflowTypes.has(name)) ?? null;
}

function ownCard(id: string | null): string | null {
  return id === null ? null : toOwnId('card', id);
}

function joined(value: JsonObject[string] | undefined): string | null {
  const ids = listed(value);
  return ids.length === 0 ? null : ids.join(' ');
}

function listed(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function toCell(value: JsonValue): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
