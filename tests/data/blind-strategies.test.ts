import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { datasetOf } from '../../src/core/dataset/dataset.fixture.ts';
import type { DatastoreSession } from '../../src/core/dataset/datastore-kind.ts';
import { judgeReconcile } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import { compareDataset } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { fillPostgres } from './trap-tables.ts';

let legacy: TestDatabase;
let shop: TestDatabase;

beforeAll(async () => {
  [legacy, shop] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await Promise.all([legacy, shop].map(({ url }) => fillPostgres(url)));
  const client = new Client({ connectionString: shop.url });
  await client.connect();
  await client.query(`update t set name = 'planted' where id = 700`);
  await client.end();
});

afterAll(() => Promise.all([legacy.drop(), shop.drop()]));

const dataset = datasetOf();

type Strategy = 'native' | 'bucket' | 'stream';
type Blinding = (session: DatastoreSession) => Partial<DatastoreSession>;

async function compare(strategy: Strategy, blind: Blinding): Promise<ReconcileReport> {
  const sizes = { sampleSize: 200, samples: 1, rechecks: [0] };
  const options = { strategy, full: false, seed: 1, previous: null, ...sizes };
  const { report } = await compareDataset(dataset, options, {
    open: async (id, access, signal) => {
      const { url } = id === 'legacy' ? legacy : shop;
      const session = await openPostgresAt({ connectionString: url }, { signal, access });
      return { ...session, ...blind(session) };
    },
    now: Date.now,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return report;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const blindings: [string, Strategy[], Blinding][] = [
  ['rows that stream', ['stream'], () => ({ stream: nothing })],
  ['rows that stream, and how many there are', ['stream'], () => ({ stream: nothing, count: async () => 0 })],
  ['rows that are asked for by key', ['stream', 'bucket', 'native'], () => ({ rows: async () => [] })],
  ['buckets', ['bucket', 'native'], () => ({ buckets: async () => [] })],
  [
    'what is in buckets',
    ['bucket', 'native'],
    (session) => ({
      buckets: async (query) => (await session.buckets!(query)).map((bucket) => ({ ...bucket, hash: 0n })),
    }),
  ],
  ['rows of buckets', ['bucket', 'native'], () => ({ leaves: async () => [] })],
  [
    'what is in rows of buckets',
    ['bucket', 'native'],
    (session) => ({
      leaves: async (...asked) => (await session.leaves!(...asked)).map((leaf) => ({ ...leaf, hash: 0n })),
    }),
  ],
  [
    'what is in rows and buckets',
    ['bucket', 'native'],
    (session) => ({
      buckets: async (query) => (await session.buckets!(query)).map((bucket) => ({ ...bucket, hash: 0n })),
      leaves: async (...asked) => (await session.leaves!(...asked)).map((leaf) => ({ ...leaf, hash: 0n })),
    }),
  ],
];
const cases = blindings.flatMap(([what, strategies, blind]) =>
  strategies.map((strategy) => [strategy, what, blind] as const),
);

describe('(negative control) a strategy that sees nothing', () => {
  it.each<Strategy>(['stream', 'bucket', 'native'])('%s that sees finds the planted row', async (strategy) => {
    const report = await compare(strategy, () => ({}));
    expect(report).toMatchObject({ strategy, differences: { missing: 0, extra: 0, changed: 1 } });
    expect(judgeReconcile(report).verdict).toBe('differs');
  });

  it.each(cases)('C08 %s that does not see %s is not equal', async (strategy, _, blind) => {
    const { verdict, reason } = judgeReconcile(await compare(strategy, blind));
    expect(['differs', 'inconclusive'], `${verdict}: ${reason}`).toContain(verdict);
  });
});
