import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { SeveringProxy } from '../monitor/severing-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

describe('a worker that is cut off from its database', () => {
  let database: TestDatabase;
  let proxy: SeveringProxy;
  let cut: EngineUnderTest;
  let other: EngineUnderTest;
  let store: Store;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = new URL(database.url.replace('@/', '@localhost/'));
    proxy = new SeveringProxy(`${url.searchParams.get('host')}/.s.PGSQL.5432`);
    const through = `postgres://${url.username}:${url.password}@127.0.0.1:${await proxy.listen()}${url.pathname}`;
    store = await openStore({ dataDirectory: database.dataDirectory, databaseUrl: through });
    // Its target can be reached all the time: only the way to the database is cut.
    cut = await startEngine({ ...database, open: () => Promise.resolve(store) });
    other = await startEngine(database);
  });

  afterAll(async () => {
    await cut.close();
    await other.close();
    await store.close();
    await proxy.close();
    await database.drop();
  });

  it('F47 F49 F5 loses its step to another, is fenced out when it comes back, and each effect is applied once', async () => {
    const step = { interrupted: 'verify', maxAttempts: 5 } as const;
    const run = await other.start(ledgerPlan([ledgerStep('a', 'apply slow 20s', step), ledgerStep('b', 'apply')]));
    await cut.work({ slots: 1, report: () => undefined });
    await other.until(run, ({ steps }) => steps['a']?.state === 'running');
    proxy.shut();
    await other.work({ slots: 1 });
    const takenOver = await untilTakenOver(run);
    proxy.isShut = false;
    expect(takenOver.steps['a']?.attempt).toBe(2);
    const ended = await untilEnded(run);
    expect([ended.state, ended.steps['a']?.attempt]).toEqual(['completed', 2]);
    const effects = (await other.ledger.effects()).filter(({ key }) => key.startsWith(`${run}/`));
    expect(effects.filter(({ applied }) => applied).map(({ key }) => key)).toEqual([`${run}/a`, `${run}/b`]);
  }, 150_000);

  const untilTakenOver = (run: string): ReturnType<EngineUnderTest['until']> =>
    other.until(run, ({ steps }) => (steps['a']?.attempt ?? 0) === 2 && steps['a']?.state === 'running');

  async function untilEnded(run: string): ReturnType<EngineUnderTest['until']> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await other.until(run, isFinal);
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }
});
