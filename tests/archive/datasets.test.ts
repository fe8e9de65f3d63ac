import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { datasetOf } from '../../src/core/dataset/dataset.fixture.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { judgeRestore } from '../../src/core/dataset/archive/restore-report.ts';
import { refuseScratch } from '../../src/core/dataset/archive/refuse-scratch.ts';
import { drillArchive } from '../../src/engine/data/archive/drill.ts';
import { datasetSubject, ownSubject } from '../../src/engine/data/archive/drill-subject.ts';
import { exportDatasets } from '../../src/engine/data/archive/export-datasets.ts';
import { createScratch, nameScratch } from '../../src/engine/data/archive/scratch-server.ts';
import type { ScratchServer } from '../../src/engine/data/archive/scratch-server.ts';
import type { WrittenArchive } from '../../src/engine/data/archive/write-archive.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { toDraft } from './to-draft.ts';

const signal = AbortSignal.timeout(900_000);
const guard = { forbidden: [], productionDatabases: [] };
let database: TestDatabase;
let folder: string;
let server: ScratchServer;
let pool: Pool;

const tableOf = (id: string): Pick<Dataset, 'id' | 'source' | 'target'> => ({
  id,
  source: { on: 'shop', table: id },
  target: null,
});
const customers = datasetOf({
  ...tableOf('customers'),
  redact: ['email'],
  omit: [{ column: 'note', reason: 'stays with the legacy archive' }],
});
const orders = datasetOf({
  ...tableOf('orders'),
  rules: [{ id: 'owned', kind: 'orphans', body: { column: 'customer', to: 'customers', key: 'id' } }],
});

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'tminus-datasets-'));
  const url = (name: string): string => database.url.replace(/\/test_\w+\?/, `/${name}?`);
  server = { url, host: 'scratch', port: 0, close: () => Promise.resolve() };
  pool = new Pool({ connectionString: database.url, max: 2 });
  await pool.query(`create table customers (id bigint primary key, name text not null, email text not null, note text);
    create table orders (id bigint primary key, customer bigint not null references customers, total numeric(12,2) not null, weight double precision,
      at timestamptz not null, paid boolean, body jsonb, raw bytea, ref uuid);
    insert into customers select n, E'Zo\\u00eb\\t' || n, n || '@shop.test', 'a secret note' from generate_series(9007199254740990, 9007199254741040) n;
    insert into orders select n, 9007199254740990 + n % 51, n / 7.0, n / 3.0, '2026-11-01T10:00:00.123456Z'::timestamptz + n * interval '1 minute', n % 3 = 0,
      jsonb_build_object('n', n, 'text', 'x' || chr(10) || n), decode(lpad(to_hex(n), 8, '0'), 'hex'), gen_random_uuid() from generate_series(1, 3000) n`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function exportTo(name: string, over: Partial<Parameters<typeof exportDatasets>[0]> = {}): Promise<WrittenArchive> {
  const wish = {
    environment: 'staging',
    appGitSha: null,
    launch: 'shop',
    generatedAt: '2026-11-21T12:00:00.000Z',
    datasets: [orders, customers],
    side: 'source' as const,
    open: () => openPostgresAt({ connectionString: database.url }, { signal, access: 'read' }),
    ...over,
  };
  return exportDatasets(wish, join(folder, name), { signal, recipients: [] });
}

describe('an archive of declared datasets', () => {
  it('D33 O30 is restored with every value of every type, and equal data gives equal hashes before and after', async () => {
    const archive = await exportTo('shop.tar.gz');
    expect(archive.manifest.entity_counts).toEqual({ customers: 51, orders: 3000 });
    expect(archive.manifest.entities.map(({ name }) => name)).toEqual(['customers', 'orders']);
    const measured = await drillArchive({
      file: archive.file,
      identities: [],
      signal,
      expectedSha256: archive.sha256,
      environment: 'staging',
      subject: ownSubject,
      ofDatasets: datasetSubject,
      openServer: () => Promise.resolve(server),
      database: nameScratch(),
      guard,
      onPhase: () => undefined,
    });
    expect(judgeRestore(toDraft(measured, archive.sha256))).toEqual([]);
    expect(measured.entities.map(({ restored }) => restored)).toEqual([51, 3000]);
  });

  it('D30 a changed row changes the hash of its entity and of no other', async () => {
    const before = await exportTo('before.tar.gz');
    await pool.query('update orders set total = total + 0.01 where id = 1500');
    const after = await exportTo('after.tar.gz');
    const sumsOf = ({ manifest }: WrittenArchive): string[] =>
      Object.values(manifest.checksums).map(({ sha256 }) => sha256);
    expect(sumsOf(after)[0]).toBe(sumsOf(before)[0]);
    expect(sumsOf(after)[1]).not.toBe(sumsOf(before)[1]);
  });

  it('A46 a value of the shape of a secret refuses the export, which leaves no file', async () => {
    await pool.query(`update customers set name = 'password=hunter2x!rt' where id = 9007199254740995`);
    await expect(exportTo('secret.tar.gz')).rejects.toMatchObject({
      code: 'export_refused',
      message: expect.stringMatching(/^customers: .* in row 6$/),
    });
    await pool.query(`update customers set name = 'x' where id = 9007199254740995`);
    const { readdirSync } = await import('node:fs');
    expect(readdirSync(folder).filter((name) => name.startsWith('secret') || name.startsWith('.export'))).toEqual([]);
  });

  it('F46 an archive is never overwritten, and a cancelled export leaves nothing', async () => {
    await exportTo('once.tar.gz');
    await expect(exportTo('once.tar.gz')).rejects.toMatchObject({ code: 'output_exists' });
    const gone = exportDatasets(
      {
        environment: 's',
        appGitSha: null,
        launch: 'shop',
        generatedAt: '',
        datasets: [orders],
        side: 'source',
        open: () => openPostgresAt({ connectionString: database.url }, { signal, access: 'read' }),
      },
      join(folder, 'cancelled.tar.gz'),
      { signal: AbortSignal.abort(), recipients: [] },
    );
    await expect(gone).rejects.toThrow(/abort/i);
    const { existsSync } = await import('node:fs');
    expect(existsSync(join(folder, 'cancelled.tar.gz'))).toBe(false);
  });
});

describe('the place of a drill', () => {
  const place = { host: '127.0.0.1', port: 5433, database: 'tminus_drill_abcd', ...guard };

  it.each([
    ['a host of production', { forbidden: ['127.0.0.1:5433'] }],
    ['a host that is called so', { host: 'db.prod.shop.test' }],
    ['a database of production', { productionDatabases: ['tminus_drill_abcd'] }],
    ['a database that is called so', { database: 'tminus_drill_prod' }],
    ['a database of somebody', { database: 'shop' }],
  ])('D33 %s is refused', (_, over) => {
    expect(refuseScratch(place)).toBeNull();
    expect(refuseScratch({ ...place, ...over })).toMatch(/^expected /);
  });

  it('D33 a database that is there is refused, and stays', async () => {
    const name = nameScratch();
    const made = await createScratch(server, name, guard);
    expect(made.wasEmpty).toBe(true);
    await expect(createScratch(server, name, guard)).rejects.toMatchObject({ code: 'drill_refused' });
    const { rowCount } = await pool.query('select from pg_database where datname = $1', [name]);
    expect(rowCount).toBe(1);
    await made.drop();
  });
});
