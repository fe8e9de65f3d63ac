import type { CanonColumn } from '../canon.ts';
import type { ColumnMap, ColumnStep, Dataset } from '../dataset.ts';
import type { ColumnShape, TableShape } from '../datastore-kind.ts';
import { agreeType } from './agree-type.ts';
import { block, note } from './column-note.ts';
import type { ColumnNote } from './column-note.ts';

/** One column of the target, and how both sides are read so that equal values have equal text. */
export interface AgreedColumn {
  /** Column of the source as it is read; null where `value` says it. With steps it has its own type, and `applySteps` makes the text of the target. */
  source: CanonColumn | null;
  value: string | null;
  steps: readonly ColumnStep[];
  target: CanonColumn;
}

export interface ColumnAgreement {
  columns: AgreedColumn[];
  /** Positions in `columns` of the key of the dataset, in its order; empty for a table without one, or where a column of it is not carried over. */
  key: number[];
  notes: ColumnNote[];
}

/** Returns how two tables are compared under the map of a dataset, with everything that a verdict over them has to say. Pure. */
export function agreeColumns(source: TableShape, target: TableShape, dataset: Dataset): ColumnAgreement {
  const notes: ColumnNote[] = [];
  const maps = dataset.map.length > 0 ? dataset.map : mapByName(source, dataset);
  const columns: AgreedColumn[] = [];
  for (const map of maps) {
    const agreed = agreeColumn({ map, source, target, notes });
    if (agreed) columns.push(agreed);
  }
  notes.push(...nameLeftBehind(source, maps, dataset));
  const key = dataset.key.map((name) => columns.findIndex((column) => column.source?.name === name));
  for (const [at, position] of key.entries()) {
    const column = dataset.key[at] ?? '';
    if (position === -1)
      notes.push(block(column, 'key', 'the key has to be carried over, so that rows can be told apart'));
  }
  return { columns, key: key.includes(-1) ? [] : key, notes };
}

function mapByName(source: TableShape, { omit }: Dataset): ColumnMap[] {
  const left = new Set(omit.map(({ column }) => column));
  return source.columns
    .filter(({ name }) => !left.has(name))
    .map(({ name }) => ({ to: name, from: name, value: null, steps: [], as: null }));
}

function nameLeftBehind(source: TableShape, maps: readonly ColumnMap[], { omit, key }: Dataset): ColumnNote[] {
  const used = new Set([...maps.map(({ from }) => from), ...omit.map(({ column }) => column), ...key]);
  return source.columns
    .filter(({ name }) => !used.has(name))
    .map(({ name: column }) => note(column, 'left-behind', 'is neither carried over nor left out with a reason'));
}

interface Pairing {
  map: ColumnMap;
  source: TableShape;
  target: TableShape;
  notes: ColumnNote[];
}

function agreeColumn({ map, source, target, notes }: Pairing): AgreedColumn | null {
  const to = target.columns.find(({ name }) => name === map.to);
  const from = source.columns.find(({ name }) => name === map.from);
  if (to === undefined) notes.push(block(map.to, 'missing', `is no column of ${target.table}`));
  if (map.from !== null && from === undefined)
    notes.push(block(map.from, 'missing', `is no column of ${source.table}`));
  if (to === undefined || (map.from !== null && from === undefined)) return null;
  if (to.generated) notes.push(note(to.name, 'generated', 'is filled by the engine: it is compared and never written'));
  const { value, steps } = map;
  const wanted = { name: to.name, type: map.as ?? to.type, scale: to.scale };
  if (from === undefined) return { source: null, value, steps, target: wanted };
  notes.push(...noteCollation(from, to));
  if (steps.length > 0) return { source: asItIs(from), value, steps, target: wanted };
  const { type, scale, found } = agreeType(from, to, map.as);
  notes.push(...found);
  return { source: { name: from.name, type, scale }, value, steps, target: { name: to.name, type, scale } };
}

function asItIs({ name, type, scale }: ColumnShape): CanonColumn {
  return { name, type, scale };
}

function noteCollation(from: ColumnShape, to: ColumnShape): ColumnNote[] {
  const folding = [from, to].filter(
    ({ collation }) => collation !== null && /_(?:ci|ai)(?:_|$)|nocase|rtrim/i.test(collation),
  );
  return folding.map(({ collation }) =>
    note(
      to.name,
      'collation',
      `the engine takes texts for equal that ${collation ?? ''} does; they are compared by their bytes here`,
    ),
  );
}

/** Returns the columns of one side in the order of the agreement, as a query wants them. */
export function columnsOf(agreement: ColumnAgreement, side: 'source' | 'target'): CanonColumn[] {
  return agreement.columns.map((column) => column[side]).filter((column) => column !== null);
}
