import { readCondition } from '../read-condition.ts';
import type { DataRule, RowCondition } from '../dataset.ts';

/** Where the other side of a rule lies: a table of a datastore (null for the same one), or a dataset. */
export interface RuleReference {
  on: string | null;
  table: string;
  /** Null for the key of a dataset that `table` names. */
  column: string | null;
}

/** A rule with its body read. */
export type ReadRule = { id: string; text: string; where: RowCondition[] } & (
  | { kind: 'orphans'; column: string; parent: RuleReference }
  | { kind: 'unique'; columns: string[]; rows: 1 }
  | { kind: 'at-most'; columns: string[]; rows: number }
  | { kind: 'implies'; demands: RowCondition[] }
  | { kind: 'sum'; column: string; equals: { text: string } | (RuleReference & { times: string }) }
  | { kind: 'sequence'; column: string }
  | { kind: 'count'; min: number; max: number }
);

export type RuleReading = { ok: true; rule: ReadRule } | { ok: false; expected: string };

/** A body that cannot be read, and what to write. */
class RuleFault extends Error {}

type Body = { readonly [key: string]: unknown };
type Part<Kind extends ReadRule['kind'] = ReadRule['kind']> =
  Extract<ReadRule, { kind: Kind }> extends infer Rule
    ? Rule extends ReadRule
      ? Omit<Rule, 'id' | 'text' | 'where'> & { where?: RowCondition[] }
      : never
    : never;

const readers: { readonly [kind in DataRule['kind']]: (body: Body) => Part } = {
  orphans: readOrphans,
  unique: (body) => ({ kind: 'unique', columns: names(body, 'unique', 'columns'), rows: 1 }),
  'at-most': (body) => ({
    kind: 'at-most',
    columns: names(body, 'by', 'columns'),
    rows: whole(body, 'at-most', 'rows'),
  }),
  implies: readImplies,
  accepted: readAccepted,
  sum: readSum,
  sequence: (body) => ({ kind: 'sequence', column: name(body, 'sequence', 'column') }),
  count: readCount,
};
const keys: { readonly [kind in DataRule['kind']]: readonly string[] } = {
  orphans: ['column', 'to', 'dataset', 'key', 'in'],
  unique: ['columns'],
  'at-most': ['by', 'columns', 'rows'],
  implies: ['if', 'then'],
  accepted: ['column', 'values'],
  sum: ['column', 'equals', 'in', 'times'],
  sequence: ['column'],
  count: ['between', 'min', 'max'],
};

/** Returns a rule with its body read, or what was expected of the body. */
export function readDataRule({ id, kind, body }: DataRule): RuleReading {
  try {
    const known = [kind, 'where', ...keys[kind]];
    const strange = Object.keys(body).find((key) => !known.includes(key));
    if (strange !== undefined) throw new RuleFault(`one of ${known.join(', ')}, got ${strange}`);
    const part = readers[kind](body);
    const where = [...conditions(body['where'] ?? []), ...(part.where ?? [])];
    return { ok: true, rule: { ...part, where, id, text: describe(kind, body) } };
  } catch (error) {
    if (error instanceof RuleFault) return { ok: false, expected: error.message };
    throw error;
  }
}

/** `customer -> customers.id`, with `in:` where the parents lie in another datastore; or `column`, `to` and `key`, of a dataset. */
function readOrphans(body: Body): Part {
  if (typeof body['orphans'] === 'string') {
    const [, child, table, column] = /^\s*(\S+)\s*->\s*(\S+)\.([^.\s]+)\s*$/.exec(body['orphans']) ?? [];
    if (child === undefined || table === undefined || column === undefined)
      throw new RuleFault('CHILD -> TABLE.KEY, such as customer -> customers.id');
    return { kind: 'orphans', column: child, parent: { on: optional(body, 'in'), table, column } };
  }
  const to = optional(body, 'to') ?? optional(body, 'dataset');
  if (to === null) throw new RuleFault('CHILD -> TABLE.KEY, or column and to');
  const parent = { on: optional(body, 'in'), table: to, column: optional(body, 'key') };
  return { kind: 'orphans', column: name(body, 'column'), parent };
}

/** `A == 1 and B exists => C exists`, or `if` and `then`. */
function readImplies(body: Body): Part {
  const written = body['implies'];
  if (typeof written !== 'string')
    return { kind: 'implies', where: conditions(body['if'] ?? []), demands: some(conditions(body['then'])) };
  const [left = '', right = '', ...rest] = written.split('=>');
  if (right.trim() === '' || rest.length > 0)
    throw new RuleFault('CONDITION => CONDITION, such as a == true => b exists');
  return { kind: 'implies', where: conditions(left), demands: some(conditions(right)) };
}

