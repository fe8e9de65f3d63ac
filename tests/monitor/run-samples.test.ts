import { afterAll, beforeAll, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { callOff } from '../../src/engine/rehearsal/call-off.ts';
import { readRunSamples } from '../../src/store/metric.ts';
import { ledgerPlan, ledgerStep, startEngine } from '../runs/start-engine.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

let database: TestDatabase;
let engine: EngineUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  engine = await startEngine(database);
});
afterAll(async () => {
  await engine.close();
  await database.drop();
});

it('O16 a rehearsal that has just ended is among the runs of the last hour, however far its clock is ahead', async () => {
  const id = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]), { mode: 'rehearsal' });
  // Nine days ahead, as a rehearsal of T-7d is at its end.
  await engine.store.database.pool.query('update tminus.run set ahead_ms = 777600000 where id = $1', [id]);
  expect(await callOff(engine.advancer, await engine.read(id))).toBeNull();
  expect(isFinal(await engine.read(id))).toBe(true);
  expect(await readRunSamples(engine.store, 3_600_000)).toMatchObject([{ mode: 'rehearsal', state: 'cancelled' }]);
  await engine.store.database.pool.query(`update tminus.run set ended_at = ended_at - interval '2 hours'`);
  expect(await readRunSamples(engine.store, 3_600_000)).toEqual([]);
});
