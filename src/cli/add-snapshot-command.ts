import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadSnapshot = () => import('./commands/snapshot.ts');

/** Adds `snapshot`. */
export function addSnapshotCommand(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('snapshot'))
    .description('copy datasets with pseudonyms for what is personal; verified, and nothing where it fails')
    .argument('<dataset...>', 'ids of datasets')
    .requiredOption('--seed <secret>', 'name of the secret that pseudonyms are made under')
    .requiredOption('--as <person>', 'who takes it')
    .option('--key <file>', 'their private key')
    .option('--out <dir>', 'folder of the archive (default: snapshots in the data directory)')
    .option(
      '--into <url>',
      'postgres://USER@HOST to keep a clone on besides, in a database made for it; password in TMINUS_DRILL_PASSWORD',
    )
    .option('--recipient <key...>', 'encrypt for these age recipients (age1...)')
    .option('--source', 'the source of the datasets (default: their target)')
    .option('--smoke <command>', 'has to end with 0, with the address of a clone in DATABASE_URL')
    .action((names, options) =>
      run(options, loadSnapshot, ({ snapshotCommand }) => snapshotCommand(shell, names, options)),
    );
}
