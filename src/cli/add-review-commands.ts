import type { Command } from '@commander-js/extra-typings';

import { documentMoves } from '../core/review/review-moves.ts';
import type { DocumentMove } from '../core/review/review-moves.ts';
import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadDocument = () => import('./commands/document.ts');

const summaries: { readonly [move in DocumentMove]: string } = {
  submit: 'submit the version that you have seen for review',
  'begin-review': 'begin to review a submitted version; not whoever submitted it',
  'pass-review': 'say that the review found nothing; every thread is resolved',
  approve: 'approve a version whose review has passed; not whoever submitted it',
  lock: 'lock an approved document against saving in the cockpit',
  'request-changes': 'want changes, with --reason',
  reject: 'reject a version for good, with --reason',
  withdraw: 'take back what you submitted',
  unlock: 'take the lock away, with --reason',
};

/** Adds `document`: where documents stand between draft and locked. */
export function addReviewCommands(program: Command, shell: Shell, run: Run): void {
  const document = program.command('document').description('review, approve and lock documents').exitOverride();
  addGlobalOptions(document.command('show').exitOverride())
    .description('where a document stands, who may do what next, open threads, history')
    .argument('<path>', 'relative to the launch repository')
    .action((path, options) => run(options, loadDocument, ({ documentShow }) => documentShow(shell, path, options)));
  addGlobalOptions(document.command('copy').exitOverride())
    .description('print it with a watermark: state, version, when and by whom')
    .argument('<path>', 'relative to the launch repository')
    .action((path, options) => run(options, loadDocument, ({ documentCopy }) => documentCopy(shell, path, options)));
  for (const move of documentMoves)
    addGlobalOptions(document.command(move).exitOverride())
      .description(summaries[move])
      .argument('<path>', 'relative to the launch repository')
      .requiredOption('--seen <version>', 'version that you have read, at least 12 digits')
      .option('--reason <text>', 'why')
      .requiredOption('--as <person>', 'who does it')
      .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
      .action((path, options) =>
        run(options, loadDocument, ({ documentMove }) => documentMove(shell, { move, path }, options)),
      );
}
