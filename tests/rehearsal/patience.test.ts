import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { rehearseOnce } from '../../src/engine/rehearsal/rehearse-once.ts';
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

const rehearsal = { mode: 'rehearsal', setting: { faults: {}, standIns: 'all' }, begins: false } as const;
const signal = new AbortController().signal;

// The second case starts the worker that the first must not have.
describe('the patience of a rehearsal', () => {
  it('C07 ends where nobody carries its steps out, and says that nothing moved', async () => {
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]), rehearsal);
    const ended = await rehearseOnce(engine.advancer, { run, faults: {}, takesBack: false, signal, patienceMs: 500 });
    expect(ended.stuck).toBe('nothing moved for 0.5 s');
    expect(isFinal(ended.run)).toBe(false);
  });

  it('C07 does not end for a step that takes longer than it', async () => {
    await engine.work();
    const slow = ledgerStep('a', 'apply slow 18s', { limitMs: 100_000 });
    const run = await engine.start(ledgerPlan([slow]), rehearsal);
    const wish = { run, faults: {}, takesBack: false, signal, patienceMs: 15_000 };
    const ended = await rehearseOnce(engine.advancer, wish);
    expect([ended.stuck, ended.run.state]).toEqual([null, 'completed']);
  });
});
