import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadDemo = () => import('./commands/demo.ts');
const loadInit = () => import('./commands/init.ts');
const loadLint = () => import('./commands/lint.ts');
const loadPlan = () => import('./commands/plan.ts');
const loadRender = () => import('./commands/render.ts');

/** Adds `init`, `lint`, `plan`, `render` and `demo`. */
export function addDocumentCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('init'))
    .description('write a first launch document')
    .argument('<id>', 'id of the launch: lower-case letters, digits and hyphens')
    .action((id, options) => run(options, loadInit, ({ init }) => init(shell, id, options)));

  program
    .command('lint')
    .description('read documents, prepared or not: what was understood, and what is missing before they can be trusted')
    .argument('[path...]', 'files or folders (default: this directory)')
    .option('--format <format>', 'text, json or sarif', 'text')
    .option('--json', 'the same as --format json')
    .addHelpText('after', lintExamples)
    .action((paths, options) => run(options, loadLint, ({ lint }) => lint(shell, paths, options)));

  program
    .command('plan')
    .description('show which plan files can be begun, which wait for what, and which contradict each other')
    .argument('[path...]', 'files or folders (default: this directory)')
    .option('--json', 'print plans and views as JSON')
    .addHelpText('after', planExamples)
    .action((paths, options) => run(options, loadPlan, ({ plan }) => plan(shell, paths)));

  addGlobalOptions(program.command('render'))
    .description(
      'show the documents with how each criterion stands beside its line; the documents themselves are never written',
    )
    .option('--out <dir>', 'write the copies into this new or empty folder (default: print them)')
    .addHelpText('after', renderExamples)
    .action((options) => run(options, loadRender, ({ render }) => render(shell, options)));

  program
    .command('demo')
    .description('open the cockpit on a real launch that looks done and is not: take it from NO-GO to the rollback')
    .option('--story', 'play it at the terminal instead, command by command, with an offline proof')
    .option('--unattended', 'the story without a person: no pauses')
    .option('--out <dir>', 'leave the launch and what comes of it in this new or empty folder')
    .option('--json', 'the story without pauses, its scenes as JSON')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', '4780')
    .option('--no-open', 'do not open a browser')
    .action((options) => run(options, loadDemo, ({ demo }) => demo(shell, options)));
}

const planExamples = `
A plan file is Markdown whose front matter says status: planned | in-progress | done | blocked | cancelled, or depends:, a list of other plan files.
Examples:
  tminus plan docs/plans
  tminus plan docs/plans --json
Exit 0, or 3 where plans wait in a circle, name what is not there, or are done before what they depend on.`;

const renderExamples = `
Examples:
  tminus render | less
  tminus render --out ../status      copies of all documents, for a wiki or a mail
A criterion that nobody has looked at has no badge: without evidence the copies are the documents, byte for byte.`;

const lintExamples = `
Examples:
  tminus lint                          every document below this directory
  tminus lint docs/cutover.md          a document that nobody prepared for tminus
  tminus lint --format sarif > lint.sarif
Exit 0 without blocking findings, 3 with one.`;
