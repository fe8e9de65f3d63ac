import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { admission, inputKinds } from './admission.ts';
import { applyChanges, replay } from './apply-changes.ts';
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
    const stageCodes = new Set(Object.values(codes));
    const code = refusalOf(changes);
    if (letter === '=') expect(changes).toEqual([]);
    else if (letter === '?') expect(code).toBe('run_undoing');
    else if (letter === '+') expect(code === null || !stageCodes.has(code)).toBe(true);
    else expect(code).toBe(codes[letter]);
    if (code !== null) expect(changes).toHaveLength(1);
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
      if (canRunMove(state, move)) expect(make()).toBe(runTransitions[move].to);
      else expect(make).toThrow(`expected a state that can ${move}, got ${state}`);
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
      if (canStepMove(state, move)) expect(make()).toBe(stepTransitions[move].to);
      else expect(make).toThrow(`expected a state that can ${move}, got ${state}`);
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
      if (finalStates.includes(state)) expect(next(state)).toEqual([]);
      else expect(finalStates.some((end) => seen.has(end))).toBe(true);
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