/** `status in a, b`, or `column` and `values`. A value that is missing is accepted: say `exists` by `implies` where it is not. */
function readAccepted(body: Body): Part {
  const { values } = body;
  const written = body['accepted'];
  const demands =
    typeof written === 'string' && written !== '' && values === undefined
      ? conditions(written)
      : [
          {
            column: name(body, 'column', 'accepted'),
            operator: 'in' as const,
            values: list(values),
            text: 'in values',
          },
        ];
  const where = demands.map(({ column }) => ({
    column,
    operator: 'exists' as const,
    values: [],
    text: `${column} exists`,
  }));
  return { kind: 'implies', where, demands: some(demands) };
}

function readSum(body: Body): Part {
  const column = name(body, 'sum', 'column');
  const equals = scalar(body['equals']);
  if (equals === null) throw new RuleFault('equals: with a number, or TABLE.COLUMN');
  if (/^-?\d+(?:\.\d+)?$/.test(equals)) return { kind: 'sum', column, equals: { text: equals } };
  const [, table, other] = /^(\S+)\.([^.\s]+)$/.exec(equals) ?? [];
  if (table === undefined || other === undefined) throw new RuleFault('equals: with a number, or TABLE.COLUMN');
  const times = scalar(body['times'] ?? '1') ?? '1';
  if (!/^-?\d+(?:\.\d+)?$/.test(times)) throw new RuleFault('times: with a number');
  return { kind: 'sum', column, equals: { on: optional(body, 'in'), table, column: other, times } };
}

/** `10..20`, `between: [10, 20]`, or `min` and `max`. */
function readCount(body: Body): Part {
  const range = /^(\d+)\s*\.\.\s*(\d+)$/.exec(scalar(body['count']) ?? '');
  const between = Array.isArray(body['between']) ? body['between'].map((bound) => scalar(bound)) : [];
  const min = Number(range?.[1] ?? between[0] ?? scalar(body['min']) ?? 'x');
  const max = Number(range?.[2] ?? between[1] ?? scalar(body['max']) ?? Number.MAX_SAFE_INTEGER);
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0 || max < min)
    throw new RuleFault('count: with two whole numbers, such as 10..20');
  return { kind: 'count', min, max };
}

function conditions(written: unknown): RowCondition[] {
  const lines = Array.isArray(written) ? written : typeof written === 'string' ? splitAnd(written) : [written];
  return lines.map((line) => {
    const read = typeof line === 'string' ? readCondition(line) : null;
    if (read?.ok === true) return read.condition;
    throw new RuleFault(read === null ? 'conditions, such as channel == web' : read.fault.expected);
  });
}

/** `and` in quotes stands for itself. */
function splitAnd(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|(?!\sand\s)[\s\S])+/g) ?? [];
  return parts.map((part) => part.replace(/^\s*and\s+/, '').trim()).filter((part) => part !== '');
}

function some(read: RowCondition[]): RowCondition[] {
  if (read.length === 0) throw new RuleFault('at least one condition that has to hold');
  return read;
}

function name(body: Body, ...places: string[]): string {
  const found = places.map((place) => optional(body, place)).find((value) => value !== null);
  if (found == null) throw new RuleFault(`${places[0] ?? ''}: with the name of a column`);
  return found;
}

function names(body: Body, ...places: string[]): string[] {
  const found = places.map((place) => body[place]).find((value) => value !== undefined && value !== '');
  const listed = Array.isArray(found) ? found : (scalar(found) ?? '').split(',');
  const read = listed.map((one) => (scalar(one) ?? '').trim());
  if (read.length === 0 || read.includes('')) throw new RuleFault(`${places[0] ?? ''}: with names of columns`);
  return read;
}

function whole(body: Body, ...places: string[]): number {
  const found = places.map((place) => scalar(body[place])).find((value) => value !== null && value !== '');
  if (found == null || !/^\d{1,9}$/.test(found)) throw new RuleFault(`${places[0] ?? ''}: with a whole number`);
  return Number(found);
}

function list(written: unknown): string[] {
  const read = Array.isArray(written) ? written.map((value) => scalar(value)) : [];
  const values = read.filter((value) => value !== null);
  if (values.length === 0 || values.length !== read.length) throw new RuleFault('values: with a list of values');
  return values;
}

function optional(body: Body, place: string): string | null {
  const value = body[place];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function scalar(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function describe(kind: string, body: Body): string {
  const told = Object.entries(body).map(([key, value]) => {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
    return key === kind ? text : `${key} ${text}`;
  });
  return `${kind}: ${told.join(', ')}`;
}
