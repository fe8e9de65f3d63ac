import type { JsonObject } from '@tminus/verify';

import { dateOfCard } from './date-of-card.ts';
import type { CardDate } from './date-of-card.ts';
import { toOwnId } from './redact-board.ts';
import type { RedactedBoard } from './redact-board.ts';
import { text } from './trello-items.ts';
import type { TrelloEntity, TrelloItem } from './trello-items.ts';
import { reportTrelloImport } from './trello-report.ts';
import type { TrelloReport } from './trello-report.ts';

export type TrelloSkip =
  | 'template-card'
  | 'closed-card'
  | 'inactive-list'
  | 'closed-list'
  | 'missing-list'
  | 'skipped-card'
  | 'already-imported'
  | 'not-carried-over';

/** How one item of the export ended. Every item has exactly one. */
export type TrelloOutcome = { entity: TrelloEntity; sourceId: string; ownId: string } & (
  | { outcome: 'created'; reason: null }
  | { outcome: 'skipped'; reason: TrelloSkip }
  | { outcome: 'lost'; reason: 'duplicate-id' | 'missing-id' | 'missing-card' }
);

/** One thing to create, with where it comes from. */
export interface TrelloRecord {
  ownId: string;
  entity: TrelloEntity;
  fields: JsonObject;
  date: CardDate | null;
  /** Source ids of the card and list it hangs on. */
  provenance: { card: string | null; list: string | null };
}

export interface TrelloRules {
  /** Names of lists that are worked on; cards of others stay behind. */
  activeLists: readonly string[];
  /** Ids that are there from runs before. */
  existing: ReadonlySet<string>;
  /** Pseudonyms that somebody has matched with a person here. */
  knownAssignees: ReadonlySet<string>;
  /** Names of labels that stand for a type of workflow here. */
  workflowTypes: ReadonlySet<string>;
  /** Kinds of items that have a place to go to; others are skipped as `not-carried-over`. */
  carried: ReadonlySet<TrelloEntity>;
}

export interface TrelloPlan {
  records: TrelloRecord[];
  outcomes: TrelloOutcome[];
  report: TrelloReport;
}

/** What can be taken over; everything else of a board only describes it. */
export const carriedEntities: ReadonlySet<TrelloEntity> = new Set<TrelloEntity>([
  'card',
  'checklist',
  'checkItem',
  'comment',
  'attachment',
  'customFieldItem',
  'label',
  'member',
]);
const onCards = new Set<TrelloEntity>(['checklist', 'checkItem', 'comment', 'attachment', 'customFieldItem']);

/** Returns what an import of a redacted board creates, and how every item of it ends. Pure, and the same at each run: what is there already is not created again. */
export function planTrelloImport(board: RedactedBoard, rules: TrelloRules): TrelloPlan {
  const lists = new Map(
    board.items.filter(({ entity }) => entity === 'list').map(({ fields }) => [text(fields['id']), fields]),
  );
  const cards = new Map<string, { skip: TrelloSkip | null; list: string }>();
  for (const { entity, fields } of board.items)
    if (entity === 'card' && !cards.has(text(fields['id'])))
      cards.set(text(fields['id']), { skip: skipOfCard(fields, lists, rules), list: text(fields['idList']) });
  const seen = new Set<string>();
  const outcomes = board.items.map((item) => judgeItem(item, { cards, rules, seen }));
  const records = board.items.flatMap((item, index) => {
    const { outcome, ownId } = outcomes[index]!;
    return outcome === 'created' ? [toRecord(item, ownId, cards)] : [];
  });
  return { records, outcomes, report: reportTrelloImport(board, { records, outcomes, rules }) };
}

function skipOfCard(
  card: JsonObject,
  lists: ReadonlyMap<string, JsonObject>,
  { activeLists }: TrelloRules,
): TrelloSkip | null {
  if (card['isTemplate'] === true) return 'template-card';
  if (card['closed'] === true) return 'closed-card';
  const list = lists.get(text(card['idList']));
  if (list === undefined) return 'missing-list';
  if (list['closed'] === true) return 'closed-list';
  return activeLists.includes(text(list['name'])) ? null : 'inactive-list';
}

interface Scene {
  cards: ReadonlyMap<string, { skip: TrelloSkip | null; list: string }>;
  rules: TrelloRules;
  seen: Set<string>;
}

function judgeItem({ entity, fields }: TrelloItem, { cards, rules, seen }: Scene): TrelloOutcome {
  const sourceId = text(fields['id']);
  const ownId = toOwnId(entity, sourceId);
  const named = { entity, sourceId, ownId };
  if (sourceId === '') return { ...named, outcome: 'lost', reason: 'missing-id' };
  if (seen.has(ownId)) return { ...named, outcome: 'lost', reason: 'duplicate-id' };
  seen.add(ownId);
  if (!rules.carried.has(entity)) return { ...named, outcome: 'skipped', reason: 'not-carried-over' };
  const card = cards.get(text(fields['idCard']));
  if (onCards.has(entity) && card === undefined) return { ...named, outcome: 'lost', reason: 'missing-card' };
  const own = entity === 'card' ? (cards.get(sourceId)?.skip ?? null) : null;
  if (own !== null) return { ...named, outcome: 'skipped', reason: own };
  if (card !== undefined && onCards.has(entity) && card.skip !== null)
    return { ...named, outcome: 'skipped', reason: 'skipped-card' };
  if (rules.existing.has(ownId)) return { ...named, outcome: 'skipped', reason: 'already-imported' };
  return { ...named, outcome: 'created', reason: null };
}

function toRecord({ entity, fields }: TrelloItem, ownId: string, cards: Scene['cards']): TrelloRecord {
  const card = entity === 'card' ? text(fields['id']) : text(fields['idCard']);
  const list = cards.get(card)?.list ?? null;
  const date = entity === 'card' ? dateOfCard(fields) : null;
  return { ownId, entity, fields, date, provenance: { card: card === '' ? null : card, list } };
}
