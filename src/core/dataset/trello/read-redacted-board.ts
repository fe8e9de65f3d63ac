import type { JsonObject, JsonValue } from '@tminus/verify';

import { allowedFields } from './allowed-fields.ts';
import type { RedactedBoard } from './redact-board.ts';
import type { RedactionManifest } from './redaction-manifest.ts';
import type { TrelloEntity, TrelloItem } from './trello-items.ts';

/** Returns the board behind a redacted file and its manifest, or null where a line is none that a redaction writes. */
export function readRedactedBoard(lines: string, { entities, rules, notes }: RedactionManifest): RedactedBoard | null {
  const items = lines
    .split('\n')
    .filter((line) => line !== '')
    .map(readItem);
  if (items.includes(null)) return null;
  return {
    items: items.filter((item) => item !== null),
    entities,
    rules,
    people: [],
    actionsMayBeCut: notes.length > 0,
  };
}

function readItem(line: string): TrelloItem | null {
  let read: JsonValue;
  try {
    read = JSON.parse(line) as JsonValue;
  } catch {
    return null;
  }
  if (!isObject(read) || !isObject(read['fields'])) return null;
  const { entity, fields } = read;
  const allowed = typeof entity === 'string' && Object.hasOwn(allowedFields, entity) ? allowedFields[entity] : null;
  if (!allowed || Object.keys(fields).some((name) => !allowed.includes(name))) return null;
  return { entity: entity as TrelloEntity, fields };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
