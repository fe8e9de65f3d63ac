import type { DecisionNode } from '../../api/client.generated.ts';

/** A step of the story. */
export type StepName =
  | 'look'
  | 'decide'
  | 'fix'
  | 'check'
  | 'rehearse'
  | 'word'
  | 'vote'
  | 'order'
  | 'run'
  | 'mend'
  | 'shift'
  | 'back';

/** What is known of the demo, from what the API says and from nothing else. */
export interface StoryFacts {
  /** Criteria with evidence of any kind. */
  looked: boolean;
  isFixed: boolean;
  /** Whether the candidate is the one that was mended for its customers: what was proven for the one before is to be proven again. */
  isMended: boolean;
  /** Outcome of each criterion of the gate by its id. */
  outcomes: ReadonlyMap<string, string>;
  outcome: string;
  /** State of the newest live run of this candidate; null where there is none. */
  run: string | null;
}

/** One step with how it stands. */
export interface StoryStep {
  name: StepName;
  /** Person of the launch who takes it; null for whoever looks. */
  who: string | null;
  state: 'done' | 'now' | 'ahead';
}

const cast: readonly (readonly [StepName, string | null])[] = [
  ['look', 'carol'],
  ['decide', null],
  ['fix', null],
  ['check', 'carol'],
  ['rehearse', 'dave'],
  ['word', 'carol'],
  ['vote', 'alice'],
  ['order', 'dave'],
  ['run', 'alice'],
  ['mend', null],
  ['shift', 'alice'],
  ['back', 'alice'],
];

/** States of a run from which it goes back, or nowhere any more. */
const ends = ['undoing', 'rolled_back', 'completed', 'partial', 'failed', 'timed_out', 'cancelled', 'rejected'];

/** How the story stands: what is done, the one step that is next, and what lies ahead. */
export function tellStory(facts: StoryFacts): StoryStep[] {
  const done = new Set(cast.map(([name]) => name).filter((name) => isDone(name, facts)));
  const next = cast.find(([name]) => !done.has(name))?.[0];
  return cast.map(([name, who]) => ({
    name,
    who,
    state: done.has(name) ? 'done' : name === next ? 'now' : 'ahead',
  }));
}

function isDone(name: StepName, { looked, isFixed, isMended, outcomes, outcome, run }: StoryFacts): boolean {
  const passes = (id: string): boolean => outcomes.get(id) === 'pass';
  const isGo = outcome !== 'no-go';
  const hasEnded = run !== null && ends.includes(run);
  switch (name) {
    case 'look':
      return looked;
    // Reading leaves no trace: it is done with what follows from it.
    case 'decide':
    case 'fix':
      return isFixed;
    case 'check':
      return passes('api-health') && passes('smoke');
    case 'rehearse':
      return passes('drilled');
    case 'word':
      return passes('day-of-work');
    case 'vote':
      return isGo || run !== null;
    case 'order':
      return run !== null;
    case 'run':
      return isMended || hasEnded;
    case 'mend':
      return isMended;
    case 'shift':
      return isMended && hasEnded;
    case 'back':
      return isMended && run === 'rolled_back';
  }
}

/** Outcome of every criterion in a decision by its id. */
export function toOutcomes(tree: DecisionNode): Map<string, string> {
  const own: [string, string][] = tree.kind === 'criterion' ? [[tree.id, tree.outcome]] : [];
  return new Map([...own, ...tree.children.flatMap((child) => [...toOutcomes(child)])]);
}
