import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadServe = () => import('./commands/serve.ts');

/** Adds `serve`. */
export function addServeCommand(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('serve'))
    .description('serve the cockpit and the API, with a worker, until interrupted')
    .argument('[folder...]', 'launch repositories (default: this one); the data directory is that of the first')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', '4780')
    .option('--url <url>', 'address that people open, where a proxy stands before it')
    .option('--no-open', 'do not open a browser')
    .option('--no-worker', 'carry out no steps here; workers run elsewhere')
    .option('--slots <count>', 'steps carried out at once here', '3')
    .option('--log <format>', 'write a line for everything that happens to stderr, as json or text')
    .option('--lame-duck <seconds>', 'how long to say "not ready" before ending, for a balancer', '0')
    .action((folders, options) => run(options, loadServe, ({ serve }) => serve(shell, folders, options)));
}
