import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import type { SignerOptions } from './read-signer.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadFix = () => import('./commands/fix.ts');
const loadRules = () => import('./commands/rules.ts');

const key = ['--key <file>', 'their private key (default: where "tminus key create" put it)'] as const;

/** Adds `rules`, and `fix plan`, `show`, `approve`, `apply` and `undo`. */
export function addFixCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('rules'))
    .description('ask the rules of a dataset: orphans, repeats, implications, values, sums, sequences, counts')
    .argument('<dataset>', 'id of the dataset')
    .option('--rule <id...>', 'only these (default: all)')
    .option('--samples <rows>', 'keys of rows that break a rule which are shown (default: 10)')
    .requiredOption('--as <person>', 'who asks')
    .option(...key)
    .addHelpText('after', rulesHelp)
    .action((dataset, options) => run(options, loadRules, ({ rules }) => rules(shell, dataset, options)));
  addFix(program, shell, run);
}

function addFix(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('fix')
    .description('repair rows of a dataset by what it declares safe: plan, look, approve, apply, take back')
    .exitOverride();
  addGlobalOptions(group.command('plan').exitOverride())
    .description('plan what the declared fixes would change, row by row; changes no byte of the data')
    .argument('<dataset>', 'id of the dataset')
    .requiredOption('--as <person>', 'who asks for it; their own approval does not count')
    .option(...key)
    .action((dataset, options) => run(options, loadFix, ({ fixPlan }) => fixPlan(shell, dataset, options)));
  addGlobalOptions(group.command('show').exitOverride())
    .description('one fix as a diff, with what is left to people; or every fix')
    .argument('[fix]', 'its id, or the digest of its plan (default: list all)')
    .option('--rows <number>', 'rows that are shown (default: 20)')
    .option('--as <person>', 'who looks at the rows; wanted for one fix')
    .option(...key)
    .action((fix, options) => run(options, loadFix, ({ fixShow }) => fixShow(shell, fix, options)));
  addGlobalOptions(group.command('approve').exitOverride())
    .description('sign a plan by its digest')
    .argument('<digest>', 'digest of the plan, as "fix show" prints it')
    .requiredOption('--as <person>', 'who approves')
    .option(...key)
    .requiredOption('--comment <text>', 'why; it stands in what is signed')
    .action((digest, options) => run(options, loadFix, ({ fixApprove }) => fixApprove(shell, digest, options)));
  addDeed(
    group,
    { name: 'apply', says: 'change what was approved, in one transaction, and look again' },
    (fix, options) => run(options, loadFix, ({ fixApply }) => fixApply(shell, fix, options)),
  );
  addDeed(group, { name: 'undo', says: 'take a fix back: every row becomes what it was' }, (fix, options) =>
    run(options, loadFix, ({ fixUndo }) => fixUndo(shell, fix, options)),
  );
}

function addDeed(
  group: Command,
  { name, says }: { name: string; says: string },
  action: (fix: string, options: GlobalOptions & SignerOptions) => Promise<void>,
): void {
  addGlobalOptions(group.command(name).exitOverride())
    .description(says)
    .argument('<fix>', 'its id, or the digest of its plan')
    .requiredOption('--as <person>', 'who does it')
    .option(...key)
    .action(action);
}

const rulesHelp = `
Exit 0 where all hold, 1 where one is broken, 2 where that could not be found out.
For a gate the same is a check: kind: data-rules, run by "tminus check".`;
