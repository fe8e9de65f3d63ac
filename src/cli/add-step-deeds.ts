import type { Command } from '@commander-js/extra-typings';

import { ProductError } from '../core/error/product-error.ts';
import { addDeed } from './add-deed.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadConfirm = () => import('./commands/confirm.ts');
const loadDeed = () => import('./commands/deed.ts');

/** Adds what people do about one step: `confirm`, `decline`, `skip`, `retry`, `begin-late`, `settle`. */
export function addStepDeeds(program: Command, shell: Shell, run: Run): void {
  addConfirm(program, shell, run);
  const reasoned = [
    ['decline', 'say that a step that waits for you did not work'],
    ['skip', 'leave a step out; it stays with the run, with your reason'],
    ['retry', 'have a failed or unknown step done again'],
    ['begin-late', 'let a step begin although it is late'],
  ] as const;
  for (const [name, description] of reasoned) {
    const kind = name === 'begin-late' ? 'permit_late' : name;
    addStepDeed(program, name, description)
      .requiredOption('--reason <text>', 'why')
      .action((step, options) =>
        run(options, loadDeed, ({ deed }) =>
          deed(shell, options, { step, toInput: ({ by, reason }) => ({ kind, step, by, reason }) }),
        ),
      );
  }
  addSettle(program, shell, run);
}

function addStepDeed(program: Command, name: string, description: string) {
  return addDeed(program, name, description)
    .argument('<step>', 'id of the step')
    .option('--run <run>', 'the run (default: the only open one)');
}

function addConfirm(program: Command, shell: Shell, run: Run): void {
  addStepDeed(program, 'confirm', 'close a step that waits for you, with the proof that it asks for')
    .option('--proof <value>', 'a url, a file, a status, a comment')
    .option('--comment <text>', 'what you saw')
    .action((step, options) => run(options, loadConfirm, ({ confirm }) => confirm(shell, step, options)));
}

function addSettle(program: Command, shell: Shell, run: Run): void {
  addStepDeed(program, 'settle', 'say what became of a step whose outcome nobody could tell')
    .requiredOption('--reason <text>', 'what you saw')
    .option('--done', 'it took effect')
    .option('--failed', 'it did not take effect')
    .action((step, options) =>
      run(options, loadDeed, ({ deed }) =>
        deed(shell, options, {
          step,
          toInput: ({ by, reason }) => ({
            kind: 'settle',
            step,
            outcome: toOutcome(step, options),
            by,
            reason,
          }),
        }),
      ),
    );
}

/** Nobody could tell, so nothing is taken for granted: whoever settles it says which. */
function toOutcome(step: string, { done, failed }: { done?: boolean; failed?: boolean }): 'done' | 'failed' {
  if (done !== failed) return done === true ? 'done' : 'failed';
  throw new ProductError(
    'usage',
    `settle ${step}: expected --done or --failed, got ${done === true ? 'both' : 'neither'}`,
    {
      hint: 'look at its target, and say what you saw',
    },
  );
}
