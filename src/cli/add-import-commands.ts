import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadImport = () => import('./commands/import.ts');
const loadImportLog = () => import('./commands/import-log.ts');

const key = ['--key <file>', 'their private key (default: where "tminus key create" put it)'] as const;

/** Adds `import plan`, `approve`, `apply`, `status`, `log` and `rollback`. */
export function addImportCommands(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('import')
    .description('bring the records of a dataset into its target: look, approve, write, verify, take back')
    .exitOverride();
  addGlobalOptions(group.command('plan').exitOverride())
    .description('count what an import would do, and why not; changes no byte')
    .argument('<dataset>', 'id of the dataset')
    .requiredOption('--as <person>', 'who asks for it; their own approval does not count')
    .option(...key)
    .option('--delta', 'only what changed since the last import')
    .action((dataset, options) => run(options, loadImport, ({ importPlan }) => importPlan(shell, dataset, options)));
  addGlobalOptions(group.command('approve').exitOverride())
    .description('sign the newest dry run: target, backup, report, rollback, export and restore by their evidence')
    .argument('<dataset>', 'id of the dataset')
    .requiredOption('--as <person>', 'who approves')
    .option(...key)
    .requiredOption('--comment <text>', 'why; it stands in what is signed')
    .action((dataset, options) =>
      run(options, loadImport, ({ importApprove }) => importApprove(shell, dataset, options)),
    );
  addGlobalOptions(group.command('apply').exitOverride())
    .description('write what was approved, in chunks; run again after a stop, it goes on where it was')
    .argument('<dataset>', 'id of the dataset')
    .requiredOption('--as <person>', 'who does it')
    .option(...key)
    .action((dataset, options) => run(options, loadImport, ({ importApply }) => importApply(shell, dataset, options)));
  addGlobalOptions(group.command('status').exitOverride())
    .description('every import of a dataset: where it stands, what it did, who moved it')
    .argument('[dataset]', 'id of the dataset (default: all)')
    .action((dataset, options) =>
      run(options, loadImport, ({ importStatus }) => importStatus(shell, dataset, options)),
    );
  addLogCommand(group, shell, run);
  addRollback(group, shell, run);
}

function addLogCommand(group: Command, shell: Shell, run: Run): void {
  addGlobalOptions(group.command('log').exitOverride())
    .description('the log of imports: source, exact state, what was copied and what was not, every validation')
    .argument('[dataset]', 'id of the dataset (default: all)')
    .action((dataset, options) => run(options, loadImportLog, ({ importLog }) => importLog(shell, dataset, options)));
}

function addRollback(group: Command, shell: Shell, run: Run): void {
  addGlobalOptions(group.command('rollback').exitOverride())
    .description('take an import back: exactly what it wrote, and nothing that people have edited since')
    .argument('<dataset>', 'id of the dataset')
    .requiredOption('--as <person>', 'who does it')
    .option(...key)
    .option('--batch <id>', 'which import (default: the newest that wrote something)')
    .action((dataset, options) =>
      run(options, loadImport, ({ importRollback }) => importRollback(shell, dataset, options)),
    );
}
