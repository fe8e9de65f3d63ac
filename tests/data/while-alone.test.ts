import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { whileAlone } from '../../src/engine/data/import/while-alone.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const batch = { launch: 'shop', environment: 'staging', dataset: 'orders' };

describe('the right to write to a dataset', () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await createTestDatabase();
    store = await database.open();
  });
  afterAll(async () => await database.drop());

  it('F34 is one process its own while it works', async () => {
    const refused = { code: 'import_running' };
    await whileAlone(store, batch, async () => {
      await expect(whileAlone(store, batch, () => Promise.resolve())).rejects.toMatchObject(refused);
      await whileAlone(store, { ...batch, dataset: 'refunds' }, () => Promise.resolve());
    });
  });

  it('F34 is free when the work is over, also for whoever asks at once, and after work that failed', async () => {
    const ask = (): Promise<unknown> => store.database.pool.query('select pg_sleep(0.005)');
    const fail = (): Promise<never> => Promise.reject(new Error('the work failed'));
    for (let round = 0; round < 50; round += 1) {
      // Connections that lie ready make the next one who asks as quick as can be.
      await Promise.all([ask(), ask(), ask(), ask(), ask()]);
      expect(await whileAlone(store, batch, () => Promise.resolve(round))).toBe(round);
      await expect(whileAlone(store, batch, fail)).rejects.toThrow('the work failed');
      expect(await whileAlone(store, batch, () => Promise.resolve(round))).toBe(round);
    }
  });
});
