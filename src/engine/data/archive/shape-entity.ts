import type { ArchiveEntity, ArchiveRelation, ArchiveRule } from '../../../core/dataset/archive/manifest.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { ArchiveInput } from './spool-entity.ts';

/** What of a table goes into an archive, and under which name. */
export interface EntityWish {
  name: string;
  table: string;
  /** In this order. */
  columns: readonly string[];
  key: readonly string[];
  where: readonly RowCondition[];
  redacted: readonly string[];
  relations: readonly ArchiveRelation[];
  rules: readonly ArchiveRule[];
}

/** Returns an entity as its table is shaped, with the rows that a session sees of it. Throws where a column is not there, or where nothing names a row. */
export function toInput(session: DatastoreSession, shape: TableShape, wish: EntityWish): ArchiveInput {
  const entity = toEntity(shape, wish);
  const { key } = entity;
  if (key.length === 0) throw keyless(wish);
  const columns = entity.fields.map(({ name, type, scale }) => ({ name, type, scale }));
  const { table, where } = wish;
  return {
    entity,
    redacted: new Set(wish.redacted),
    lines: () => session.stream({ table, columns, key, where, order: 'key', after: null }),
  };
}

function toEntity(shape: TableShape, { name, columns, key, relations, rules }: EntityWish): ArchiveEntity {
  const fields = columns.map((wanted) => {
    const column = shape.columns.find((each) => each.name === wanted);
    if (column === undefined) throw missing(name, wanted);
    const { type, scale, nativeType, nullable } = column;
    return { name: wanted, type, scale, native_type: nativeType || null, required: !nullable, allowed: null };
  });
  return { name, fields, key: [...key], relations: [...relations], rules: [...rules] };
}

function missing(entity: string, column: string): ProductError {
  return new ProductError('export_refused', `${entity}: expected a column ${column}, got none`, {
    hint: 'bring the declaration and the table together; nothing was written',
  });
}

function keyless({ name }: EntityWish): ProductError {
  return new ProductError('export_refused', `${name}: expected a key, got a table without one`, {
    hint: 'declare the key of the dataset: without an order equal data would not give equal files',
  });
}
