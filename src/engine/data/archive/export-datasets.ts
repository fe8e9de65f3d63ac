import type { ArchiveRelation, ArchiveWindow } from '../../../core/dataset/archive/manifest.ts';
import { orderEntities } from '../../../core/dataset/archive/order-entities.ts';
import type { Dataset, RowCondition, TableReference } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession, OpenDatastore, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { toInput } from './shape-entity.ts';
import type { EntityWish } from './shape-entity.ts';
import type { ArchiveInput } from './spool-entity.ts';
import type { ExportOrigin } from './export-own.ts';
import { countUndated, windowConditions } from './window-of-places.ts';
import type { AskedWindow } from './window-of-places.ts';
import { writeArchive } from './write-archive.ts';
import type { ArchivePlan, ArchiveWriting, WrittenArchive } from './write-archive.ts';

/** Which datasets, of which side of their way. */
export interface DatasetExport extends ExportOrigin {
  launch: string;
  generatedAt: string;
  datasets: readonly Dataset[];
  /** `target` takes the source of a dataset that has no target. */
  side: 'source' | 'target';
  open: OpenDatastore;
  /** Only records of the target that were written in it; left out, every record. */
  window?: AskedWindow | null;
}

interface Place extends TableReference {
  dataset: Dataset;
  where: readonly RowCondition[];
  /** Name of a column of the source on this side; null where it is not carried over. */
  nameOf: (column: string) => string | null;
}

/** Writes an archive of declared datasets: of each datastore one session, so that what lies together is of one state. Redaction is that of the dataset. */
export async function exportDatasets(
  wish: DatasetExport,
  file: string,
  writing: ArchiveWriting,
): Promise<WrittenArchive> {
  const asked = wish.window ?? null;
  const places = wish.datasets.map((dataset) => toPlace(dataset, wish.side));
  const sessions = new Map<string, DatastoreSession>();
  try {
    for (const { on } of places) if (!sessions.has(on)) sessions.set(on, await wish.open(on, 'read', writing.signal));
    const inputs: ArchiveInput[] = [];
    for (const place of places) inputs.push(await openPlace(sessions.get(place.on)!, place, { places, asked }));
    const ordered = orderEntities(inputs.map(({ entity }) => entity));
    const sorted = ordered.map(({ name }) => inputs.find(({ entity }) => entity.name === name)!);
    const window = asked === null ? null : await toWindow(asked, places, sessions);
    return await writeArchive({ ...toPlan(wish, { inputs: sorted, places, sessions }), window }, file, writing);
  } finally {
    await Promise.all([...sessions.values()].map((session) => session.close()));
  }
}

async function toWindow(
  asked: AskedWindow,
  places: readonly Place[],
  sessions: ReadonlyMap<string, DatastoreSession>,
): Promise<ArchiveWindow> {
  const entities: ArchiveWindow['entities'] = {};
  for (const place of places) entities[place.dataset.id] = await countUndated(sessions.get(place.on)!, place);
  const { since, until, because } = asked;
  return { since, until, because, entities };
}

function toPlace(dataset: Dataset, side: 'source' | 'target'): Place {
  const { source, target, map, targetWhere } = dataset;
  if (side === 'source' || target === null) return { ...source, dataset, where: [], nameOf: (column) => column };
  const nameOf = (column: string): string | null =>
    map.length === 0 ? column : (map.find(({ from }) => from === column)?.to ?? null);
  return { ...target, dataset, where: targetWhere, nameOf };
}

async function openPlace(
  session: DatastoreSession,
  place: Place,
  { places, asked }: { places: readonly Place[]; asked: AskedWindow | null },
): Promise<ArchiveInput> {
  const { dataset, table, where } = place;
  if (!session.abilities.ordered)
    throw new ProductError(
      'export_refused',
      `${dataset.id}: expected a datastore that reads in the order of a key, got one that cannot`,
      {
        hint: 'export the target of the dataset, or import it first',
      },
    );
  const shape = await session.describe(table);
  const wish: EntityWish = {
    name: dataset.id,
    table,
    columns: columnsOf(place, shape),
    key: keyOf(place, shape),
    where: asked === null ? where : [...where, ...windowConditions(dataset, shape, asked)],
    redacted: redactedOf(place, shape),
    // What a new record names may have been written long before the window.
    relations: asked === null ? relationsOf(place, places) : [],
    rules: [],
  };
  return toInput(session, shape, wish);
}

function columnsOf({ dataset, nameOf }: Place, { columns }: TableShape): string[] {
  const omitted = new Set(dataset.omit.map(({ column }) => nameOf(column) ?? column));
  return columns.map(({ name }) => name).filter((name) => !omitted.has(name));
}

function keyOf({ dataset, nameOf }: Place, { key }: TableShape): string[] {
  const declared = dataset.key.map(nameOf).filter((name) => name !== null);
  return declared.length === dataset.key.length && declared.length > 0 ? declared : key;
}

/** A column is redacted under the name that the document gives it and under the one that it has here. */
function redactedOf({ dataset, nameOf }: Place, { columns }: TableShape): string[] {
  const named = new Set(dataset.redact.flatMap((column) => [column, nameOf(column) ?? column]));
  return columns.map(({ name }) => name).filter((name) => named.has(name));
}

/** Rules about orphans between two of these datasets are relations of the archive. */
function relationsOf({ dataset, nameOf }: Place, places: readonly Place[]): ArchiveRelation[] {
  return dataset.rules.flatMap(({ kind, body }) => {
    const [column, to, key] = [body['column'], body['dataset'] ?? body['to'], body['key']];
    if (kind !== 'orphans' || typeof column !== 'string' || typeof to !== 'string') return [];
    const parent = places.find((place) => place.dataset.id === to);
    const target = typeof key === 'string' ? key : parent?.dataset.key[0];
    const [own, theirs] = [nameOf(column), target === undefined ? null : parent?.nameOf(target)];
    return own === null || theirs == null ? [] : [{ fields: [own], to, to_fields: [theirs] }];
  });
}

function toPlan(
  { launch, environment, appGitSha, generatedAt }: DatasetExport,
  {
    inputs,
    places,
    sessions,
  }: { inputs: ArchiveInput[]; places: readonly Place[]; sessions: ReadonlyMap<string, DatastoreSession> },
): Omit<ArchivePlan, 'window'> {
  const versions = Object.fromEntries(
    [...sessions].map(([id, session]) => {
      const { snapshot: _, ...told } = session.versions;
      return [id, told];
    }),
  );
  const isOne = sessions.size === 1 && [...sessions.values()].every(({ abilities }) => abilities.snapshot);
  return {
    source: { environment, launch, versions, snapshot: isOne ? 'one' : 'each', schema: null },
    appGitSha,
    generatedAt,
    inputs,
    redactions: inputs.flatMap(({ entity, redacted }) =>
      [...redacted].map((field) => ({ entity: entity.name, field, reason: 'the dataset says so' })),
    ),
    omittedFields: places.flatMap(({ dataset, nameOf }) =>
      dataset.omit.map(({ column, reason }) => ({ entity: dataset.id, field: nameOf(column) ?? column, reason })),
    ),
    omittedEntities: [],
  };
}
