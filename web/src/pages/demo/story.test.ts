import { describe, expect, it } from 'vitest';

import { tellStory } from './story.ts';
import type { StoryFacts } from './story.ts';

const fresh: StoryFacts = {
  looked: false,
  isFixed: false,
  isMended: false,
  outcomes: new Map(),
  outcome: 'no-go',
  run: null,
};
const now = (facts: Partial<StoryFacts>): string | undefined =>
  tellStory({ ...fresh, ...facts }).find(({ state }) => state === 'now')?.name;
const good = new Map(['api-health', 'smoke', 'drilled', 'day-of-work'].map((id) => [id, 'pass']));

describe('the story of the demo', () => {
  it('begins with a look, and has exactly one step that is next', () => {
    const steps = tellStory(fresh);
    expect(steps.map(({ state }) => state)).toEqual(['now', ...Array<string>(11).fill('ahead')]);
  });

  it.each([
    [{ looked: true }, 'decide'],
    [{ looked: true, isFixed: true }, 'check'],
    [
      {
        looked: true,
        isFixed: true,
        outcomes: new Map([
          ['api-health', 'pass'],
          ['smoke', 'fail'],
        ]),
      },
      'check',
    ],
    [{ looked: true, isFixed: true, outcomes: good }, 'vote'],
    [{ looked: true, isFixed: true, outcomes: good, outcome: 'go' }, 'order'],
    [{ looked: true, isFixed: true, outcomes: good, outcome: 'no-go', run: 'waiting_human' }, 'run'],
    [{ looked: true, isFixed: true, outcomes: good, run: 'held' }, 'run'],
    [{ looked: true, isFixed: true, outcomes: good, run: 'rolled_back' }, 'mend'],
    [{ looked: true, isFixed: true, isMended: true }, 'check'],
    [{ looked: true, isFixed: true, isMended: true, outcomes: good, outcome: 'go' }, 'order'],
    [{ looked: true, isFixed: true, isMended: true, outcomes: good, run: 'waiting_human' }, 'shift'],
    [{ looked: true, isFixed: true, isMended: true, outcomes: good, run: 'undoing' }, 'back'],
    [{ looked: true, isFixed: true, isMended: true, outcomes: good, run: 'rolled_back' }, undefined],
  ])('goes on from what is so: %#', (facts, wanted) => {
    expect(now(facts)).toBe(wanted);
  });
});
