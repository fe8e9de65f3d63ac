import type { CanonColumn, CanonType } from '../../../core/dataset/canon.ts';

const one = String.raw`\s*(?:"[^"]+"|[^\s,"]+)\s+(?:integer|decimal|float|boolean|text|timestamptz|timestamp|date|time|uuid|bytes|json)(?:\(\d{1,2}\))?\s*`;

/** What `types` of a file may say. */
export const typesPattern = new RegExp(`^${one}(?:,${one})*$`);

/** Returns the declared columns by name: `id integer, total decimal(2), "sold at" timestamptz(6)`. Empty for an empty text. */
export function parseTypes(text: string): Map<string, CanonColumn> {
  const types = new Map<string, CanonColumn>();
  for (const match of text.matchAll(/(?:"([^"]+)"|([^\s,"]+))\s+([a-z]+)(?:\((\d+)\))?/g)) {
    const name = match[1] ?? match[2] ?? '';
    types.set(name, { name, type: match[3] as CanonType, scale: match[4] === undefined ? null : Number(match[4]) });
  }
  return types;
}
