import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadForecast = () => import('./commands/forecast.ts');
const loadMetrics = () => import('./commands/metrics.ts');

/** Adds `forecast` and `metrics`. */
export function addMonitorCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('forecast'))
    .description('when it will be through, how late T-0 is, and until when the way back still fits')
    .argument('[what]', 'a run, or a procedure begun now (default: the only open run, else the only runbook)')
    .option('--assume <length>', 'take this for steps that were never measured, such as 5m; they are named')
    .option('--samples <count>', 'how often lengths are drawn', '2000')
    .option('--seed <number>', 'the same seed gives the same figures', '1')
    .action((what, options) =>
      run(options, loadForecast, ({ forecastCommand }) => forecastCommand(shell, what, options)),
    );
  addGlobalOptions(program.command('metrics'))
    .description('how the installation is, and every metric with its target and alert')
    .option('--within <length>', 'how far back is looked', '1h')
    .option('--format <format>', 'text, prometheus (its text format) or openmetrics (1.0)', 'text')
    .action((options) => run(options, loadMetrics, ({ metrics }) => metrics(shell, options)));
}
