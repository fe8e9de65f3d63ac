import { escapeIdentifier } from 'pg';

/** Returns `table` or `schema.table` as it stands in a statement; a name that holds a dot is written in double quotes. */
export function quoteTable(table: string): string {
  const parts = table.match(/"(?:[^"]|"")+"|[^.]+/g) ?? [];
  return parts
    .map((part) => escapeIdentifier(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
    .join('.');
}
