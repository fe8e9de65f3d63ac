import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { replay } from '../../src/core/procedure/apply-changes.ts';
import type { Change } from '../../src/core/procedure/change.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import { readEvents } from '../../src/store/event.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

describe('a run of the engine', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    await engine.work();
  });

  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  it('O01 goes from step to step, each effect once, and its state is what its events amount to', async () => {
    const run = await engine.start(
      ledgerPlan([ledgerStep('a', 'apply'), ledgerStep('b', 'apply'), ledgerStep('c', 'apply')]),
    );
    const ended = await engine.until(run, isFinal);
    expect(ended.state).toBe('completed');
    const mine = (await engine.ledger.effects()).filter(({ key }) => key.startsWith(`${run}/`));
    expect(mine.map(({ key, applied }) => [key, applied])).toEqual(['a', 'b', 'c'].map((id) => [`${run}/${id}`, true]));
    const events = await readEvents(engine.store, 0, { run });
    expect(events.map(({ number }) => number)).toEqual(events.map((_, place) => place + 1));
    expect(replay(events.map(({ body }) => body as unknown as Change))).toEqual(ended);
  });

  it('O15 cursors rise by one over all runs, without a gap', async () => {
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => engine.start(ledgerPlan([ledgerStep('a', 'apply'), ledgerStep('b', 'apply')]))),
    );
    await Promise.all(runs.map((run) => engine.until(run, isFinal)));
    const cursors = (await readEvents(engine.store, 0, { limit: 10_000 })).map(({ cursor }) => cursor);
    expect(cursors).toEqual(cursors.map((_, place) => place + 1));
    expect(cursors.length).toBeGreaterThan(100);
  });

  it('O07 a step that runs is asked to end, and the run ends cancelled', async () => {
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply slow 60s'), ledgerStep('b', 'apply')]));
    await engine.until(run, ({ steps }) => steps['a']?.state === 'running');
    const cancelled = await engine.advancer.advance({
      run,
      input: {
        kind: 'cancel',
        cause: 'user_initiated',
        takeBack: false,
        approval: null,
        by: { person: 'alice', role: 'lead' },
        reason: 'wrong day',
      },
    });
    expect(cancelled.state).toBe('decided');
    const ended = await engine.until(run, isFinal);
    expect([ended.state, ended.steps['a']?.state, ended.steps['b']?.state]).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    expect((await engine.ledger.effects()).filter(({ key }) => key.startsWith(`${run}/`))).toEqual([]);
  });

  it('O08 a step past its limit ends as timed out, not as cancelled, and holds the run', async () => {
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply slow 60s', { limitMs: 500 })]));
    const held = await engine.until(run, ({ state }) => state === 'held');
    expect(held.steps['a']?.state).toBe('timed_out');
  });

  it('a step that fails holds the run until somebody decides', async () => {
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'fail'), ledgerStep('b', 'apply')]));
    const held = await engine.until(run, ({ state }) => state === 'held');
    expect(held.steps['a']?.detail).toContain('expected success');
    const by = { person: 'alice', role: 'lead' };
    await engine.advancer.advance({ run, input: { kind: 'skip', step: 'a', by, reason: 'not needed today' } });
    expect((await engine.until(run, isFinal)).state).toBe('partial');
  });
});
