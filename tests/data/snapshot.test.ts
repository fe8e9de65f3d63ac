import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { bootClone, keepClone } from '../../src/engine/data/snapshot/boot-clone.ts';
import { seedPseudonyms, takeSnapshot } from '../../src/engine/data/snapshot/take-snapshot.ts';
import type { SnapshotWish, TakenSnapshot } from '../../src/engine/data/snapshot/take-snapshot.ts';
import type { ScratchServer } from '../../src/engine/data/archive/scratch-server.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const signal = AbortSignal.timeout(900_000);
const guard = { forbidden: [], productionDatabases: [] };
const seed = createHmac('sha256', 'seed').update('of the tests').digest();
const at = { file: 'launch.md', line: 1, column: 1 };
let database: TestDatabase;
let folder: string;
let server: ScratchServer;
let pool: Pool;
/** Databases of the server that was asked for by name. */
const named: string[] = [];

const datasetOf = (id: string, over: Partial<Dataset>): Dataset => ({
  id,
  title: id,
  source: { on: 'shop', table: id },
  target: null,
  key: ['id'],
  map: [],
  omit: [],
  skip: [],
  targetWhere: [],
  partial: null,
  tolerances: [],
  personal: [],
  redact: [],
  residency: null,
  retentionMs: null,
  rules: [],
  fixes: [],
  fixPolicy: null,
  at,
  ...over,
});
const customers = datasetOf('customers', {
  key: ['email'],
  personal: [
    { column: 'email', category: 'email' },
    { column: 'name', category: 'name' },
    { column: 'phone', category: 'phone' },
    { column: 'born', category: 'birth' },
    { column: 'account', category: 'account' },
    { column: 'note', category: 'free-text' },
  ],
  redact: ['password_hash'],
});
const orders = datasetOf('orders', {
  personal: [{ column: 'customer', category: 'email' }],
  rules: [{ id: 'owned', kind: 'orphans', body: { column: 'customer', to: 'customers', key: 'email' } }],
});

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'tminus-snapshot-'));
  const url = (name: string): string => {
    named.push(name);
    return database.url.replace(/\/test_\w+\?/, `/${name}?`);
  };
  server = { url, host: 'scratch', port: 0, close: () => Promise.resolve() };
  pool = new Pool({ connectionString: database.url, max: 2 });
  await pool.query(`create table customers (email varchar(60) primary key, name text not null, phone text, born date, account integer unique,
      note text, password_hash text, city text);
    create table orders (id bigint primary key, customer varchar(60) not null references customers, total numeric(12,2) not null, remark text);
    insert into customers select 'canary' || n || '@people.test', 'Canary Lovelace' || n, '+49 30 ' || 1000000 + n, date '1980-01-01' + n, 100000 + n,
      'canary note ' || n, 'canary-hash', 'Paris' from generate_series(1, 60) n;
    insert into orders select n, 'canary' || 1 + n % 60 || '@people.test', n / 7.0, 'gift' from generate_series(1, 300) n`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const booted = { smoke: null, workspace: tmpdir(), signal, guard };

function take(name: string, over: Partial<SnapshotWish> = {}, recipients: string[] = []): Promise<TakenSnapshot> {
  return takeSnapshot(
    {
      environment: 'staging',
      appGitSha: null,
      launch: 'shop',
      generatedAt: '2026-11-22T03:00:00.000Z',
      datasets: [orders, customers],
      side: 'source',
      open: () => openPostgresAt({ connectionString: database.url }, { signal, access: 'read' }),
      pseudonym: seedPseudonyms(seed),
      boot: () => Promise.resolve([]),
      ...over,
    },
    join(folder, name),
    { signal, recipients },
  );
}

const textOf = ({ file }: { file: string }): string => gunzipSync(readFileSync(file)).toString('latin1');
const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.') || name.startsWith('bad'));

describe('a scrubbed snapshot', () => {
  it('C25 holds no byte of a person, keeps counts and relations, and a clone of it boots', async () => {
    const taken = await take('shop.tar.gz', {
      boot: (archive) => bootClone(archive, { ...booted, server, smoke: 'test -n "$DATABASE_URL"' }),
    });
    const text = textOf(taken);
    expect(text).not.toMatch(/canary|lovelace|people\.test/i);
    expect(text).not.toContain('password_hash":');
    expect(text).toContain('Paris');
    expect(taken.manifest.entity_counts).toEqual({ customers: 60, orders: 300 });
    expect(taken.tag).toBe('snapshot-2026-11-22');
    expect(text).toContain('"scrubbed": "snapshot-2026-11-22"');
    expect(taken.manifest.omitted_fields).toContainEqual(expect.objectContaining({ field: 'password_hash' }));
    expect(text.match(/@example\.invalid/g)!.length).toBe(360);
  });

  it('C25 gives the same pseudonyms for the same seed, and others for another', async () => {
    const [one, again, other] = [
      await take('one.tar.gz'),
      await take('again.tar.gz'),
      await take('other.tar.gz', { pseudonym: seedPseudonyms(Buffer.alloc(32, 7)) }),
    ];
    expect(again.manifest.checksums).toEqual(one.manifest.checksums);
    expect(other.manifest.checksums['entities/orders.jsonl']).not.toEqual(
      one.manifest.checksums['entities/orders.jsonl'],
    );
  });

  it('C25 is encrypted for its recipients, and its bytes hold nothing readable', async () => {
    const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
    const recipient = await identityToRecipient(await generateX25519Identity());
    const sealed = await take('sealed.tar.gz.age', {}, [recipient]);
    const bytes = readFileSync(sealed.file).toString('latin1');
    expect(bytes).toMatch(/^age-encryption/);
    expect(bytes).not.toMatch(/canary|customers|example\.invalid/);
    expect(left()).toEqual([]);
  });

  it.each(['email', 'name', 'phone', 'born', 'account', 'note'])(
    'C25 a scrubber that forgets %s is caught and leaves nothing (negative control)',
    async (forgotten) => {
      const scrub = seedPseudonyms(seed);
      const pseudonym: SnapshotWish['pseudonym'] = (value, column) =>
        column.name === forgotten ? value : scrub(value, column);
      await expect(take('bad.tar.gz', { pseudonym })).rejects.toMatchObject({
        code: 'export_refused',
        message: expect.not.stringMatching(/canary/i),
      });
      expect(left()).toEqual([]);
    },
  );

  it.each([
    ['an address', `canary7@people.test`],
    ['a name', `sent to Canary  Lovelace7, today`],
  ])('C25 %s in a column that nobody declared is found', async (_, remark) => {
    await pool.query('update orders set remark = $1 where id = 5', [remark]);
    await expect(take('bad.tar.gz')).rejects.toMatchObject({ message: expect.stringMatching(/orders\.remark: /) });
    await pool.query(`update orders set remark = 'gift' where id = 5`);
    expect(left()).toEqual([]);
  });

  it('C25 a clone that does not boot leaves nothing', async () => {
    named.length = 0;
    const boot: SnapshotWish['boot'] = (archive) => bootClone(archive, { ...booted, server, smoke: 'exit 3' });
    await expect(take('bad.tar.gz', { boot })).rejects.toThrow(/smoke command passes: expected exit 0, got 3/);
    expect(left()).toEqual([]);
    // Other tests have clones on this server, too.
    expect(named.join()).toContain('tminus_drill_');
    const clones = named.filter((name) => name.startsWith('tminus_drill_'));
    const { rows } = await pool.query(`select datname from pg_database where datname = any($1)`, [clones]);
    expect(rows).toEqual([]);
  });

  it('C25 rows that are lost on the way are found', async () => {
    const open: SnapshotWish['open'] = async () => {
      const session = await openPostgresAt({ connectionString: database.url }, { signal, access: 'read' });
      return { ...session, count: async (query) => (await session.count(query)) + 1 };
    };
    await expect(take('bad.tar.gz', { open })).rejects.toThrow(/customers: expected 61 rows, got 60/);
    expect(left()).toEqual([]);
  });

  it('C25 a relation that only one side declares, and a short seed, are refused before a row is read', async () => {
    const plain = { ...orders, personal: [] };
    await expect(take('bad.tar.gz', { datasets: [plain, customers] })).rejects.toThrow(
      /orders\.customer: expected the category of customers\.email, email, got none/,
    );
    expect(() => seedPseudonyms(Buffer.from('short'))).toThrow(/at least 16 bytes/);
  });

  it('C25 a clone may stay, with its relations whole', async () => {
    let kept: Awaited<ReturnType<typeof keepClone>> | null = null;
    await take('into.tar.gz', {
      boot: async (archive) => {
        kept = await keepClone(archive, { ...booted, server }, 'tminus_drill_snapshot_test1');
        return [];
      },
    });
    const clone = new Pool({ connectionString: kept!.url, max: 1 });
    const { rows } = await clone.query<{ orders: string; owned: string }>(
      `select (select count(*) from orders) as orders, (select count(*) from orders o join customers c on c.email = o.customer) as owned`,
    );
    await clone.end();
    await kept!.drop();
    expect(rows).toEqual([{ orders: '300', owned: '300' }]);
  });
});
