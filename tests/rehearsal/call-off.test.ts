import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { callOff } from '../../src/engine/rehearsal/call-off.ts';
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

describe('a pass of a rehearsal that stands still', () => {
  it('C07 is called off, and says so where it could not be', async () => {
    const id = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]), { mode: 'rehearsal' });
    const run = await engine.read(id);
    // By somebody who decides nothing in it: refused, as any other refusal told, and not taken for done.
    const stranger = { ...run, plan: { ...run.plan, deciders: ['stranger'], roles: { stranger: ['zoe'] } } };
    expect(await callOff(engine.advancer, stranger)).toContain(`run ${id} could not be called off and is still open: `);
    expect(isFinal(await engine.read(id))).toBe(false);
    expect(await callOff(engine.advancer, { ...run, id: 'run-gone' })).toContain('it is unknown');
    expect(await callOff(engine.advancer, run)).toBeNull();
    expect(isFinal(await engine.read(id))).toBe(true);
  });
});
