import type { ArchiveRelation } from '../../../core/dataset/archive/manifest.ts';
import { orderEntities } from '../../../core/dataset/archive/order-entities.ts';
import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { ownOmitted, ownRelations, ownRules, ownTables } from './own-tables.ts';
import { toInput } from './shape-entity.ts';
import type { ArchiveInput } from './spool-entity.ts';

/** Names as they are, whatever schema the connection looks into first: `regclass` leaves that one out, and a relation that is not found puts a child before its parent. */
const foreignKeys = `
select cn.nspname || '.' || child.relname, pn.nspname || '.' || parent.relname,
  (select array_to_json(array_agg(a.attname order by k.nr)) from unnest(c.conkey) with ordinality k (num, nr) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num)::text,
  (select array_to_json(array_agg(a.attname order by k.nr)) from unnest(c.confkey) with ordinality k (num, nr) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num)::text
from pg_constraint c join pg_class child on child.oid = c.conrelid join pg_namespace cn on cn.oid = child.relnamespace
  join pg_class parent on parent.oid = c.confrelid join pg_namespace pn on pn.oid = parent.relnamespace
where c.contype = 'f' and cn.nspname in ('tminus', 'identity') order by 1, 3`;

const tableNames = `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname in ('tminus', 'identity') order by 1`;

/**
 * Returns everything of the store that an export takes along, parents first, read by one session. Throws where the store has a table that nobody has
 * placed yet: what is new is neither lost in silence nor let out.
 */
export async function toOwnInputs(session: DatastoreSession): Promise<ArchiveInput[]> {
  const { ask } = session;
  if (ask === null) throw new Error('store: expected a session that answers questions, got none');
  const found = new Set((await ask(tableNames)).map(([name]) => name ?? ''));
  refuseUnplaced([...found]);
  const relations = readRelations(await ask(foreignKeys));
  const inputs: ArchiveInput[] = [];
  for (const { table, columns, redacted = '' } of ownTables) {
    // A table that a later migration makes has no rows yet.
    if (!found.has(table)) continue;
    const shape = await session.describe(table);
    const wish = {
      name: toName(table),
      table,
      columns: columns.split(' '),
      key: shape.key,
      where: [],
      redacted: redacted.split(' ').filter((name) => name !== ''),
      relations: [...(relations.get(table) ?? []), ...(ownRelations[table] ?? [])],
      rules: ownRules[table] ?? [],
    };
    inputs.push(toInput(session, shape, wish));
  }
  const ordered = orderEntities(inputs.map(({ entity }) => entity));
  return ordered.map(({ name }) => inputs.find(({ entity }) => entity.name === name)!);
}

/** Returns the table of an entity of the store. */
export function toOwnTable(entity: string): string {
  return entity.includes('.') ? entity : `tminus.${entity}`;
}

function toName(table: string): string {
  return table.replace(/^tminus\./, '');
}

function refuseUnplaced(found: readonly string[]): void {
  const placed = new Set([...ownTables.map(({ table }) => table), ...Object.keys(ownOmitted)]);
  const unplaced = found.filter((name) => !placed.has(name));
  if (unplaced.length === 0) return;
  throw new ProductError('export_refused', `store: expected tables that the export knows, got ${unplaced.join(', ')}`, {
    hint: 'use the version of tminus that this store belongs to',
  });
}

function readRelations(rows: readonly (readonly (string | null)[])[]): Map<string, ArchiveRelation[]> {
  const exported = new Set(ownTables.map(({ table }) => table));
  const relations = new Map<string, ArchiveRelation[]>();
  for (const [child, parent, fields, toFields] of rows) {
    const [from, to] = [child ?? '', parent ?? ''];
    if (!exported.has(from) || !exported.has(to)) continue;
    const relation = {
      fields: JSON.parse(fields ?? '[]') as string[],
      to: toName(to),
      to_fields: JSON.parse(toFields ?? '[]') as string[],
    };
    relations.set(from, [...(relations.get(from) ?? []), relation]);
  }
  return relations;
}
