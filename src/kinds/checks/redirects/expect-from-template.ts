import type { ObserveContext } from '../../../core/check/check.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { Dataset, TableReference } from '../../../core/dataset/dataset.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { fillTemplate, templateColumns } from '../../../core/dataset/redirects/fill-template.ts';
import { toAbsolute } from '../../../core/dataset/redirects/redirect.ts';
import type { IdentityMarker, RedirectExpectation, RedirectSource } from '../../../core/dataset/redirects/redirect.ts';
import type { RedirectsSpec } from './schema.ts';

type Template = RedirectsSpec['templates'][number];

/** Returns what a template wants of a seeded sample of records. Records without one of the values are not counted as looked at. */
export async function expectFromTemplate(
  template: Template,
  spec: RedirectsSpec,
  context: ObserveContext,
): Promise<{ expectations: RedirectExpectation[]; source: RedirectSource }> {
  const dataset = findDataset(template, context);
  const table = template.side === 'source' ? dataset.source : dataset.target;
  if (table === null)
    throw new DatastoreTrouble(
      'configuration',
      `dataset ${dataset.id}: expected a target, got none; write side: source`,
    );
  const names = columnsOf(template);
  refuseRedacted(dataset, names);
  const { rows, population } = await readRows(table, { names, dataset, template, spec, context });
  const expectations = rows
    .map((row) => toExpectation(template, spec, new Map(names.map((name, at) => [name, row[at] ?? null]))))
    .filter((one) => one !== null);
  const name = `${template.from} of ${dataset.id}`;
  return { expectations, source: { origin: 'template', name, population, taken: expectations.length } };
}

function findDataset({ dataset: id }: Template, { data }: ObserveContext): Dataset {
  const found = data?.datasets.find((one) => one.id === id);
  if (found) return found;
  throw new DatastoreTrouble(
    'configuration',
    `templates: expected a dataset of the launch, got ${id}; declare it with a yaml dataset fence`,
  );
}

function columnsOf({ from, to, identity }: Template): string[] {
  const texts = [from, to, identity?.title, identity?.text, identity?.equals];
  return [...new Set(texts.flatMap((text) => (text === undefined ? [] : templateColumns(text))))];
}

/** Reports keep URLs and markers as they are, so that what may not be shown must not be in them. */
function refuseRedacted({ id, redact }: Dataset, names: readonly string[]): void {
  const hidden = names.find((name) => redact.includes(name));
  if (hidden !== undefined)
    throw new DatastoreTrouble(
      'configuration',
      `dataset ${id}: expected columns that may be shown, got ${hidden}, which is redacted`,
    );
}

interface RowScene {
  names: readonly string[];
  dataset: Dataset;
  template: Template;
  spec: RedirectsSpec;
  context: ObserveContext;
}

async function readRows(
  { on, table }: TableReference,
  { names, dataset, template, spec, context }: RowScene,
): Promise<{ rows: CanonRow[]; population: number }> {
  const session = await context.data!.open(on, 'read', context.signal);
  try {
    const shape = await session.describe(table);
    const columns = [...new Set([...names, ...shape.key])].map((name): CanonColumn => {
      const column = shape.columns.find((one) => one.name === name);
      if (column === undefined)
        throw new DatastoreTrouble(
          'configuration',
          `table ${table}: expected the column ${name}, got none of that name`,
        );
      return { name, type: column.type, scale: column.scale };
    });
    const where = template.side === 'target' ? dataset.targetWhere : [];
    const query = { table, columns, key: shape.key, where, order: 'any' as const, after: null };
    const size = template.sample ?? spec.sample;
    return { rows: await session.sample(query, size, spec.seed), population: await session.count(query) };
  } finally {
    await session.close();
  }
}

function toExpectation(
  { from: old, to: goal, status, identity }: Template,
  { base, target, keepQuery, seed }: RedirectsSpec,
  row: ReadonlyMap<string, string | null>,
): RedirectExpectation | null {
  const marker = identity === undefined ? null : toMarker(identity, row);
  const fill = (text: string, on: string): string | null => {
    const path = fillTemplate(text, row, 'url');
    const url = path === null ? null : toAbsolute(path, on);
    return url !== null && keepQuery && goal !== undefined ? withQuery(url, seed) : url;
  };
  const from = fill(old, base);
  if (from === null || (identity !== undefined && marker === null)) return null;
  if (goal === undefined) return { from, origin: 'template', wants: 'page', status: null, to: null, identity: marker };
  const to = fill(goal, target ?? base);
  return to === null ? null : { from, origin: 'template', wants: 'redirect', status, to, identity: marker };
}

function withQuery(url: string, seed: number): string {
  return `${url}${url.includes('?') ? '&' : '?'}tminus-kept=${seed}`;
}

function toMarker(
  { title, text, json, header, equals }: NonNullable<Template['identity']>,
  row: ReadonlyMap<string, string | null>,
): IdentityMarker | null {
  const wanted = fillTemplate((title ?? text ?? equals)!, row, 'text');
  if (wanted === null) return null;
  if (title !== undefined) return { by: 'title', at: '', equals: wanted };
  if (text !== undefined) return { by: 'text', at: '', equals: wanted };
  return json === undefined ? { by: 'header', at: header!, equals: wanted } : { by: 'json', at: json, equals: wanted };
}
