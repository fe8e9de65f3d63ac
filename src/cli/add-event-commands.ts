import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadEvents = () => import('./commands/events.ts');
const loadWebhook = () => import('./commands/webhook.ts');

const who = ['--as <person>', 'who does it'] as const;
const key = ['--key <file>', 'their private key (default: where "tminus key create" put it)'] as const;

/** Adds `webhook` and `events`: what leaves the installation, and what is no longer kept. */
export function addEventCommands(program: Command, shell: Shell, run: Run): void {
  const webhook = program.command('webhook').description('where events are sent, as signed CloudEvents').exitOverride();
  addGlobalOptions(webhook.command('list').exitOverride())
    .description('list them, with how far each is')
    .action((options) => run(options, loadWebhook, ({ webhookList }) => webhookList(shell, options)));
  addGlobalOptions(webhook.command('add').exitOverride())
    .description('send what happens from now on to an address')
    .argument('<name>', 'small letters, digits and -')
    .argument('<url>', 'https; http only to hosts that the worker allows')
    .requiredOption('--secret <place>', 'where the signing secret is kept: env:NAME, file:PATH')
    .option('--launch <launch...>', 'only of these launches')
    .option('--type <type...>', 'only these types or families, such as step.failed or approval')
    .requiredOption(...who)
    .option(...key)
    .action((id, url, options) =>
      run(options, loadWebhook, ({ webhookAdd }) => webhookAdd(shell, { id, url }, options)),
    );
  addGlobalOptions(webhook.command('remove').exitOverride())
    .description('remove one')
    .argument('<name>')
    .requiredOption(...who)
    .option(...key)
    .action((id, options) => run(options, loadWebhook, ({ webhookRemove }) => webhookRemove(shell, id, options)));
  addGlobalOptions(webhook.command('test').exitOverride())
    .description('send a message that is no event')
    .argument('<name>')
    .requiredOption(...who)
    .option(...key)
    .action((id, options) => run(options, loadWebhook, ({ webhookTest }) => webhookTest(shell, id, options)));
  addGlobalOptions(webhook.command('replay').exitOverride())
    .description('switch it on, and send again what was not sent')
    .argument('<name>')
    .option('--after <cursor>', 'everything after this event (default: what was not sent while it was off)')
    .requiredOption(...who)
    .option(...key)
    .action((id, options) => run(options, loadWebhook, ({ webhookReplay }) => webhookReplay(shell, id, options)));
  addPruneCommand(program, shell, run);
}

function addPruneCommand(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('prune'))
    .description('remove old events of runs that have ended; evidence, decisions and reports stay')
    .requiredOption('--older-than <length>', 'what is younger stays, such as 400d')
    .requiredOption('--reason <text>', 'why')
    .option('--dry-run', 'count them, change nothing')
    .requiredOption(...who)
    .option(...key)
    .action((options) => run(options, loadEvents, ({ eventsPrune }) => eventsPrune(shell, options)));
}
