import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { SeveringProxy } from '../monitor/severing-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { untilEnded } from './until-ended.ts';
import { behindProxy } from './wire-proxy.ts';

describe('a worker that is cut off from its database', () => {
  let database: TestDatabase;
  let proxy: SeveringProxy;
  let cut: EngineUnderTest;
  let other: EngineUnderTest;
  let store: Store;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { target, through } = behindProxy(database.url);
    proxy = new SeveringProxy(target);
    const databaseUrl = through(await proxy.listen());
    store = await openStore({ dataDirectory: database.dataDirectory, databaseUrl });
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
    const ended = await untilEnded(other, run);
    expect([ended.state, ended.steps['a']?.attempt]).toEqual(['completed', 2]);
    const effects = (await other.ledger.effects()).filter(({ key }) => key.startsWith(`${run}/`));
    expect(effects.filter(({ applied }) => applied).map(({ key }) => key)).toEqual([`${run}/a`, `${run}/b`]);
  }, 300_000);

  const untilTakenOver = (run: string): ReturnType<EngineUnderTest['until']> =>
    other.until(run, ({ steps }) => (steps['a']?.attempt ?? 0) === 2 && steps['a']?.state === 'running');
});
