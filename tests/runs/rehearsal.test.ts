import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { humanStep } from '../../src/core/procedure/runs.fixture.ts';
import type { Plan } from '../../src/core/procedure/plan.ts';
import type { PlantedFault } from '../../src/engine/run-setting.ts';
import { rehearseOnce } from '../../src/engine/rehearsal/rehearse-once.ts';
import type { RehearsedPass } from '../../src/engine/rehearsal/rehearse-once.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

const dayMs = 86_400_000;

describe('a rehearsal', () => {
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

  async function rehearse(
    plan: Plan,
    faults: { [step: string]: PlantedFault } = {},
    takesBack = false,
  ): Promise<RehearsedPass> {
    const t0Ms = Date.now() + 8 * dayMs;
    const run = await engine.start(plan, { mode: 'rehearsal', t0Ms, setting: { faults, standIns: 'all' } });
    return rehearseOnce(engine.advancer, { run, faults, takesBack, signal: AbortSignal.timeout(60_000) });
  }

  const at = (days: number): { timer: { kind: 'offset'; offsetMs: number } } => ({
    timer: { kind: 'offset', offsetMs: days * dayMs },
  });

  function longPlan(): Plan {
    return ledgerPlan(
      [
        humanStep('announce', at(-7)),
        ledgerStep('freeze', 'apply', { ...at(-7), undo: 'thaw', interrupted: 'verify', maxAttempts: 3 }),
        ledgerStep('switch', 'apply', { ...at(0), undo: 'switch-back', interrupted: 'rerun', maxAttempts: 3 }),
        ledgerStep('copy', 'apply', { ...at(0), undo: 'uncopy', interrupted: 'ask' }),
        humanStep('retire', { ...at(180), reversible: false }),
      ],
      { undoSteps: [ledgerStep('thaw', 'apply'), ledgerStep('switch-back', 'apply'), ledgerStep('uncopy', 'apply')] },
    );
  }

  it('C14 goes from T-7d to T+180d, with every effect once, in a moment', async () => {
    const { run, acts, stuck } = await rehearse(longPlan());
    expect([stuck, run.state]).toEqual([null, 'completed']);
    expect(run.endedAtMs! - run.createdAtMs).toBeGreaterThan(187 * dayMs);
    expect(acts.map(({ why, step }) => [why, step])).toEqual([
      ['waits', 'announce'],
      ['waits', 'retire'],
    ]);
    expect(await effectsOf(run.id)).toEqual(['freeze', 'switch', 'copy']);
  });

  it.each([
    ['fails', ['freeze', 'switch', 'copy']],
    ['crash_before', ['freeze', 'switch', 'copy']],
    ['crash_after', ['freeze', 'switch', 'copy']],
    ['times_out', ['freeze', 'switch', 'copy']],
  ] as const)('F1 with %s planted in every machine step, each effect still happens once', async (fault, steps) => {
    const faults = Object.fromEntries(steps.map((step) => [step, fault]));
    const { run, stuck } = await rehearse(longPlan(), faults);
    expect([stuck, run.state]).toEqual([null, 'completed']);
    expect(await effectsOf(run.id)).toEqual([...steps]);
  });

  it('an owner who is absent is escalated, and then somebody who decides acts', async () => {
    const { run, acts } = await rehearse(longPlan(), { announce: 'owner_absent' });
    expect(run.state).toBe('completed');
    expect(acts[0]?.input).toMatchObject({ kind: 'confirm', step: 'announce' });
    expect(run.steps['announce']!.endedAtMs! - run.steps['announce']!.startedAtMs!).toBeGreaterThanOrEqual(dayMs);
  });

  it('C17 the way back is rehearsed before the step that cannot be taken back', async () => {
    const { run, stuck } = await rehearse(longPlan(), {}, true);
    expect([stuck, run.state, run.steps['retire']?.state]).toEqual([null, 'rolled_back', 'cancelled']);
    expect(await effectsOf(run.id)).toEqual(['freeze', 'switch', 'copy', 'uncopy', 'switch-back', 'thaw']);
  });

  it('F71 a way back whose worker dies goes on from where it was, never forward again, each effect once', async () => {
    const faults = { uncopy: 'crash_before', 'switch-back': 'crash_after', thaw: 'fails' } as const;
    const { run, stuck } = await rehearse(longPlan(), faults, true);
    expect([stuck, run.state]).toEqual([null, 'rolled_back']);
    expect(await effectsOf(run.id)).toEqual(['freeze', 'switch', 'copy', 'uncopy', 'switch-back', 'thaw']);
  });

  it.each([
    ['crash_before', 1],
    ['crash_after', 1],
  ] as const)(
    'F72 with %s at the step that cannot be taken back, the point counts as crossed and a person settles it',
    async (fault, times) => {
      const plan = ledgerPlan([
        ledgerStep('copy', 'apply', at(0)),
        ledgerStep('delete', 'apply', { ...at(1), reversible: false, interrupted: 'ask' }),
      ]);
      const { run, acts } = await rehearse(plan, { delete: fault });
      expect([run.state, run.returnPoint.state, run.returnPoint.by]).toEqual(['completed', 'crossed', 'delete']);
      expect(acts.map(({ why, step }) => [why, step])).toContainEqual(['unknown', 'delete']);
      expect((await effectsOf(run.id)).filter((step) => step === 'delete')).toHaveLength(times);
    },
  );

  it('C17 what has no way back is not called rolled back', async () => {
    const plan = ledgerPlan([ledgerStep('copy', 'apply'), humanStep('retire', { reversible: false })]);
    expect((await rehearse(plan, {}, true)).run.state).toBe('partial');
  });

  it('a step that fails by itself ends the rehearsal, and is named', async () => {
    const { stuck } = await rehearse(ledgerPlan([ledgerStep('broken', 'fail')]));
    expect(stuck).toContain('broken failed: expected success');
  });

  async function effectsOf(run: string): Promise<string[]> {
    const seen = await engine.ledger.effects();
    return seen
      .filter(({ key, applied }) => applied && key.startsWith(`${run}/`))
      .map(({ key }) => key.slice(run.length + 1));
  }
});
