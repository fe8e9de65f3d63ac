import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadCheck = () => import('./commands/check.ts');
const loadDecide = () => import('./commands/decide.ts');

/** Adds `check` and `decide`. */
export function addDecisionCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('check'))
    .description('run the checks that are due, judge what they saw, and seal it as evidence')
    .argument('[criterion...]', 'ids of criteria (default: all)')
    .option('--force', 'observe again what is still fresh')
    .option('--dry-run', 'say what would be asked and why; ask nothing, write nothing')
    .option('--as <person>', 'who asks (default: the installation)')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .addHelpText('after', checkExamples)
    .action((criteria, options) => run(options, loadCheck, ({ check }) => check(shell, criteria, options)));

  addGlobalOptions(program.command('decide'))
    .description('GO or NO-GO for a gate, with every reason and the shortest way to GO')
    .argument('[gate]', 'id of the gate (default: the only one)')
    .option('--phase <phase>', "decide for another phase than the gate's own")
    .option('--seal', 'keep this decision in the log')
    .option('--html <file>', 'write the decision as one HTML page, too')
    .addHelpText('after', decideExamples)
    .action((gate, options) => run(options, loadDecide, ({ decideCommand }) => decideCommand(shell, gate, options)));
}

const checkExamples = `
Examples:
  tminus check                 run every check that is due
  tminus check api-health      run one, if it is due
  tminus check --force         run all, fresh evidence or not
  tminus check --dry-run       what would be asked, and why
Exit 0 where everything stands, 4 where something did not pass or cannot be asked,
5 where a criterion that you named waits for a person.`;

const decideExamples = `
Examples:
  tminus decide ready
  tminus decide ready --phase canary
  tminus decide ready --json | jq .decision.shortestWay
Exit 0 on GO (with or without conditions), 5 where only people are missing, 4 on any other NO-GO.`;
