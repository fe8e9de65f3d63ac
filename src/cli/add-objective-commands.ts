import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadDashboards = () => import('./commands/dashboards.ts');
const loadSlo = () => import('./commands/slo.ts');
const loadSloImport = () => import('./commands/slo-import.ts');

/** Adds `slo`, `slo import` and `dashboards`. */
export function addObjectiveCommands(program: Command, shell: Shell, run: Run): void {
  const budgets = addGlobalOptions(program.command('slo'))
    .description('what is left of every error budget, and how fast it burns')
    .action((options) => run(options, loadSlo, ({ slo }) => slo(shell, options)));
  addGlobalOptions(budgets.command('import').exitOverride())
    .description(
      'print what OpenSLO, Sloth or rules of Prometheus declare as drafts of objectives and checks; writes nothing',
    )
    .argument('<file>', 'YAML')
    .option('--source <name>', 'metric source of the launch, of kind prometheus', '')
    .action((file, own, command) => {
      // `slo` takes the options of all commands, too, and keeps those that stand behind `import`.
      const options = { ...own, ...command.optsWithGlobals() };
      return run(options, loadSloImport, ({ importSloFile }) =>
        Promise.resolve(importSloFile(shell, file, options.source)),
      );
    });
  addGlobalOptions(program.command('dashboards'))
    .description(
      'write boards for Grafana, rules for Prometheus, routes for Alertmanager and guides, from the metrics that are declared',
    )
    .requiredOption('--out <folder>', 'a new folder')
    .option('--page <url>', 'webhook that pages who is on call')
    .option('--notify <url>', 'webhook that tells the team')
    .option('--own', 'of this installation instead: what it says of itself at /metrics')
    .option('--target <url>', 'with --own: where the cockpit is scraped', 'http://127.0.0.1:4780')
    .option('--token-file <file>', 'with --own: file with an API token of the scope run.view, as Prometheus finds it')
    .action((options) => run(options, loadDashboards, ({ dashboards }) => dashboards(shell, options)));
}
