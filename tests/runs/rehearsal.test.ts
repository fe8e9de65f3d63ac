import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Change } from '../../src/core/procedure/change.ts';
import { missedFaults } from '../../src/core/rehearsal/missed-faults.ts';
import { readEvents } from '../../src/store/event.ts';
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

describe('a rehearsal', { timeout: 300_000 }, () => {
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
  ): Promise<RehearsedPass & { missed: string[] }> {
    const t0Ms = Date.now() + 8 * dayMs;
    const setting = { faults, standIns: 'all' } as const;
    const run = await engine.start(plan, { mode: 'rehearsal', t0Ms, setting, begins: false });
    const pass = await rehearseOnce(engine.advancer, { run, faults, takesBack, signal: AbortSignal.timeout(250_000) });
    const events = await readEvents(engine.store, 0, { run, limit: 10_000 });
    // A fault that did not happen proves nothing, however well the pass ended.
    return {
      ...pass,
      missed: missedFaults(
        events.map(({ body }) => body as unknown as Change),
        faults,
      ),
    };
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
    const { run, stuck, missed } = await rehearse(longPlan(), faults);
    expect([stuck, run.state, missed]).toEqual([null, 'completed', []]);
    expect(await effectsOf(run.id)).toEqual([...steps]);
  });

  it('an owner who is absent is escalated, and then somebody who decides acts', async () => {
    const { run, acts, missed } = await rehearse(longPlan(), { announce: 'owner_absent' });
    expect([run.state, missed]).toEqual(['completed', []]);
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
    const { run, stuck, missed } = await rehearse(longPlan(), faults, true);
    expect([stuck, run.state, missed]).toEqual([null, 'rolled_back', []]);
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
      const { run, acts, missed } = await rehearse(plan, { delete: fault });
      expect(missed).toEqual([]);
      expect([run.state, run.returnPoint.state, run.returnPoint.by]).toEqual(['completed', 'crossed', 'delete']);
      expect(acts.map(({ why, step }) => [why, step])).toContainEqual(['unknown', 'delete']);
      expect((await effectsOf(run.id)).filter((step) => step === 'delete')).toHaveLength(times);
    },
  );

  it('C17 what has no way back is not called rolled back', async () => {
    const plan = ledgerPlan([ledgerStep('copy', 'apply'), humanStep('retire', { reversible: false })]);
    expect((await rehearse(plan, {}, true)).run.state).toBe('partial');
  });

  /** Two ways that end in quick machine steps: nobody who looks now and then sees the moment before the last of them. */
  function quickPlan(): Plan {
    return ledgerPlan(
      [
        ledgerStep('freeze', 'apply', { undo: 'thaw' }),
        ledgerStep('left', 'apply', { needs: ['freeze'], undo: 'unleft' }),
        ledgerStep('right', 'apply', { needs: ['freeze'] }),
      ],
      { undoSteps: [ledgerStep('thaw', 'apply'), ledgerStep('unleft', 'apply')] },
    );
  }

  it('C17 the way back of quick last steps side by side is the same each time, whatever has an undo gone', async () => {
    const passes = await Promise.all(Array.from({ length: 20 }, () => rehearse(quickPlan(), {}, true)));
    expect(passes.map(({ stuck, run }) => stuck ?? run.state)).toEqual(Array.from(passes, () => 'rolled_back'));
    const [effects] = await Promise.all(passes.map(({ run }) => effectsOf(run.id)));
    expect(effects).toEqual(['freeze', 'left', 'unleft', 'thaw']);
  });

  it('C17 a last step that has an undo is done and taken back, too', async () => {
    const plan = ledgerPlan(
      [ledgerStep('freeze', 'apply', { undo: 'thaw' }), ledgerStep('switch', 'apply', { undo: 'switch-back' })],
      { undoSteps: [ledgerStep('thaw', 'apply'), ledgerStep('switch-back', 'apply')] },
    );
    const { run, stuck } = await rehearse(plan, {}, true);
    expect([stuck, run.state]).toEqual([null, 'rolled_back']);
    expect(await effectsOf(run.id)).toEqual(['freeze', 'switch', 'switch-back', 'thaw']);
  });

  it('C17 a step behind the one that cannot be taken back is left undone with it', async () => {
    const plan = ledgerPlan(
      [
        ledgerStep('copy', 'apply', { undo: 'uncopy' }),
        ledgerStep('delete', 'apply', { reversible: false }),
        ledgerStep('look', 'apply'),
      ],
      { undoSteps: [ledgerStep('uncopy', 'apply')] },
    );
    const { run, stuck } = await rehearse(plan, {}, true);
    expect([stuck, run.state, run.returnPoint.state]).toEqual([null, 'rolled_back', 'ahead']);
    expect(await effectsOf(run.id)).toEqual(['copy', 'uncopy']);
  });

  it('O08 a planted timeout leaves its neighbours the time that they really take', async () => {
    const side = { needs: ['freeze'], limitMs: 60_000 };
    const plan = ledgerPlan([
      ledgerStep('freeze', 'apply'),
      ledgerStep('slow', 'apply slow 1.5s', side),
      ledgerStep('late', 'apply', { ...side, interrupted: 'rerun', maxAttempts: 3 }),
    ]);
    const { run, stuck, missed } = await rehearse(plan, { late: 'times_out' });
    expect([stuck, run.state, missed]).toEqual([null, 'completed', []]);
    expect([run.steps['slow']!.attempt, run.steps['late']!.attempt]).toEqual([1, 2]);
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
