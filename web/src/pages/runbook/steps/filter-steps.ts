import type { BoardStep } from '../board.ts';

/** What a table of steps is narrowed down to; null and '' take all. */
export interface StepFilter {
  text: string;
  group: StepGroup | null;
  person: string | null;
  phase: string | null;
}

/** States that people look for, by what they mean and not by their names. */
export type StepGroup = 'open' | 'active' | 'waiting' | 'trouble' | 'done' | 'late';

/** The steps that fit every part of the filter, in their order. */
export function filterSteps(steps: readonly BoardStep[], { text, group, person, phase }: StepFilter): BoardStep[] {
  const words = text.trim().toLowerCase().split(/\s+/u).filter(Boolean);
  return steps.filter(
    (step) =>
      (group === null || isIn(step, group)) &&
      (person === null || step.people.includes(person)) &&
      (phase === null || step.phase === phase) &&
      words.every((word) => `${step.id} ${step.title} ${step.role ?? ''}`.toLowerCase().includes(word)),
  );
}

function isIn({ state, lateMs }: BoardStep, group: StepGroup): boolean {
  switch (group) {
    case 'open':
      return !['done', 'skipped', 'cancelled'].includes(state);
    case 'active':
      return ['ready', 'running', 'verifying', 'waiting_human', 'waiting'].includes(state);
    case 'waiting':
      return state === 'waiting_human';
    case 'trouble':
      return ['failed', 'timed_out', 'unknown'].includes(state);
    case 'done':
      return ['done', 'skipped', 'cancelled'].includes(state);
    case 'late':
      return lateMs !== null;
  }
}
