import { describe, expect, it } from 'vitest';

import type { BoardStep, StepState } from '../board.ts';
import { filterSteps } from './filter-steps.ts';

const step = (id: string, state: StepState, more: Partial<BoardStep> = {}): BoardStep => ({
  id,
  title: `Do ${id}`,
  part: 'forward',
  state,
  human: false,
  role: null,
  people: [],
  phase: null,
  needs: [],
  undo: null,
  offsetMs: null,
  planned: null,
  actual: null,
  rehearsedMs: null,
  attempt: 0,
  lateMs: null,
  isCritical: false,
  detail: null,
  ...more,
});
const all = { text: '', group: null, person: null, phase: null };
const steps = [
  step('freeze', 'done', { phase: 'early' }),
  step('switch', 'waiting_human', { people: ['alice'], role: 'lead', lateMs: 5 }),
  step('move', 'failed'),
];
const ids = (filter: object) => filterSteps(steps, { ...all, ...filter }).map(({ id }) => id);

describe('the filter of the table of steps', () => {
  it('takes all where nothing is said', () => {
    expect(ids({})).toEqual(['freeze', 'switch', 'move']);
  });

  it('finds by what states mean, by person, by phase and by every word', () => {
    expect(ids({ group: 'trouble' })).toEqual(['move']);
    expect(ids({ group: 'late' })).toEqual(['switch']);
    expect(ids({ group: 'open' })).toEqual(['switch', 'move']);
    expect(ids({ person: 'alice' })).toEqual(['switch']);
    expect(ids({ phase: 'early' })).toEqual(['freeze']);
    expect(ids({ text: 'do LEAD' })).toEqual(['switch']);
  });

  it('finds nothing where one part does not fit (negative control)', () => {
    expect(ids({ text: 'switch', group: 'trouble' })).toEqual([]);
  });
});
