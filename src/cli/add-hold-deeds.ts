import type { Command } from '@commander-js/extra-typings';

import { addDeed } from './add-deed.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadHold = () => import('./commands/hold.ts');

/** Adds `hold` and `resume`. */
export function addHoldDeeds(program: Command, shell: Shell, run: Run): void {
  addHold(program, shell, run);
  addResume(program, shell, run);
}

function addHold(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'hold', 'keep back every further step of a run, or one step, or all that touch an asset')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .option('--id <id>', 'name of the hold (default: the next that is free, hold-1, hold-2 ...)')
    .option('--scope <scope>', 'run, launch, environment or global: hold every run there, and those that come', 'run')
    .option('--step <step>', 'hold this step only')
    .option('--asset <asset>', 'hold the steps that touch this asset')
    .option('--now', 'stop what runs, too (default: let it end)')
    .option('--keep-counting', 'let T-time go on (default: it stands still, and T-0 moves)')
    .action((named, options) => run(options, loadHold, ({ hold }) => hold(shell, named, options)));
}

function addResume(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'resume', 'lift a hold')
    .argument('[run]', 'the run (default: the only open one)')
    .option('--id <id>', 'name of the hold (default: the only one)')
    .option(
      '--everywhere',
      'lift a hold that was put with --scope, named by --id (hold-launch, hold-environment, hold-global)',
    )
    .requiredOption('--reason <text>', 'why it may go on')
    .action((named, options) => run(options, loadHold, ({ resume }) => resume(shell, named, options)));
}
