import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

describe('common operations', () => {
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

  const applied = async (runs: readonly string[]): Promise<string[]> =>
    (await engine.ledger.effects())
      .filter((effect) => effect.applied && runs.includes(effect.key.slice(0, effect.key.indexOf('/'))))
      .map(({ key }) => key)
      .toSorted();

  it('O35 O12 a pool that is scaled up and down while it works loses nothing and does nothing twice', async () => {
    const worker = await engine.work({ slots: 1 });
    const steps = () => [ledgerStep('a', 'apply slow 0.05s'), ledgerStep('b', 'apply slow 0.05s')];
    const runs = await Promise.all(Array.from({ length: 12 }, () => engine.start(ledgerPlan(steps()))));
    for (const slots of [4, 1, 3, 2]) {
      await worker.resize(slots);
      expect(worker.slots).toBe(slots);
    }
    const ended = await Promise.all(runs.map((run) => engine.until(run, isFinal)));
    expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
    expect(await applied(runs)).toEqual(runs.flatMap((run) => [`${run}/a`, `${run}/b`]).toSorted());
    await worker.drain();
  });

  it('O35 a drained worker ends what it has and takes nothing new; the next one goes on', async () => {
    const first = await engine.work({ slots: 1 });
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply slow 4s'), ledgerStep('b', 'apply')]));
    await engine.until(run, ({ steps }) => steps['a']?.state === 'running');
    await first.drain();
    const drained = await engine.read(run);
    expect([drained.steps['a']?.state, drained.steps['b']?.state]).toEqual(['done', 'ready']);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await engine.read(run)).steps['b']?.state).toBe('ready');
    await engine.work({ slots: 1 });
    expect((await engine.until(run, isFinal)).state).toBe('completed');
    expect(await applied([run])).toEqual([`${run}/a`, `${run}/b`]);
  });
});
