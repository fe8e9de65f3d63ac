import type { Command } from '@commander-js/extra-typings';

import { addDeed } from './add-deed.ts';
import { readInstant } from './read-instant.ts';
import { refuseBesides } from './refuse-besides.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadCancelAll = () => import('./commands/cancel-all.ts');
const loadDeed = () => import('./commands/deed.ts');

/** Adds what people do to a whole run: `start`, `retarget`, `recycle`, `cancel`, `undo`. */
export function addRunDeeds(program: Command, shell: Shell, run: Run): void {
  addStart(program, shell, run);
  addCountDeeds(program, shell, run);
  addCancel(program, shell, run);
  addUndo(program, shell, run);
}

function addCountDeeds(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'retarget', 'move T-0; what hangs on the count moves with it')
    .argument('<t0>', 'the new T-0, RFC 3339 with its offset')
    .option('--run <run>', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .action((t0, options) =>
      run(options, loadDeed, ({ deed }) =>
        deed(shell, options, {
          toInput: ({ by, reason }) => ({ kind: 'retarget', t0Ms: readInstant(t0), by, reason }),
        }),
      ),
    );
  addDeed(program, 'recycle', 'take the count back to a declared point')
    .argument('<point>', 'id of the recycle point')
    .option('--run <run>', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .action((point, options) =>
      run(options, loadDeed, ({ deed }) =>
        deed(shell, options, { toInput: ({ by, reason }) => ({ kind: 'recycle', point, by, reason }) }),
      ),
    );
}

function addStart(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'start', 'hand an approved run to the workers, where nobody has yet')
    .argument('[run]', 'the run (default: the only open one)')
    .action((named, options) =>
      run(options, loadDeed, ({ deed }) =>
        deed(shell, options, { run: named ?? null, toInput: () => ({ kind: 'enqueue' }) }),
      ),
    );
}

function addCancel(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'cancel', 'call a run off: what runs is asked to end, nothing more begins')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .option('--take-back', 'take back what was done, newest first')
    .option('--all', 'every open run of the launch, or of --environment')
    .action((named, options) =>
      options.all === true
        ? run(options, loadCancelAll, ({ cancelAll }) =>
            cancelAll(shell, refuseBesides('--all', { run: named }, options)),
          )
        : run(options, loadDeed, ({ deed }) =>
            deed(shell, options, {
              run: named ?? null,
              toInput: ({ by, reason, wayBack }) => ({
                kind: 'cancel',
                cause: 'user_initiated',
                takeBack: options.takeBack === true,
                approval: wayBack,
                by,
                reason,
              }),
            }),
          ),
    );
}

function addUndo(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'undo', 'take back what a run has done, newest first')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .action((named, options) =>
      run(options, loadDeed, ({ deed }) =>
        deed(shell, options, {
          run: named ?? null,
          toInput: ({ by, reason, wayBack }) => ({ kind: 'undo', approval: wayBack, by, reason }),
        }),
      ),
    );
}
