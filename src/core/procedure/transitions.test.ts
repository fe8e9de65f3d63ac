import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { admission, inputKinds } from './admission.ts';
import { applyChanges, replay } from './apply-changes.ts';
import type { Change } from './change.ts';
import { decide } from './decide.ts';
import { renderTransitions } from './render-transitions.ts';
import { canRunMove, runStates, runTransitions } from './run-transitions.ts';
import type { RunMove } from './run-transitions.ts';
import { finalStates } from './run.ts';
import { beganAtMs, newRun, planOf, refusalOf, step } from './runs.fixture.ts';
import { inputOf, runIn } from './states.fixture.ts';
import { canStepMove, stepStates, stepTransitions } from './step-transitions.ts';
import type { StepMove } from './step-transitions.ts';

/**
 * What each state makes of each input, written by hand and not from the code. `+` heard, `=` changes nothing, `?` heard and refused unless the run is being
 * cancelled, else the letter of a refusal.
 * Columns: pending_approval approved queued | running held waiting_human outcome_unknown | stopping undoing | rejected completed partial failed timed_out cancelled rolled_back.
 */
const expected = `
approve          +++ ++++ su eeeeeee
reject           +nn nnnn su eeeeeee
enqueue          a+= bbbb su eeeeeee
start            a++ bbbb su eeeeeee
tick             +++ ++++ ++ =======
step_started     ooo ++++ s+ eeeeeee
step_ended       ooo ++++ ++ eeeeeee
step_interrupted ooo ++++ ++ eeeeeee
step_probed      ooo ++++ ++ eeeeeee
confirm          ooo ++++ s+ eeeeeee
decline          ooo ++++ s+ eeeeeee
permit_late      ooo ++++ s+ eeeeeee
skip             ooo ++++ s+ eeeeeee
retry            ooo ++++ s+ eeeeeee
settle           ooo ++++ ++ eeeeeee
hold             +++ ++++ ++ eeeeeee
release          +++ ++++ ++ eeeeeee
stop_seen        +++ ++++ == eeeeeee
return_seen      +++ ++++ ++ eeeeeee
retarget         +++ ++++ su eeeeeee
recycle          ooo ++++ su eeeeeee
cancel           +++ ++++ =? eeeee=e
undo             ooo ++++ s= eeeeeee
`;
const codes: { [letter: string]: string } = {
  s: 'run_stopping',
  u: 'run_undoing',
  e: 'run_ended',
  n: 'not_waiting_for_approval',
  a: 'not_approved',
  b: 'already_begun',
  o: 'not_begun',
};
const cells = expected
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [kind = '', ...letters] = line.split(/ +/);
    return [...letters.join('')].map((letter, index) => ({ kind, state: runStates[index]!, letter }));
  });

/** The letter of what really happened. A run that hears an input may still refuse what is in it, with a code of its own. */
function letterOf(changes: readonly Change[], asked: string): string {
  const code = refusalOf(changes);
  const stage = Object.entries(codes).find(([, one]) => one === code)?.[0];
  if (asked === '?') return code === 'run_undoing' ? '?' : 'other';
  if (stage !== undefined) return stage;
  return changes.length === 0 && asked !== '+' ? '=' : '+';
}

/** What a move came to: the new state, or the refusal to make it. */
function outcomeOf(make: () => string | undefined): string | undefined {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /, '') : 'other';
  }
}

describe('the table of run states and inputs', () => {
  it('O01 is whole: 16 states, 23 kinds of input, every cell written', () => {
    expect(cells).toHaveLength(16 * 23);
    expect(new Set(cells.map(({ kind }) => kind))).toEqual(new Set(inputKinds));
    expect(Object.keys(runIn)).toEqual([...runStates]);
  });

  it.each(runStates)('O01 the fixture really stands in state %s', (state) => {
    expect(runIn[state]().state).toBe(state);
  });

  it.each(cells)('O01 $state makes $letter of $kind', ({ kind, state, letter }) => {
    const input = inputOf[kind as keyof typeof inputOf];
    const run = runIn[state]();
    const before = JSON.stringify(run);
    const changes = decide(run, input);
    expect(letterOf(changes, letter)).toBe(letter);
    expect(changes.filter(({ kind: one }) => one === 'refused').length).toBe(
      refusalOf(changes) === null ? 0 : changes.length,
    );
    expect(JSON.stringify(run)).toBe(before);
    expect(admission[input.kind][state]).toBe(
      '+?'.includes(letter) ? 'heard' : letter === '=' ? 'same' : codes[letter],
    );
  });

  it('O01 an instant that cannot be read is refused in every state', () => {
    for (const state of runStates) {
      expect(refusalOf(decide(runIn[state](), { kind: 'tick', atMs: Number.NaN }))).toBe('time_unreadable');
    }
  });
});

describe('the tables of moves', () => {
  const run = newRun(planOf([step('copy')]));
  const runCells = runStates.flatMap((state) =>
    Object.keys(runTransitions).map((move) => ({ state, move: move as RunMove })),
  );
  const stepCells = stepStates.flatMap((state) =>
    Object.keys(stepTransitions).map((move) => ({ state, move: move as StepMove })),
  );

  it('O01 a run makes each move from the states of the table and from no other', () => {
    for (const { state, move } of runCells) {
      const make = (): string =>
        applyChanges({ ...run, state }, [{ kind: 'run_moved', move, reason: 'r', set: {}, atMs: beganAtMs }]).state;
      const refused = `expected a state that can ${move}, got ${state}`;
      expect(outcomeOf(make)).toBe(canRunMove(state, move) ? runTransitions[move].to : refused);
    }
    expect(runCells.length).toBe(16 * Object.keys(runTransitions).length);
  });

  it('O01 a step makes each move from the states of the table and from no other', () => {
    for (const { state, move } of stepCells) {
      const steps = { copy: { ...run.steps['copy']!, state } };
      const make = (): string | undefined =>
        applyChanges({ ...run, steps }, [
          { kind: 'step_moved', step: 'copy', move, reason: 'r', set: {}, atMs: beganAtMs },
        ]).steps['copy']?.state;
      const refused = `expected a state that can ${move}, got ${state}`;
      expect(outcomeOf(make)).toBe(canStepMove(state, move) ? stepTransitions[move].to : refused);
    }
  });

  it('O01 nothing leaves a final state, and every other state has a way to one', () => {
    const next = (state: string): string[] =>
      Object.values(runTransitions)
        .filter(({ from }) => from.some((one) => one === state))
        .map(({ to }) => to);
    for (const state of runStates) {
      const seen = new Set([state as string]);
      for (const one of seen) for (const to of next(one)) seen.add(to);
      expect(next(state).length === 0).toBe(finalStates.includes(state));
      expect(finalStates.some((end) => seen.has(end))).toBe(true);
    }
  });

  it('O01 the README shows the tables as they are', () => {
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    expect(readme.replaceAll(/ +\|/g, ' |').replaceAll(/-+\|/g, '---|')).toContain(renderTransitions());
  });

  it('a log that does not begin with its run is no log', () => {
    expect(() => replay([])).toThrow('expected a log that begins with run_created, got nothing');
  });
});
