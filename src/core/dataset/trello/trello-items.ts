import type { JsonObject, JsonValue } from '@tminus/verify';

/** What an export is made of, flat: one kind of thing a list. */
export type TrelloEntity =
  | 'board'
  | 'list'
  | 'card'
  | 'checklist'
  | 'checkItem'
  | 'label'
  | 'member'
  | 'comment'
  | 'attachment'
  | 'customField'
  | 'customFieldItem';

export interface TrelloItem {
  entity: TrelloEntity;
  fields: JsonObject;
}

/** An export as items, and how many entries were of a kind that is never taken over. */
export interface TrelloItems {
  items: TrelloItem[];
  /** Actions that are no comments, by their type. */
  otherActions: { [type: string]: number };
  /** Short link of each card, for links between cards. */
  cardOfShortLink: ReadonlyMap<string, string>;
  /** An export holds about the newest thousand actions: at that many, older comments may be missing from it. */
  actionsMayBeCut: boolean;
}

/** Returns the items behind the JSON of a board, or null where it is none. What lies within another item carries the id of its card. */
export function listTrelloItems(board: JsonValue): TrelloItems | null {
  if (!isObject(board) || !Array.isArray(board['cards']) || !Array.isArray(board['lists'])) return null;
  const cards = objects(board['cards']);
  const actions = objects(board['actions']);
  const comments = actions.filter((action) => isComment(action));
  const items: TrelloItem[] = [
    { entity: 'board', fields: board },
    ...toItems('list', objects(board['lists'])),
    ...toItems('label', objects(board['labels'])),
    ...toItems('member', objects(board['members'])),
    ...toItems('customField', objects(board['customFields'])),
    ...cards.flatMap(listCard),
    ...objects(board['checklists']).flatMap(listChecklist),
    ...toItems('comment', comments.map(toComment)),
  ];
  const otherActions: { [type: string]: number } = {};
  for (const { type } of actions.filter((action) => !isComment(action)))
    otherActions[text(type)] = (otherActions[text(type)] ?? 0) + 1;
  const cardOfShortLink = new Map(cards.map(({ shortLink, id }) => [text(shortLink), text(id)]));
  return { items, otherActions, cardOfShortLink, actionsMayBeCut: actions.length >= 1000 };
}

function listCard(card: JsonObject): TrelloItem[] {
  const inside = (key: string): JsonObject[] =>
    objects(card[key]).map((each) => ({ ...each, idCard: card['id'] ?? null }));
  const values = inside('customFieldItems').map((each) => ({ ...each, value: valueOf(each) }));
  return [
    { entity: 'card', fields: card },
    ...toItems('attachment', inside('attachments')),
    ...toItems('customFieldItem', values),
  ];
}

/** `{ text }`, `{ number }`, `{ date }` and `{ checked }` are one value; a choice names its option. */
function valueOf({ value, idValue }: JsonObject): JsonValue {
  if (isObject(value)) return Object.values(value)[0] ?? null;
  return idValue ?? null;
}

function listChecklist(checklist: JsonObject): TrelloItem[] {
  const { idCard = null, id = null } = checklist;
  const inside = objects(checklist['checkItems']).map((each) => ({ ...each, idCard, idChecklist: id }));
  return [{ entity: 'checklist', fields: checklist }, ...toItems('checkItem', inside)];
}

function isComment({ type }: JsonObject): boolean {
  return type === 'commentCard' || type === 'copyCommentCard';
}

function toComment(action: JsonObject): JsonObject {
  const data = isObject(action['data']) ? action['data'] : {};
  const card = isObject(data['card']) ? data['card'] : {};
  return { ...action, text: data['text'] ?? null, idCard: card['id'] ?? null };
}

function toItems(entity: TrelloEntity, list: readonly JsonObject[]): TrelloItem[] {
  return list.map((fields) => ({ entity, fields }));
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a JSON text as it is, and nothing for anything else. */
export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
