import type { SchemaElement } from 'hyparquet';

import type { CanonType } from '../../../core/dataset/canon.ts';
import type { ColumnShape } from '../../../core/dataset/datastore-kind.ts';

/** A column of the first level of a file. */
export interface ParquetColumn {
  shape: ColumnShape;
  /** Of a decimal: digits behind the point of the whole number that is stored. */
  scale: number;
  element: SchemaElement;
}

/** Returns the columns of the first level of a schema, which lies flat and in order of depth. */
export function listColumns(schema: readonly SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  for (let at = 1; at < schema.length; at = skip(schema, at)) columns.push(toColumn(schema[at]!));
  return columns;
}

function skip(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child += 1) next = skip(schema, next);
  return next;
}

function toColumn(element: SchemaElement): ParquetColumn {
  const type = typeOf(element);
  const { name, repetition_type: repetition } = element;
  const scale = element.scale ?? 0;
  const shape = {
    name,
    type,
    nativeType: [element.type ?? 'group', element.converted_type ?? element.logical_type?.type]
      .filter(Boolean)
      .join(' ')
      .toLowerCase(),
    nullable: repetition !== 'REQUIRED',
    scale: type === 'decimal' ? scale : null,
    generated: false,
    collation: null,
  };
  return { shape, scale, element };
}

const converted: { readonly [type: string]: CanonType } = {
  DECIMAL: 'decimal',
  DATE: 'date',
  TIME_MILLIS: 'time',
  TIME_MICROS: 'time',
  TIMESTAMP_MILLIS: 'timestamptz',
  TIMESTAMP_MICROS: 'timestamptz',
  UTF8: 'text',
  ENUM: 'text',
  JSON: 'json',
};

/** The newer logical type wins: only it says whether a timestamp is one of UTC (parquet-format, LogicalTypes). INT96 has no word on zones. */
function typeOf({ type, converted_type, logical_type, num_children, repetition_type }: SchemaElement): CanonType {
  if (num_children !== undefined || repetition_type === 'REPEATED') return 'json';
  if (logical_type?.type === 'TIMESTAMP') return logical_type.isAdjustedToUTC ? 'timestamptz' : 'timestamp';
  if (logical_type?.type === 'STRING') return 'text';
  if (logical_type?.type === 'UUID') return 'uuid';
  if (logical_type?.type === 'TIME') return 'time';
  if (logical_type?.type === 'FLOAT16') return 'float';
  if (converted_type !== undefined && converted[converted_type] !== undefined) return converted[converted_type];
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'float';
  if (type === 'INT96') return 'timestamp';
  return type === 'INT32' || type === 'INT64' ? 'integer' : 'bytes';
}
