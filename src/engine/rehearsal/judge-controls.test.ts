import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { CheckReader } from '../../core/check/check.ts';
import { planOf, step } from '../../core/procedure/runs.fixture.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import { checkReaders } from '../../kinds/checks/readers.ts';
import { judgeControls } from './judge-controls.ts';

const at = { file: 'launch.md', line: 1, column: 1 };

/** A plan whose one step is done when this check passes. */
function planWith(check: JsonObject): Plan {
  return planOf([step('go', { action: { kind: 'check', attributes: {}, text: '', spec: { check }, at } })]);
}

function outcomeOf(check: JsonObject, readers: readonly CheckReader[] = checkReaders): string[] {
  return judgeControls(planWith(check), readers, new Map()).map(({ of, outcome }) => `${of}: ${outcome}`);
}

const answers = { kind: 'http', url: 'https://shop.test/', method: 'GET', expect: ['status == 200'] };
const unreadable = checkReaders.map((reader) => ({ ...reader, negativeControl: () => [] }));

describe('judgeControls', () => {
  it('law 2 tells a gate that fails on a broken target from one that passes there, too', () => {
    expect(outcomeOf(answers)).toEqual(['go: fail']);
    expect(outcomeOf({ ...answers, expect: ['status exists'] })).toEqual(['go: pass']);
  });

  it.each<[string, JsonObject, readonly CheckReader[]]>([
    ['whose kind there is none of', { ...answers, kind: 'htttp' }, checkReaders],
    ['whose template nothing fills', { ...answers, url: '{{ candidate.url }}' }, checkReaders],
    ['whose negative control cannot be read', answers, unreadable],
    ['that expects nothing', { ...answers, expect: [] }, checkReaders],
  ])('law 2 does not take a gate %s for one that failed', (_, check, readers) => {
    expect(outcomeOf(check, readers)).toEqual(['go: not_judged']);
  });
});
