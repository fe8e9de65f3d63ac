import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { escapeIdentifier, Pool } from 'pg';

import type { ArchiveEntity, ArchiveField, ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import type { SmokeCheck } from '../../../core/dataset/archive/restore-report.ts';
import type { CanonType } from '../../../core/dataset/canon.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { migrate, readMigrations } from '../../../store/migrate.ts';
import { openStore } from '../../../store/open-store.ts';
import { verifyStoredLog } from '../../../store/verify-stored-log.ts';
import { ignoreLostIdle } from '../../../store/ignore-lost-idle.ts';
import { toOwnTable } from './own-inputs.ts';
import { trySmoke } from './smoke-checks.ts';
import type { Restored } from './smoke-checks.ts';

/** What differs between the data of Tminus and that of others, in a drill. */
export interface DrillSubject {
  tableOf: (entity: string) => string;
  /** Statements before the first row, in the transaction of the rows. */
  prepare: readonly string[];
  makeSchema(url: string, manifest: ArchiveManifest): Promise<void>;
  /** Keys and relations, where they come after the rows. */
  relate(url: string, manifest: ArchiveManifest): Promise<void>;
  /** The seventh question. */
  lastSmoke(url: string, restored: Restored): Promise<SmokeCheck>;
}

/** The data of Tminus: its schema is made by its migrations, its constraints and triggers judge every row, and every log is verified from its first byte. */
export const ownSubject: DrillSubject = {
  tableOf: toOwnTable,
  // The migrations put its one row there.
  prepare: ['delete from tminus.event_head'],
  async makeSchema(url, { source }) {
    const migrations = readMigrations();
    if (source.schema === null || source.schema > migrations.length)
      throw new ProductError(
        'drill_refused',
        `archive: expected a schema up to ${migrations.length}, got ${source.schema ?? 'none'}`,
        {
          hint: 'restore it with the version of tminus that wrote it, or a newer one',
        },
      );
    await withPool(url, async (pool) => void (await migrate(pool, migrations.slice(0, source.schema ?? 0))));
  },
  relate: (url) => withPool(url, async (pool) => void (await pool.query(alignSequences))),
  lastSmoke: (url) => trySmoke('every evidence log verifies from its first byte', () => verifyLogs(url)),
};

/** Rows are restored with their numbers; the next number has to come after them. */
const alignSequences = `do $$ declare one record; begin
  for one in select a.attrelid::regclass as place, a.attname as name, pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) as sequence
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where a.attidentity <> '' and c.relkind = 'r' and c.relnamespace::regnamespace::text in ('tminus', 'identity') loop
    execute format('select setval(%L, greatest(1, (select max(%I) from %s)))', one.sequence, one.name, one.place);
  end loop; end $$`;

async function verifyLogs(url: string): Promise<string | null> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tminus-drill-keys-'));
  const store = await openStore({ dataDirectory, databaseUrl: url });
  try {
    const logs = await store.tables.selectFrom('log').select('launch').execute();
    for (const { launch } of logs) {
      const verified = await verifyStoredLog(store, launch);
      if (verified.state !== 'whole') return `log of ${launch}: expected a whole one, got ${verified.state}`;
    }
    return null;
  } finally {
    await store.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

/** Declared datasets: tables are made as the archive describes them, keys and relations are added once the rows are in, and a first page is read. */
export const datasetSubject: DrillSubject = {
  tableOf: (entity) => entity,
  prepare: [],
  makeSchema: (url, { entities, redactions }) =>
    withPool(url, async (pool) => {
      for (const entity of entities) {
        const hidden = new Set(redactions.filter((one) => one.entity === entity.name).map(({ field }) => field));
        await pool.query(toCreateTable(entity, hidden));
      }
    }),
  relate: (url, { entities }) =>
    withPool(url, async (pool) => {
      for (const { name, key } of entities)
        await pool.query(
          `alter table ${escapeIdentifier(name)} add primary key (${key.map(escapeIdentifier).join(', ')})`,
        );
    }),
  lastSmoke: (_, restored) => trySmoke('a first page is read in the order of the key', () => readFirstPage(restored)),
};

function toCreateTable({ name, fields, key }: ArchiveEntity, redacted: ReadonlySet<string>): string {
  const columns = fields.map((field) => {
    const required = field.required && !redacted.has(field.name) ? ' not null' : '';
    return `${escapeIdentifier(field.name)} ${toNative(field, key.includes(field.name))}${required}`;
  });
  return `create table ${escapeIdentifier(name)} (${columns.join(', ')})`;
}

/** Types that every Postgres has, as it writes them; anything else is restored as what holds every value of its canonical type. */
const builtIn =
  /^(?:smallint|integer|bigint|numeric(?:\(\d+(?:,-?\d+)?\))?|real|double precision|boolean|text|character varying(?:\(\d+\))?|uuid|bytea|jsonb?|date|time(?:\(\d\))? without time zone|timestamp(?:\(\d\))? with(?:out)? time zone)$/;

const widest: { readonly [Type in CanonType]: string } = {
  integer: 'numeric',
  decimal: 'numeric',
  float: 'double precision',
  boolean: 'boolean',
  text: 'text',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  date: 'date',
  time: 'text',
  uuid: 'uuid',
  bytes: 'bytea',
  json: 'json',
};

/** A key is looked up as what it is: numbers of other engines that name a row have 64 bits, and a greater one is refused by the server. */
function toNative({ native_type: native, type }: ArchiveField, isKey: boolean): string {
  if (isKey && type === 'integer' && (native === null || !builtIn.test(native))) return 'bigint';
  return native !== null && builtIn.test(native) ? native : widest[type];
}

async function readFirstPage({ session, manifest, tableOf }: Restored): Promise<string | null> {
  for (const { name, fields, key } of manifest.entities) {
    const columns = fields.map((field) => ({ name: field.name, type: field.type, scale: field.scale }));
    const lines = session.stream({ table: tableOf(name), columns, key, where: [], order: 'key', after: null });
    let bytes = 0;
    for await (const chunk of lines) {
      bytes += chunk.length;
      break;
    }
    if (bytes === 0 && manifest.entity_counts[name] !== 0) return `${name}: expected rows, got none`;
  }
  return null;
}

async function withPool(url: string, work: (pool: Pool) => Promise<void>): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 2 });
  ignoreLostIdle(pool);
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}
