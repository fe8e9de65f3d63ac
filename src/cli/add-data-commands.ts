import { Option } from '@commander-js/extra-typings';
import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadReconcile = () => import('./commands/reconcile.ts');

const strategies = ['auto', 'native', 'bucket', 'stream'] as const;

/** Adds `reconcile`. */
export function addDataCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('reconcile'))
    .description('compare a dataset on both sides, record by record, and name what differs by cause')
    .argument('<dataset>', 'id of a dataset with source and target')
    .addOption(new Option('--strategy <name>', 'how rows are compared').choices(strategies).default('auto' as const))
    .option('--full', 'compare everything although a column differs in most of the sample')
    .option('--sample <rows>', 'records looked at first (default: 2000)')
    .option('--seed <number>', 'which records the sample takes (default: 1)')
    .option('--recheck <length...>', 'look again at what differs after each of these (5s 30s 5m)')
    .option('--since <file>', 'a report of "reconcile --json": say which parts changed since')
    .option('--html <file>', 'write the report as a page, too')
    .option('--markdown <file>', 'write the report as Markdown, too')
    .requiredOption('--as <person>', 'who asks')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .addHelpText('after', reconcileHelp)
    .action((dataset, options) => run(options, loadReconcile, ({ reconcile }) => reconcile(shell, dataset, options)));
}

const reconcileHelp = `
Exit 0 where both sides are the same, 1 where they differ, 2 where that could not be found out.
For a gate the same comparison is a check: kind: reconcile, run by "tminus check".`;
