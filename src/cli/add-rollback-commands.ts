import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadDrill = () => import('./commands/drill.ts');
const loadRollback = () => import('./commands/rollback.ts');

/** Adds `rollback status`, `rollback start` and `drill`. */
export function addRollbackCommands(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('rollback')
    .description('go back: whether that is possible, how long it takes, and doing it')
    .exitOverride();
  addGlobalOptions(group.command('status').exitOverride())
    .description('can it still go back, how long does that take, until when, and what is lost')
    .action((options) => run(options, loadRollback, ({ rollbackStatus }) => rollbackStatus(shell, options)));
  addGlobalOptions(group.command('start').exitOverride())
    .description(
      'begin a declared way back by its name or kind; of a rollout: weight 0 first, then the procedure that it names',
    )
    .argument(
      '[rollback]',
      'id of a way back, immediate, graceful or recovery, or id of a rollout (default: the only one)',
    )
    .requiredOption('--as <person>', 'who decides')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .requiredOption('--reason <text>', 'why')
    .action((name, options) => run(options, loadRollback, ({ rollbackStart }) => rollbackStart(shell, name, options)));
  addGlobalOptions(program.command('kill').exitOverride())
    .description('flip a kill switch, and see in the running process that it took effect')
    .argument('<switch>', 'id of the procedure that says kind: switch')
    .requiredOption('--as <person>', 'who decides')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .requiredOption('--reason <text>', 'why')
    .action((name, options) => run(options, loadRollback, ({ killCommand }) => killCommand(shell, name, options)));
  addGlobalOptions(program.command('drill').exitOverride())
    .description(
      'drill one way back by the clock (a "drill" check counts the signed report), or rehearse a runbook with its own (a "rehearsal" check does)',
    )
    .argument('[procedure]', 'id of a way back, or of a runbook (default: the only runbook)')
    .requiredOption('--as <person>', 'who drills')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--in-place', 'in the launch repository itself, for what a running process reads from a file of it')
    .option('--out <file>', 'where the report is written (default: reports/drills, or reports/rehearsals)')
    .action((procedure, options) =>
      run(options, loadDrill, ({ drillCommand }) => drillCommand(shell, procedure, options)),
    );
}
