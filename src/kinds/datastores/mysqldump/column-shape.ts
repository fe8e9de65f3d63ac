import type { CanonType } from '../../../core/dataset/canon.ts';
import type { ColumnShape } from '../../../core/dataset/datastore-kind.ts';
import type { DumpColumn } from './parse-create-table.ts';

const types: { readonly [name: string]: CanonType } = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  integer: 'integer',
  bigint: 'integer',
  bool: 'integer',
  boolean: 'integer',
  serial: 'integer',
  year: 'integer',
  decimal: 'decimal',
  numeric: 'decimal',
  dec: 'decimal',
  fixed: 'decimal',
  float: 'float',
  double: 'float',
  'double precision': 'float',
  real: 'float',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamptz',
  time: 'time',
  json: 'json',
  uuid: 'uuid',
  bit: 'integer',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  vector: 'bytes',
  geometry: 'bytes',
  point: 'bytes',
  linestring: 'bytes',
  polygon: 'bytes',
  multipoint: 'bytes',
  multilinestring: 'bytes',
  multipolygon: 'bytes',
  geometrycollection: 'bytes',
};

/** Returns a column of a dump as the contract of datastores has it. Whatever is not a number, a time or bytes is text: names of types come and go. */
export function toColumnShape(column: DumpColumn): ColumnShape {
  const name = /^double precision|^[a-z_0-9]+/.exec(column.nativeType)?.[0] ?? '';
  const type = types[name] ?? 'text';
  return {
    name: column.name,
    type,
    nativeType: column.nativeType,
    nullable: column.nullable,
    scale: scaleOf(type, /\(([\d\s,]*)\)/.exec(column.nativeType)?.[1]?.split(',') ?? []),
    generated: column.generated,
    collation: type === 'text' ? column.collation : null,
  };
}

function scaleOf(type: CanonType, [first, second]: string[]): number | null {
  if (type === 'decimal') return Number(second ?? 0);
  return type === 'timestamp' || type === 'timestamptz' || type === 'time' ? Number(first ?? 0) : null;
}
