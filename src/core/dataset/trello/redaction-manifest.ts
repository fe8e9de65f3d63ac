import type { JsonObject } from '@tminus/verify';

import type { RedactedBoard } from './redact-board.ts';
import type { TrelloItem } from './trello-items.ts';

/** What somebody who approves a redacted board puts a name under; an import refuses any file with another digest. */
export interface RedactionManifest {
  version: 'trello-redaction/1';
  /** Lower-case SHA-256 of the export, and of the redacted file. */
  sourceSha256: string;
  redactedSha256: string;
  entities: RedactedBoard['entities'];
  rules: RedactedBoard['rules'];
  /** Items for a person to look through: those with the most words. */
  sample: JsonObject[];
  notes: string[];
}

/** Returns the redacted file: one item a line, in an order of its own, so that equal boards give equal bytes. */
export function writeRedactedBoard({ items }: RedactedBoard): string {
  return items
    .map(({ entity, fields }) => JSON.stringify({ entity, fields: sorted(fields) }))
    .toSorted()
    .map((line) => `${line}\n`)
    .join('');
}

/** Returns the account of a redaction. */
export function toRedactionManifest(
  redacted: RedactedBoard,
  digests: Pick<RedactionManifest, 'sourceSha256' | 'redactedSha256'>,
): RedactionManifest {
  return {
    version: 'trello-redaction/1',
    ...digests,
    entities: redacted.entities,
    rules: redacted.rules,
    sample: redacted.items
      .toSorted((a, b) => wordsOf(b) - wordsOf(a))
      .slice(0, 20)
      .map(({ entity, fields }) => ({ entity, fields })),
    notes: redacted.actionsMayBeCut
      ? ['the export holds only the newest actions of the board: older comments may be missing from it']
      : [],
  };
}

function wordsOf({ fields }: TrelloItem): number {
  return Object.values(fields).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

function sorted(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
