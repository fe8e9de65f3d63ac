import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

describe('inputs that are decided together', () => {
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

  const begin = (run: string, guard: () => Promise<string | null>) =>
    engine.advancer.advance({ run, input: { kind: 'step_started', step: 'a' }, guard });

  const startMany = (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => engine.start(ledgerPlan([ledgerStep('a', 'apply')]))));

  it('D11 each run hears its own guard: one that is refused begins nothing, and holds no other up', async () => {
    const runs = await startMany(8);
    const answers = await Promise.all(
      runs.map((run, place) => begin(run, () => Promise.resolve(place % 2 === 0 ? `not ${run}` : null))),
    );
    const states = await Promise.all(runs.map(async (run) => (await engine.read(run)).steps['a']?.state));
    expect(states).toEqual(runs.map((_, place) => (place % 2 === 0 ? 'ready' : 'running')));
    expect(answers.map((answer) => (answer.state === 'refused' ? answer.refusal.reason : answer.state))).toEqual(
      runs.map((run, place) => (place % 2 === 0 ? `not ${run}` : 'decided')),
    );
  });

  it('D11 a guard that throws spoils only its own run', async () => {
    const runs = await startMany(4);
    const answers = await Promise.allSettled(
      runs.map((run, place) =>
        begin(run, () => (place === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve(null))),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const states = await Promise.all(runs.map(async (run) => (await engine.read(run)).steps['a']?.state));
    expect(states).toEqual(['running', 'ready', 'running', 'running']);
  });

  it('D11 the second of two inputs for one run is asked when the first has been decided', async () => {
    const [first, second] = await startMany(2);
    const seen: string[] = [];
    const look = (run: string) =>
      engine.advancer.advance({
        run,
        input: { kind: 'step_started', step: 'a' },
        guard: (_tx, now) => Promise.resolve(void seen.push(`${run} ${now.steps['a']?.state}`)).then(() => null),
      });
    await Promise.all([look(first!), look(second!), look(second!)]);
    expect(seen).toEqual([`${first} ready`, `${second} ready`, `${second} running`]);
  });
});
