import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadExport = () => import('./commands/export.ts');
const loadRestoreDrill = () => import('./commands/restore-drill.ts');

const as = ['--as <person>', 'who does it; wanted but with --dry-run'] as const;
const key = ['--key <file>', 'their private key'] as const;
const endpoint = ['--s3-endpoint <url>', 'the S3 API (default: that of AWS in the region)'] as const;
const region = ['--s3-region <id>', 'region that requests are signed for'] as const;
const keyId = ['--s3-key-id <id>', 'id of the access key'] as const;
const secret = ['--s3-secret <name>', 'secret of the launch that holds the access key'] as const;

/** Adds `export`, `archive verify` and `restore-drill`. */
export function addArchiveCommands(program: Command, shell: Shell, run: Run): void {
  addExport(program, shell, run);
  addVerify(program, shell, run);
  addDrill(program, shell, run);
}

function addExport(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('export'))
    .description('write an archive of datasets, or of everything that tminus keeps')
    .argument('[dataset...]', 'ids of datasets (default: what tminus keeps)')
    .option('--out <dir>', 'where environment and day become folders (default: exports in the data directory)')
    .option('--to <url>', 'put it there, too: s3://bucket/folder, read back and compared')
    .option(...endpoint)
    .option(...region)
    .option(...keyId)
    .option(...secret)
    .option('--recipient <key...>', 'encrypt for these age recipients (age1...)')
    .option('--source', 'the source of the datasets (default: their target)')
    .option('--since <moment>', 'only what users wrote on the target since then: an instant, or switch')
    .option('--until <moment>', 'and before then (default: all that is there now)')
    .option(...as)
    .option(...key)
    .option('--dry-run', 'say what would be written, and where; write nothing')
    .action((names, options) => run(options, loadExport, ({ exportCommand }) => exportCommand(shell, names, options)));
}

function addVerify(program: Command, shell: Shell, run: Run): void {
  const archive = program.command('archive').description('archives that "tminus export" wrote').exitOverride();
  archive
    .command('verify')
    .exitOverride()
    .description('hold an archive against every rule, offline: bytes, manifest, counts, rows, relations, secrets')
    .argument('<file>', 'the archive, or s3://bucket/key')
    .option('-C, --directory <dir>', 'the launch repository, for s3:// (default: this directory)')
    .option(
      '--data <dir>',
      'where what happened is kept, for s3:// (default: .tminus in the repository, or TMINUS_DATA)',
    )
    .option(...endpoint)
    .option(...region)
    .option(...keyId)
    .option(...secret)
    .option(...as)
    .option(...key)
    .option('--sha256 <hex>', 'the digest that was kept (default: FILE.sha256 beside it)')
    .option('--identity <file>', 'age identities, for an encrypted archive')
    .option('--environment <id>', 'refuse an archive of another environment')
    .option('--json', 'print the report as JSON')
    .action((file, options) =>
      run(options, loadRestoreDrill, ({ verifyArchiveCommand }) => verifyArchiveCommand(shell, file, options)),
    );
}

function addDrill(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('restore-drill'))
    .description(
      'restore an archive into a database made for it, ask it, export it again, compare, and sign what was seen',
    )
    .argument('<archive>', 'the archive, or s3://bucket/key')
    .option(...endpoint)
    .option(...region)
    .option(...keyId)
    .option(...secret)
    .option('--sha256 <hex>', 'the digest that was kept (default: FILE.sha256 beside it)')
    .option('--identity <file>', 'age identities, for an encrypted archive')
    .option(
      '--server <url>',
      'postgres://USER@HOST to make the database on, password in TMINUS_DRILL_PASSWORD (default: a server of its own)',
    )
    .option(...as)
    .option(...key)
    .option('--dry-run', 'verify the archive and restore nothing')
    .action((file, options) =>
      run(options, loadRestoreDrill, ({ restoreDrillCommand }) => restoreDrillCommand(shell, file, options)),
    );
}
