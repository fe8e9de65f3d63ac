import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { applyHolds } from '../../src/engine/advance/apply-holds.ts';
import { liftStandingHold, putStandingHold } from '../../src/store/standing-hold.ts';
import type { StandingHold } from '../../src/store/standing-hold.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

const freeze: StandingHold = {
  id: 'freeze',
  scope: 'environment',
  launch: 'test',
  environment: 'staging',
  mode: 'now',
  count: 'stops',
  by: 'alice',
  reason: 'a fire in the data centre',
};

describe('a hold above single runs', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    await engine.work({ stopEveryMs: 50 });
  });

  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  it('F16 stops what runs within seconds though whoever put it is gone, holds what comes, and lets both go on', async () => {
    const running = await engine.start(
      ledgerPlan([ledgerStep('a', 'apply slow 30s', { interrupted: 'rerun', maxAttempts: 9 })]),
    );
    await engine.until(running, ({ steps }) => steps['a']?.state === 'running');
    // Nobody but the worker brings it to the runs: as if the process that put it had been killed.
    await engine.store.tables.transaction().execute((tx) => putStandingHold(tx, freeze));
    const held = await engine.until(running, ({ state }) => state === 'held');
    expect(held.holds.map(({ id, scope }) => [id, scope])).toEqual([['freeze', 'environment']]);
    await engine.until(running, ({ steps }) => steps['a']?.state === 'pending');

    const late = await engine.start(ledgerPlan([ledgerStep('b', 'apply')]));
    expect((await engine.read(late)).state).toBe('held');

    const elsewhere = { ...freeze, id: 'elsewhere', environment: 'production' };
    await engine.store.tables.transaction().execute((tx) => putStandingHold(tx, elsewhere));
    expect(await applyHolds(engine.store, engine.advancer)).toBe(0);

    await engine.store.tables
      .transaction()
      .execute((tx) => liftStandingHold(tx, { id: 'freeze', by: 'alice', reason: 'it is out' }));
    expect((await engine.until(late, isFinal)).state).toBe('completed');
    await engine.until(running, ({ steps }) => steps['a']?.state === 'running');
    const by = { person: 'alice', role: 'lead' };
    const cancel = {
      kind: 'cancel',
      cause: 'user_initiated',
      takeBack: false,
      approval: null,
      by,
      reason: 'seen',
    } as const;
    await engine.advancer.advance({ run: running, input: cancel });
    await engine.until(running, isFinal);
  });
});
