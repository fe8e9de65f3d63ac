import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyTo, copyOf } from './apply-changes.ts';
import { bugs } from './bugs.fixture.ts';
import type { Change } from './change.ts';
import { decide } from './decide.ts';
import { laws } from './laws.fixture.ts';
import { runTransitions } from './run-transitions.ts';
import type { Run } from './run.ts';
import { stepTransitions } from './step-transitions.ts';
import { walk } from './walks.fixture.ts';
import type { Turn } from './walks.fixture.ts';

const choices = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 20, maxLength: 120, size: 'max' });

/** The first law that a walk breaks, and where. A walk that cannot go on breaks one, too. */
function brokenBy(decideBy: typeof decide, numbers: readonly number[]): string | null {
  let turns: Turn[];
  try {
    turns = walk(decideBy, numbers);
  } catch (error) {
    return `the walk ended: ${error instanceof Error ? error.message : String(error)}`;
  }
  for (const [index, turn] of turns.entries()) {
    for (const [name, law] of Object.entries(laws)) {
      const isLast = index === turns.length - 1;
      if (name === 'the log replays to the run' && !isLast) continue;
      const fault = law(turn, turns.slice(0, index), decideBy);
      if (fault !== null) return `${name}: ${fault} at turn ${index}, ${JSON.stringify(turn.input)}`;
    }
  }
  return null;
}

function cellsOf(what: string, table: { [move: string]: { from: readonly string[] } }): string[] {
  return Object.entries(table).flatMap(([move, { from }]) => from.map((state) => `${what} ${move} from ${state}`));
}

/** Every move with the state that it was made from, changes of one decision in their order. */
function noteMoves(before: Run, changes: readonly Change[], made: Set<string>): void {
  const run = copyOf(before);
  for (const change of changes) {
    if (change.kind === 'run_moved') made.add(`run ${change.move} from ${run.state}`);
    if (change.kind === 'step_moved') made.add(`step ${change.move} from ${run.steps[change.step]?.state}`);
    applyTo(run, change);
  }
}

describe('the laws of a run', () => {
  it('O01 hold on every walk', () => {
    fc.assert(
      fc.property(choices, (numbers) => {
        expect(brokenBy(decide, numbers)).toBeNull();
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it(
    'O01 walks make every move from every state of the tables, so that the laws were asked about all of them',
    { timeout: 180_000 },
    () => {
      const made = new Set<string>();
      const declared = [...cellsOf('run', runTransitions), ...cellsOf('step', stepTransitions)];
      for (const numbers of fc.sample(choices, { numRuns: 5_000, seed: 11 })) {
        for (const { before, changes } of walk(decide, numbers)) noteMoves(before, changes, made);
        if (declared.every((cell) => made.has(cell))) break;
      }
      expect(declared.filter((cell) => !made.has(cell))).toEqual([]);
      expect([...made].filter((cell) => !declared.includes(cell))).toEqual([]);
    },
  );

  it.each(Object.keys(bugs))('R7 a planted bug is caught: %s', (name) => {
    const caught = fc.check(
      fc.property(choices, (numbers) => brokenBy(bugs[name]!, numbers) === null || brokenBy(decide, numbers) !== null),
      { numRuns: 800, seed: 7, endOnFailure: true },
    );
    expect(caught.failed, `${name} was not caught in ${caught.numRuns} walks`).toBe(true);
  });

  it('R7 at least 20 bugs are planted', () => {
    expect(Object.keys(bugs).length).toBeGreaterThanOrEqual(20);
  });
});
