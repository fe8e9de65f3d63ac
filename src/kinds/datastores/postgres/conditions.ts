import { escapeIdentifier, escapeLiteral } from 'pg';

import { toCanonCondition } from '../../../core/dataset/canon/meets-conditions.ts';
import type { CanonColumn } from '../../../core/dataset/canon.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import type { PgColumn, PgTable } from './describe.ts';
import { findColumn, toExpression } from './expressions.ts';

/** Conditions that the server decides, and those that only canonical rows can: `matches`, and JSON. */
export interface SplitConditions {
  sql: string[];
  rest: RowCondition[];
}

/** Splits conditions; what the server decides, it decides as `meetsConditions` does. */
export function splitConditions(conditions: readonly RowCondition[], table: PgTable): SplitConditions {
  const sql: string[] = [];
  const rest: RowCondition[] = [];
  for (const condition of conditions) {
    const column = findColumn(table, condition.column);
    const isOpen = condition.operator === 'matches' || (column.type === 'json' && condition.values.length > 0);
    if (isOpen) rest.push(condition);
    else sql.push(toSql(toCanonCondition(condition, toCanonColumn(column)), column));
  }
  return { sql, rest };
}

/** Returns a column as it is read when nobody asks for another type. */
export function toCanonColumn({ name, type, scale }: PgColumn): CanonColumn {
  return { name, type, scale };
}

function toSql({ operator, values }: RowCondition, column: PgColumn): string {
  const name = escapeIdentifier(column.name);
  if (operator === 'missing') return `${name} is null`;
  if (operator === 'exists') return `${name} is not null`;
  const { left, literal, guard } = toSides(column, values);
  if (operator === 'in') return `${left} in (${values.map(literal).join(', ') || 'null'})`;
  const right = literal(values[0] ?? '');
  if (operator === '!=') return `${left} is distinct from ${right}`;
  if (operator === '==') return `${left} = ${right}`;
  return `(${left} ${operator} ${right}${guard})`;
}

/** Whole numbers that `int8` holds whatever they are. */
const isSmall = /^-?\d{1,18}$/;

function toSides(
  column: PgColumn,
  values: readonly string[],
): { left: string; literal: (value: string) => string; guard: string } {
  const name = escapeIdentifier(column.name);
  const { type } = column;
  if (type === 'integer') {
    // As numeric the column would be cast, row for row, and no index found.
    const cast = values.every((value) => isSmall.test(value)) ? 'int8' : 'numeric';
    return { left: name, literal: (value) => `${escapeLiteral(value)}::${cast}`, guard: '' };
  }
  if (type === 'decimal' || type === 'float') {
    const cast = type === 'float' ? 'float8' : 'numeric';
    const left = type === 'float' ? `${name}::float8` : name;
    // Postgres puts NaN above all numbers; it compares with none.
    return { left, literal: (value) => `${escapeLiteral(value)}::${cast}`, guard: ` and ${name} <> 'NaN'` };
  }
  const left = `(${toExpression(column, toCanonColumn(column)).sql})::text collate "C"`;
  return { left, literal: (value) => escapeLiteral(value), guard: '' };
}
