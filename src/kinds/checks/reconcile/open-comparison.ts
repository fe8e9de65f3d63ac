import { agreeColumns, columnsOf } from '../../../core/dataset/canon/agree-columns.ts';
import { note } from '../../../core/dataset/canon/column-note.ts';
import type { AgreedColumn, ColumnAgreement } from '../../../core/dataset/canon/agree-columns.ts';
import { applySteps } from '../../../core/dataset/canon/apply-steps.ts';
import { meetsConditions } from '../../../core/dataset/canon/meets-conditions.ts';
import type { CanonColumn } from '../../../core/dataset/canon.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { OpenDatastore, RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import type { Comparison, MapRow } from './comparison.ts';

/** Opens both sides of a dataset for reading and agrees on how they are read. Whoever calls closes them. */
export async function openComparison(
  dataset: Dataset,
  open: OpenDatastore,
  { seed, signal }: { seed: number; signal: AbortSignal },
): Promise<Comparison> {
  const { target: to } = dataset;
  if (to === null)
    throw new DatastoreTrouble(
      'no_target',
      `${dataset.id}: expected a target to compare with, got a dataset without one`,
    );
  const source = await open(dataset.source.on, 'read', signal);
  try {
    const target = await open(to.on, 'read', signal);
    try {
      const shapes = [await source.describe(dataset.source.table), await target.describe(to.table)] as const;
      return prepare(dataset, {
        source: { session: source, shape: shapes[0] },
        target: { session: target, shape: shapes[1] },
        seed,
        signal,
      });
    } catch (error) {
      await target.close();
      throw error;
    }
  } catch (error) {
    await source.close();
    throw error;
  }
}

type Opened = Pick<Comparison, 'seed' | 'signal'> & {
  [side in 'source' | 'target']: Pick<Comparison['source'], 'session' | 'shape'>;
};

function prepare(dataset: Dataset, opened: Opened): Comparison {
  const { source, target, seed, signal } = opened;
  const agreement = keyFirst(agreeColumns(source.shape, target.shape, dataset));
  const keyLength = agreement.key.length;
  const columns = columnsOf(agreement, 'target');
  const read = sourceColumns(agreement, dataset, source.shape);
  const key = agreement.columns.slice(0, keyLength);
  const skipped = new Map<string, number>(dataset.skip.map(({ reason }) => [reason, 0]));
  return {
    dataset,
    agreement: withTableNotes(withKeyNotes(agreement), [source.shape, target.shape]),
    source: {
      ...source,
      query: toQuery(
        dataset.source.table,
        read,
        key.map((one) => one.source?.name ?? ''),
      ),
    },
    target: {
      ...target,
      query: {
        ...toQuery(
          dataset.target?.table ?? '',
          columns,
          key.map((one) => one.target.name),
        ),
        where: dataset.targetWhere,
      },
    },
    columns,
    keyLength,
    mapRow: needsMap(agreement, dataset) ? createMap({ agreement, dataset, read, skipped }) : null,
    skipped,
    tolerated: new Map(),
    seed,
    signal,
  };
}

function toQuery(table: string, columns: readonly CanonColumn[], key: string[]): RowQuery {
  return { table, columns, key, where: [], order: 'key', after: null };
}

/** The same agreement with the columns of the key in front: lines are told apart by how they begin. */
function keyFirst(agreement: ColumnAgreement): ColumnAgreement {
  const key = agreement.key.flatMap((at) => agreement.columns[at] ?? []);
  const rest = agreement.columns.filter((column) => !key.includes(column));
  return { ...agreement, columns: [...key, ...rest], key: key.map((_, at) => at) };
}

/** A key that is changed on the way would come in another order than the rows of the target. */
function withKeyNotes(agreement: ColumnAgreement): ColumnAgreement {
  const changed = agreement.columns.slice(0, agreement.key.length).filter(({ steps }) => steps.length > 0);
  const notes = changed.map(({ target }) => ({
    column: target.name,
    code: 'key' as const,
    message: 'the key is changed on the way, so that rows of both sides cannot be told apart by it; name another key',
    blocks: true,
  }));
  return { ...agreement, notes: [...agreement.notes, ...notes] };
}

/** That a table is a view, that row security may hide rows of it: a verdict is worth no more than what was shown. */
function withTableNotes(agreement: ColumnAgreement, shapes: readonly TableShape[]): ColumnAgreement {
  const notes = shapes.flatMap(({ table, notes: said }) => said.map((message) => note(table, 'table', message)));
  return { ...agreement, notes: [...agreement.notes, ...notes] };
}

/** What is read of the source: every column that is carried over, once for each use, then those that only skip rules ask for. */
function sourceColumns(agreement: ColumnAgreement, { skip }: Dataset, shape: TableShape): CanonColumn[] {
  const carried = columnsOf(agreement, 'source');
  const names = new Set(carried.map(({ name }) => name));
  const asked = new Set(
    skip.flatMap(({ when }) => when.map(({ column }) => column)).filter((column) => !names.has(column)),
  );
  return [
    ...carried,
    ...shape.columns.filter(({ name }) => asked.has(name)).map(({ name, type, scale }) => ({ name, type, scale })),
  ];
}

function needsMap(agreement: ColumnAgreement, { skip }: Dataset): boolean {
  return skip.length > 0 || agreement.columns.some(({ steps, source }) => steps.length > 0 || source === null);
}

interface MapParts {
  agreement: ColumnAgreement;
  dataset: Dataset;
  read: readonly CanonColumn[];
  skipped: Map<string, number>;
}

function createMap({ agreement, dataset, read, skipped }: MapParts): MapRow {
  const rules = dataset.skip.map(({ reason, when }) => ({ reason, holds: meetsConditions(when, read) }));
  const takes = toTakes(agreement.columns);
  return (row) => {
    const rule = rules.find(({ holds }) => holds(row));
    if (rule !== undefined) {
      skipped.set(rule.reason, (skipped.get(rule.reason) ?? 0) + 1);
      return null;
    }
    return takes.map((take) => take(row));
  };
}

/** For each column of the target where its value comes from; positions follow the columns that are read, which leave out constants. */
function toTakes(columns: readonly AgreedColumn[]): ((row: readonly (string | null)[]) => string | null)[] {
  let at = -1;
  return columns.map(({ source, value, steps, target }) => {
    if (source === null) return () => value;
    at += 1;
    const place = at;
    if (steps.length === 0) return (row) => row[place] ?? null;
    return (row) => applySteps(row[place] ?? null, { steps, to: target });
  });
}
