import { parseCanonLine, toCanonLine } from '../canon-line.ts';
import type { AgreedColumn } from '../canon/agree-columns.ts';
import type { CanonColumn } from '../canon.ts';
import type { Dataset } from '../dataset.ts';
import type { TableShape } from '../datastore-kind.ts';

/** How lines are carried whose row in the target is the line of the source: nothing is mapped, skipped or left out. */
export interface PlainForm {
  /** Places of the key in a line, in the order of the dataset. */
  keyPlaces: readonly number[];
  /** The key is what a line begins with. */
  keyLeads: boolean;
  /** A column of the target wants a value, and the source may have none. */
  refusesNull: boolean;
}

/** Returns how lines of a dataset are carried as they are; null where a line has to be read to know what becomes of it. */
export function toPlainForm({
  dataset,
  written,
  sourceColumns,
  source,
  required,
}: {
  dataset: Pick<Dataset, 'key' | 'skip'>;
  written: readonly AgreedColumn[];
  sourceColumns: readonly CanonColumn[];
  source: Pick<TableShape, 'columns'>;
  required: ReadonlySet<string>;
}): PlainForm | null {
  const isCarried =
    written.length === sourceColumns.length &&
    written.every(
      (column, at) =>
        column.source?.name === sourceColumns[at]?.name &&
        column.source?.type === column.target.type &&
        column.steps.length === 0,
    );
  const keyPlaces = dataset.key.map((name) => sourceColumns.findIndex((column) => column.name === name));
  if (!isCarried || dataset.skip.length > 0 || keyPlaces.length === 0 || keyPlaces.includes(-1)) return null;
  const mayMiss = new Set(source.columns.filter(({ nullable }) => nullable).map(({ name }) => name));
  return {
    keyPlaces,
    keyLeads: keyPlaces.every((place, at) => place === at),
    refusesNull: written.some(
      ({ source: from, target }) =>
        (required.has(target.name) || dataset.key.includes(from?.name ?? '')) && mayMiss.has(from?.name ?? ''),
    ),
  };
}

/**
 * Returns the key of each line of a text, as one line without its end; null where one of the lines has to be read: it may lack a value that the target wants, or has the
 * key of the line before it.
 */
export function listPlainKeys(text: string, form: PlainForm, previousKey: string | null): string[] | null {
  if (form.refusesNull && text.includes(String.raw`\N`)) return null;
  const keys: string[] = [];
  let previous = previousKey;
  for (let from = 0, end = text.indexOf('\n'); end !== -1; from = end + 1, end = text.indexOf('\n', from)) {
    const key = form.keyLeads
      ? readLead(text, from, { end, fields: form.keyPlaces.length })
      : readKey(text.slice(from, end), form);
    if (key === previous) return null;
    keys.push(key);
    previous = key;
  }
  return keys;
}

function readLead(text: string, from: number, { end, fields }: { end: number; fields: number }): string {
  let to = from - 1;
  for (let field = 0; field < fields; field += 1) to = text.indexOf('\t', to + 1);
  return text.slice(from, to === -1 || to > end ? end : to);
}

function readKey(line: string, { keyPlaces }: PlainForm): string {
  const row = parseCanonLine(line);
  return toCanonLine(keyPlaces.map((place) => row[place] ?? null)).slice(0, -1);
}
