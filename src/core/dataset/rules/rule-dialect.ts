import type { CanonColumn, CanonType } from '../canon.ts';
import { toCanonCondition } from '../canon/meets-conditions.ts';
import type { RowCondition } from '../dataset.ts';

/** How one engine is asked. What it would decide in another way than `canon/1` has no form here, and is null. */
export interface RuleDialect {
  quote(name: string): string;
  quoteTable(table: string): string;
  text(value: string): string;
  /** A column of texts so that equal means equal bytes. */
  bytewise(column: string): string;
  /** How many rows meet a condition. */
  countWhere(condition: string): string;
  /** Whether sums of decimals are exact. */
  exactDecimals: boolean;
  /** Types whose values compare as they stand. */
  plain: readonly CanonType[];
}

const double = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const tick = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const hex = (value: string): string =>
  Array.from(new TextEncoder().encode(value), (byte) => byte.toString(16).padStart(2, '0')).join('');

const postgres: RuleDialect = {
  quote: double,
  quoteTable: (table) => splitName(table).map(double).join('.'),
  // Doubled quotes say everything as long as no escapes are read, which `E` alone would turn on.
  text: (value) => `convert_from('\\x${hex(value)}'::bytea, 'UTF8')`,
  bytewise: (column) => `${column}::text collate "C"`,
  countWhere: (condition) => `count(*) filter (where ${condition})`,
  exactDecimals: true,
  plain: ['integer', 'boolean', 'uuid'],
};

const sqlite: RuleDialect = {
  quote: double,
  quoteTable: double,
  text: (value) => `cast(x'${hex(value)}' as text)`,
  bytewise: (column) => `cast(${column} as text) collate binary`,
  countWhere: (condition) => `count(*) filter (where ${condition})`,
  exactDecimals: false,
  plain: ['integer'],
};

const mysql: RuleDialect = {
  quote: tick,
  quoteTable: (table) => splitName(table).map(tick).join('.'),
  text: (value) => `x'${hex(value)}'`,
  bytewise: (column) => `cast(convert(${column} using utf8mb4) as binary)`,
  countWhere: (condition) => `count(case when ${condition} then 1 end)`,
  exactDecimals: true,
  plain: ['integer'],
};

const dialects: { readonly [engine: string]: RuleDialect } = { postgres, sqlite, mysql, mariadb: mysql };

/** Returns how an engine is asked, by the name that its session gives; null for one that is streamed. */
export function findRuleDialect(engine: unknown): RuleDialect | null {
  return typeof engine === 'string' ? (dialects[engine] ?? null) : null;
}

/** Returns a column as equal values are equal in it; null where the engine cannot say so. */
export function toComparable({ name, type }: CanonColumn, dialect: RuleDialect, alias = ''): string | null {
  const column = `${alias}${dialect.quote(name)}`;
  if (dialect.plain.includes(type)) return column;
  return type === 'text' ? dialect.bytewise(column) : null;
}

/** Returns conditions that hold together, as the engine decides them; null where one of them is not for it. */
export function toConditionSql(
  conditions: readonly RowCondition[],
  columns: readonly CanonColumn[],
  dialect: RuleDialect,
): string | null {
  const parts = conditions.map((condition) => {
    const column = columns.find(({ name }) => name === condition.column);
    return column === undefined ? null : toOne(toCanonCondition(condition, column), column, dialect);
  });
  return parts.includes(null) ? null : parts.map((part) => `(${part})`).join(' and ') || '1 = 1';
}

function toOne({ operator, values }: RowCondition, column: CanonColumn, dialect: RuleDialect): string | null {
  const name = dialect.quote(column.name);
  if (operator === 'missing') return `${name} is null`;
  if (operator === 'exists') return `${name} is not null`;
  if (operator === 'matches') return null;
  const left = toComparable(column, dialect);
  const literals = values.map((value) => toLiteral(value, column, dialect));
  if (left === null || column.type === 'uuid' || literals.includes(null)) return null;
  const isOrder = operator.startsWith('<') || operator.startsWith('>');
  if (isOrder && column.type !== 'integer') return null;
  const one =
    operator === 'in'
      ? `${left} in (${literals.join(', ')})`
      : `${left} ${operator === '==' ? '=' : operator === '!=' ? '<>' : operator} ${literals[0]}`;
  // A missing value differs from every other one, and is otherwise never what is asked for.
  return operator === '!=' ? `${name} is null or ${one}` : `${name} is not null and ${one}`;
}

function toLiteral(value: string, { type }: CanonColumn, dialect: RuleDialect): string | null {
  if (type === 'integer') return /^-?\d{1,18}$/.test(value) ? value : null;
  return type === 'boolean' ? value : dialect.text(value);
}

function splitName(table: string): string[] {
  const parts = table.match(/"(?:[^"]|"")+"|[^.]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
}
