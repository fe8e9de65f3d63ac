import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadMailout = () => import('./commands/mailout.ts');

const as = ['--as <person>', 'who asks for it'] as const;
const key = ['--key <file>', 'their private key'] as const;
const file = ['<file>', 'Markdown with the mail; its front matter says who gets it'] as const;

/** Adds `mailout plan`, `send`, `status`, `settle` and `proof`. */
export function addMailoutCommands(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('mailout')
    .description('write to many, each address once: look, send, see what became of it')
    .exitOverride();
  addGlobalOptions(group.command('plan').exitOverride())
    .description('who would get it, and why others would not; sends nothing')
    .argument(...file)
    .requiredOption(...as)
    .option(...key)
    .action((path, options) => run(options, loadMailout, ({ mailoutPlan }) => mailoutPlan(shell, path, options)));
  addGlobalOptions(group.command('send').exitOverride())
    .description('send it, each address once over any number of starts')
    .argument(...file)
    .option('--dry-run', 'only say who would get it')
    .option('--send', 'really send')
    .requiredOption('--as <person>', 'who sends')
    .option(...key)
    .action((path, options) => run(options, loadMailout, ({ mailoutSend }) => mailoutSend(shell, path, options)));
  addGlobalOptions(group.command('status').exitOverride())
    .description('what became of every mail so far')
    .argument(...file)
    .action((path, options) => run(options, loadMailout, ({ mailoutStatus }) => mailoutStatus(shell, path, options)));
  addGlobalOptions(group.command('settle').exitOverride())
    .description('say what became of mails that nobody knows of, by their Message-ID')
    .argument(...file)
    .requiredOption('--as <person>', 'who says so')
    .option(...key)
    .option('--sent <id...>', 'the mail server took these')
    .option('--unsent <id...>', 'it did not: the next start sends them')
    .action((path, options) => run(options, loadMailout, ({ mailoutSettle }) => mailoutSettle(shell, path, options)));
  addGlobalOptions(group.command('proof').exitOverride())
    .description('whether everybody who is meant now was told long enough ago, before they are deleted')
    .argument(...file)
    .requiredOption(...as)
    .option(...key)
    .option('--notice <length>', 'how long ago, at least', '14d')
    .action((path, options) => run(options, loadMailout, ({ mailoutProof }) => mailoutProof(shell, path, options)));
}
