import { escapeIdentifier } from 'pg';

import type { ArchiveEntity, ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import type { SmokeCheck } from '../../../core/dataset/archive/restore-report.ts';
import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';

/** What was restored, as it is asked. */
export interface Restored {
  session: DatastoreSession;
  manifest: ArchiveManifest;
  tableOf: (entity: string) => string;
}

type Ask = (statement: string) => Promise<number>;

/** Returns six questions that are asked of anything that was restored; the seventh belongs to what it is. A question that breaks has failed. */
export async function askSmoke(restored: Restored): Promise<SmokeCheck[]> {
  const { session, manifest } = restored;
  const ask: Ask = async (statement) => {
    const answer = await session.ask?.(statement);
    const count = Number(answer?.[0]?.[0] ?? Number.NaN);
    if (!Number.isSafeInteger(count)) throw new Error('expected a count, got none');
    return count;
  };
  const sql = (entity: string): string => restored.tableOf(entity).split('.').map(escapeIdentifier).join('.');
  const each = async (name: string, toBad: (entity: ArchiveEntity) => Promise<number>): Promise<SmokeCheck> =>
    trySmoke(name, async () => {
      for (const entity of manifest.entities) {
        const bad = await toBad(entity);
        if (bad !== 0) return `${entity.name}: expected 0, got ${bad}`;
      }
      return null;
    });
  return [
    await each('every table is there', (entity) =>
      ask(`select count(*) - 1 from (select to_regclass('${sql(entity.name)}') as found) t where found is not null`),
    ),
    await each(
      'as many rows as in the archive',
      async ({ name }) => (await ask(`select count(*) from ${sql(name)}`)) - manifest.entity_counts[name]!,
    ),
    await each('no key twice', ({ name, key }) =>
      ask(`select count(*) from (select from ${sql(name)} group by ${list(key)} having count(*) > 1) t`),
    ),
    await each('every relation leads to a row', (entity) => countBroken(entity, sql, ask)),
    await each('every required field has a value', (entity) => countNulls(entity, manifest, sql, ask)),
    await trySmoke('rows are found by their key', () => findByKey(restored)),
  ];
}

/** Asks one question; it says why it failed, or null. */
export async function trySmoke(name: string, ask: () => Promise<string | null>): Promise<SmokeCheck> {
  try {
    const why = await ask();
    return { name, passed: why === null, detail: why ?? 'as expected' };
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function list(names: readonly string[]): string {
  return names.map(escapeIdentifier).join(', ');
}

async function countBroken(
  { name, relations }: ArchiveEntity,
  sql: (entity: string) => string,
  ask: Ask,
): Promise<number> {
  let broken = 0;
  for (const { fields, to, to_fields: toFields } of relations) {
    const on = fields
      .map((field, at) => `p.${escapeIdentifier(toFields[at] ?? '')} = c.${escapeIdentifier(field)}`)
      .join(' and ');
    const named = fields.map((field) => `c.${escapeIdentifier(field)} is not null`).join(' and ');
    broken += await ask(
      `select count(*) from ${sql(name)} c where ${named} and not exists (select from ${sql(to)} p where ${on})`,
    );
  }
  return broken;
}

async function countNulls(
  { name, fields }: ArchiveEntity,
  manifest: ArchiveManifest,
  sql: (entity: string) => string,
  ask: Ask,
): Promise<number> {
  const redacted = new Set(manifest.redactions.filter(({ entity }) => entity === name).map(({ field }) => field));
  const required = fields.filter((field) => field.required && !redacted.has(field.name));
  if (required.length === 0) return 0;
  const anyNull = required.map((field) => `${escapeIdentifier(field.name)} is null`).join(' or ');
  return ask(`select count(*) from ${sql(name)} where ${anyNull}`);
}

const sampled = 3;

async function findByKey({ session, manifest, tableOf }: Restored): Promise<string | null> {
  for (const { name, fields, key } of manifest.entities) {
    const columns = fields.map((field) => ({ name: field.name, type: field.type, scale: field.scale }));
    const query = { table: tableOf(name), columns, key, where: [], order: 'any', after: null } as const;
    const wanted = Math.min(sampled, manifest.entity_counts[name]!);
    const rows = wanted === 0 ? [] : await session.sample(query, wanted, 1);
    const keys = rows.map((row) => key.map((each) => row[columns.findIndex((column) => column.name === each)] ?? null));
    const found = keys.length === 0 ? [] : await session.rows(query, keys);
    if (rows.length < wanted || found.length !== rows.length)
      return `${name}: expected ${wanted} rows by their key, got ${found.length}`;
  }
  return null;
}
