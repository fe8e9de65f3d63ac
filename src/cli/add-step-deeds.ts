import type { Command } from '@commander-js/extra-typings';

import { addDeed } from './add-deed.ts';
import { deed, toProof } from './commands/deed.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

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
        run(options, () => deed(shell, options, { step, toInput: ({ by, reason }) => ({ kind, step, by, reason }) })),
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
    .action((step, options) =>
      run(options, () =>
        deed(shell, options, {
          step,
          toInput: ({ run: now, by }) => ({
            kind: 'confirm',
            step,
            by,
            proof: toProof(shell, now, step, options.proof),
          }),
        }),
      ),
    );
}

function addSettle(program: Command, shell: Shell, run: Run): void {
  addStepDeed(program, 'settle', 'say what became of a step whose outcome nobody could tell')
    .requiredOption('--reason <text>', 'what you saw')
    .option('--failed', 'it did not take effect (default: it did)')
    .action((step, options) =>
      run(options, () =>
        deed(shell, options, {
          step,
          toInput: ({ by, reason }) => ({
            kind: 'settle',
            step,
            outcome: options.failed === true ? 'failed' : 'done',
            by,
            reason,
          }),
        }),
      ),
    );
}
