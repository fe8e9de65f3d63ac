import { describe, expect, it } from 'vitest';

import { planOf, step } from '../../core/procedure/runs.fixture.ts';
import type { PlannedStep } from '../../core/procedure/plan.ts';
import { planFaults } from '../../core/procedure/plan-fault.ts';
import { stepReaders } from '../../kinds/steps/readers.ts';
import { withUndoByKind } from './undo-by-kind.ts';

const at = { file: 'launch.md', line: 1, column: 1 };

function httpStep(undo: object | null, over: Partial<PlannedStep> = {}): PlannedStep {
  const reader = stepReaders.find(({ kind }) => kind === 'http')!;
  const read = reader.readSpec({
    method: 'PUT',
    url: 'https://shop.example/flags/new',
    json: { on: true },
    ...(undo === null ? {} : { undo }),
  } as never);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return step('flag', { action: { kind: 'http', attributes: {}, text: '', spec: read.spec, at }, ...over });
}

const back = { method: 'PUT', url: 'https://shop.example/flags/new', json: { on: false } };

describe('withUndoByKind', () => {
  it('C17 gives a step whose kind knows its undo a step that undoes it', () => {
    const plan = withUndoByKind(planOf([httpStep(back)]), stepReaders);
    expect(plan.steps[0]?.undo).toBe('undo-flag');
    expect(plan.undoSteps.map(({ id, action }) => [id, action?.kind, action?.spec?.['json']])).toEqual([
      ['undo-flag', 'http', { on: false }],
    ]);
    expect(planFaults(plan)).toEqual([]);
  });

  it.each([
    ['a step whose kind knows none', httpStep(null)],
    ['a step that names its own', httpStep(back, { undo: 'by-hand' })],
    ['a step that cannot be taken back', httpStep(back, { reversible: false })],
    ['a step that only reads', httpStep(back, { writes: false })],
  ])('leaves %s as it is', (_, given) => {
    const plan = withUndoByKind(planOf([given]), stepReaders);
    expect([plan.steps, plan.undoSteps]).toEqual([[given], []]);
  });
});
