import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadShadow = () => import('./commands/shadow.ts');

/** Adds `shadow`. */
export function addShadowCommand(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('shadow').exitOverride())
    .description(
      'stand before the stable arm and send copies of requests to the canary, until it is interrupted; clients are answered by the stable arm alone',
    )
    .argument('[rollout]', 'id of the rollout that declares it (default: the only one)')
    .option('--show', 'only say what one that runs has found so far')
    .option('--every <length>', 'how often it says what it has found (default: 30s)')
    .action((name, options) => run(options, loadShadow, ({ shadow }) => shadow(shell, name, options)));
}
