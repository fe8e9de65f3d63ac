import { afterAll, beforeAll, expect, it } from 'vitest';

import { datasetOf } from '../../src/core/dataset/dataset.fixture.ts';
import type { DatastoreSession, OpenDatastore } from '../../src/core/dataset/datastore-kind.ts';
import { judgeReconcile } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import { compareDataset } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { fillPostgres, rowCount } from './trap-tables.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await fillPostgres(database.url);
});

afterAll(() => database.drop());

/** The first 100 lines and no more: a reader that takes a broken connection for the end. */
async function* breakOff(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = 100;
  for await (const chunk of chunks) {
    let end = 0;
    while (left > 0 && chunk.indexOf(10, end) !== -1) {
      end = chunk.indexOf(10, end) + 1;
      left -= 1;
    }
    yield left > 0 ? chunk : chunk.subarray(0, end);
    if (left === 0) return;
  }
}

const openWith =
  (spoil: (session: DatastoreSession) => Partial<DatastoreSession>): OpenDatastore =>
  async (_id, access, signal) => {
    const session = await openPostgresAt({ connectionString: database.url }, { signal, access });
    return { ...session, ...spoil(session) };
  };

const dataset = datasetOf();

const verdictOf = async (open: OpenDatastore, strategy: 'stream' | 'native'): Promise<string> => {
  const options = { strategy, full: false, sampleSize: 0, seed: 1, samples: 1, rechecks: [], previous: null };
  const scene = { open, now: Date.now, signal: new AbortController().signal, progress: () => undefined };
  return judgeReconcile((await compareDataset(dataset, options, scene)).report).verdict;
};

it('C08 reading that breaks off on both sides alike is not two equal tables', async () => {
  expect(rowCount).toBeGreaterThan(1_000);
  expect(
    await verdictOf(
      openWith(() => ({})),
      'stream',
    ),
  ).toBe('equal');
  const broken = openWith((session) => ({ stream: (query) => breakOff(session.stream(query)) }));
  expect(await verdictOf(broken, 'stream')).toBe('inconclusive');
  const short = openWith((session) => ({
    buckets: async (query) => (await session.buckets?.(query))?.slice(1) ?? [],
  }));
  expect(await verdictOf(short, 'native')).toBe('inconclusive');
});
