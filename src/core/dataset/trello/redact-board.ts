import type { JsonObject, JsonValue } from '@tminus/verify';

import { allowedFields, personFields, textFields } from './allowed-fields.ts';
import { cleanUrl } from './clean-url.ts';
import { listTrelloItems, text } from './trello-items.ts';
import type { TrelloEntity, TrelloItem, TrelloItems } from './trello-items.ts';

/** A stretch of a text that is a secret, by the rule that found it. */
export interface FoundSecret {
  start: number;
  end: number;
  rule: string;
}

/** What a pure function cannot do by itself. */
export interface RedactionTools {
  /** A name for a person: the same for the same id under one key, and not to be reckoned back. */
  pseudonym: (id: string) => string;
  findSecrets: (text: string) => readonly FoundSecret[];
}

export interface RedactionCounts {
  in: number;
  kept: number;
  dropped: number;
  redacted: number;
}

/** What may leave the export, and the account of what does not. */
export interface RedactedBoard {
  items: TrelloItem[];
  /** By kind of item; actions that are no comments count as dropped. */
  entities: { [entity: string]: RedactionCounts };
  /** How often each rule took something: `field:card.email`, `secret:...`, `url:signed`, `person`. */
  rules: { [rule: string]: number };
  /** Who is behind a pseudonym: sealed apart from everything else, or thrown away. */
  people: { pseudonym: string; id: string; fullName: string; username: string }[];
  actionsMayBeCut: boolean;
}

/** Returns a board without what nobody allowed: fields by list, people by pseudonym, links by class, secrets by marker. Null where the JSON is no board. */
export function redactBoard(board: JsonValue, tools: RedactionTools): RedactedBoard | null {
  const found = listTrelloItems(board);
  if (found === null) return null;
  const rules = new Map<string, number>();
  const count = (rule: string): void => void rules.set(rule, (rules.get(rule) ?? 0) + 1);
  const people = listPeople(found, tools);
  const scene: Scene = { tools, count, people: people.flatMap(toNeedles), ownId: (link) => ownIdOf(found, link) };
  const entities: { [entity: string]: RedactionCounts } = {};
  const items = found.items.map((item) => {
    const counts = (entities[item.entity] ??= { in: 0, kept: 0, dropped: 0, redacted: 0 });
    let touched = false;
    const fields = redactItem(item, {
      ...scene,
      count: (rule) => {
        touched ||= !rule.startsWith('field:');
        count(rule);
      },
    });
    counts.in += 1;
    counts.kept += 1;
    counts.redacted += touched ? 1 : 0;
    return { entity: item.entity, fields };
  });
  const others = Object.values(found.otherActions).reduce((sum, each) => sum + each, 0);
  entities['action'] = { in: others, kept: 0, dropped: others, redacted: 0 };
  return {
    items,
    entities,
    rules: Object.fromEntries([...rules].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    people,
    actionsMayBeCut: found.actionsMayBeCut,
  };
}

interface Scene {
  tools: RedactionTools;
  count: (rule: string) => void;
  /** Words that stand for a person, longest first, each with the pseudonym. */
  people: { word: RegExp; pseudonym: string }[];
  ownId: (shortLink: string) => string | null;
}

function listPeople({ items }: TrelloItems, { pseudonym }: RedactionTools): RedactedBoard['people'] {
  return items
    .filter(({ entity }) => entity === 'member')
    .map(({ fields }) => ({
      pseudonym: pseudonym(text(fields['id'])),
      id: text(fields['id']),
      fullName: text(fields['fullName']),
      username: text(fields['username']),
    }));
}

/** Whole names in any case; first and last names as they begin, with a capital: half of a comment calls people by them. */
function toNeedles({ pseudonym, fullName, username }: RedactedBoard['people'][number]): Scene['people'] {
  const whole = [fullName, username]
    .filter((word) => word.length >= 3)
    .map((word) => ({ word: toWord(word, 'giu'), pseudonym }));
  const parts = fullName.split(/\s+/).filter((word) => /^\p{Lu}.{2}/u.test(word) && word !== fullName);
  return [...whole, ...parts.map((word) => ({ word: toWord(word, 'gu'), pseudonym }))];
}

function toWord(word: string, flags: string): RegExp {
  const escaped = word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\p{L}\\p{N}_])@?${escaped}(?![\\p{L}\\p{N}_])`, flags);
}

function ownIdOf({ cardOfShortLink }: TrelloItems, shortLink: string): string | null {
  const id = cardOfShortLink.get(shortLink);
  return id === undefined ? null : toOwnId('card', id);
}

/** Returns the id under which an item is imported: the same at each run. */
export function toOwnId(entity: TrelloEntity, id: string): string {
  return `trello-${entity.toLowerCase()}-${id}`;
}

function redactItem({ entity, fields }: TrelloItem, scene: Scene): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!(allowedFields[entity] ?? []).includes(name)) {
      if (!structural.has(name)) scene.count(`field:${entity}.${name}`);
    } else kept[name] = redactValue(name, value, scene);
  }
  if (entity === 'member') kept['id'] = scene.tools.pseudonym(text(fields['id']));
  return kept;
}

/** Lists whose entries are items of their own. */
const structural = new Set([
  'lists',
  'cards',
  'checklists',
  'labels',
  'members',
  'actions',
  'customFields',
  'checkItems',
  'attachments',
  'customFieldItems',
]);

function redactValue(name: string, value: JsonValue, scene: Scene): JsonValue {
  if (personFields.has(name)) return redactPeople(value, scene);
  if (name === 'url') return redactUrl(text(value), scene);
  if (Array.isArray(value)) return value.filter((each) => typeof each === 'string');
  if (typeof value === 'object') return null;
  return typeof value === 'string' && textFields.has(name) ? redactText(value, scene) : value;
}

function redactPeople(value: JsonValue, { tools, count }: Scene): JsonValue {
  const one = (id: JsonValue): JsonValue => {
    if (typeof id !== 'string' || id === '') return null;
    count('person');
    return tools.pseudonym(id);
  };
  return Array.isArray(value) ? value.map(one) : one(value);
}

function redactUrl(url: string, { count, ownId }: Scene): string | null {
  const clean = cleanUrl(url, ownId);
  if (clean.rule !== 'kept') count(`url:${clean.rule}`);
  return clean.kept;
}

const link = /[a-z][a-z0-9+.-]{1,15}:\/\/[^\s<>"')\]]+/gi;
const address = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;

/** Secrets first, while they stand as they were written; then links, then addresses and names in what is left. */
function redactText(value: string, scene: Scene): string {
  const spans = scene.tools.findSecrets(value).toSorted((a, b) => b.start - a.start);
  let clean = value;
  for (const { start, end, rule } of spans) {
    scene.count(`secret:${rule}`);
    clean = `${clean.slice(0, start)}[secret-${rule}]${clean.slice(end)}`;
  }
  clean = clean.replaceAll(link, (url) => redactUrl(url, scene) ?? '[link]');
  clean = clean.replaceAll(address, () => {
    scene.count('email');
    return '[email]';
  });
  for (const { word, pseudonym } of scene.people)
    clean = clean.replaceAll(word, () => {
      scene.count('person');
      return pseudonym;
    });
  return clean;
}
