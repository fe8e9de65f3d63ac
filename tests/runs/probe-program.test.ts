import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { PlannedStep } from '../../src/core/procedure/plan.ts';
import type { StepKind } from '../../src/core/step/step-kind.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

let stopped = 0;

/** Ends as its spec says, as a program would; `hang` until it is told to stop. */
function toProgramKind(ledger: StepKind): StepKind {
  return {
    ...ledger,
    kind: 'program',
    probe: null,
    run: async (spec, { signal }) => {
      if (spec['end'] === 'hang') {
        if (!signal.aborted) await once(signal, 'abort');
        stopped += 1;
      }
      const outcome = spec['end'] === 'hang' ? 'stopped' : (spec['end'] as 'done' | 'failed' | 'stopped');
      return {
        outcome,
        detail: `${outcome}, ${JSON.stringify(spec['exit'])}`,
        facts: { exit: spec['exit'] ?? null, errBytes: spec['errBytes'] ?? 0 },
      };
    },
  };
}

describe('a program that looks whether a step took effect', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    await engine.work({ stepKinds: [engine.ledger.kind, toProgramKind(engine.ledger.kind)] });
  });

  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  async function settle(
    end: string,
    exit: number,
    { errBytes = 0, ...over }: Partial<PlannedStep> & { errBytes?: number } = {},
  ): Promise<string> {
    const at = { file: 'launch.md', line: 1, column: 1 };
    const probe = { kind: 'program', attributes: {}, text: '', spec: { end, exit, errBytes }, at };
    const step = ledgerStep('a', 'apply', { interrupted: 'verify', maxAttempts: 2, probe, ...over });
    const order = { mode: 'rehearsal', setting: { faults: { a: 'crash_after' } } } as const;
    const run = await engine.start(ledgerPlan([step]), order);
    const ended = await engine.until(run, ({ steps }) => ['done', 'unknown', 'failed'].includes(steps['a']!.state));
    return `${ended.steps['a']!.state} ${ended.steps['a']!.attempt}`;
  }

  it.each([
    ['done', 0, 'done 1'],
    ['failed', 1, 'done 2'],
    ['failed', 2, 'unknown 1'],
    ['stopped', 0, 'unknown 1'],
    ['stopped', 1, 'unknown 1'],
  ])('F1 %s with exit status %d leaves the step %s', async (end, exit, wanted) => {
    expect(await settle(end, exit)).toBe(wanted);
  });

  it('F1 one that breaks with exit status 1 and says so is no answer', async () => {
    expect(await settle('failed', 1, { errBytes: 40 })).toBe('unknown 1');
  });

  it('F13 one that hangs is told to stop at the limit of the step, and a person is asked', async () => {
    const before = stopped;
    expect(await settle('hang', 0, { limitMs: 8_000 })).toBe('unknown 1');
    await expect.poll(() => stopped, { timeout: 60_000 }).toBe(before + 1);
  });
});
