import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadDoctor = () => import('./commands/doctor.ts');
const loadEvidence = () => import('./commands/evidence.ts');
const loadVerify = () => import('./commands/verify.ts');

/** Adds `evidence list | show | export`, `verify` and `doctor`. */
export function addEvidenceCommands(program: Command, shell: Shell, run: Run): void {
  const evidence = program
    .command('evidence')
    .description('the log of what was seen, signed and decided')
    .exitOverride();

  addGlobalOptions(evidence.command('list').exitOverride())
    .description('list the entries of the log, oldest first')
    .argument('[criterion]', 'only what is about this criterion or gate')
    .action((criterion, options) =>
      run(options, loadEvidence, ({ listEvidence }) => listEvidence(shell, criterion, options)),
    );

  addGlobalOptions(evidence.command('show').exitOverride())
    .description('show one entry whole, or the raw bytes of one of its sources')
    .argument('<id>', 'id of the entry, at least its first four digits')
    .option('--source <name>', 'print the bytes of this source')
    .action((id, options) => run(options, loadEvidence, ({ showEvidence }) => showEvidence(shell, id, options)));

  addGlobalOptions(evidence.command('export').exitOverride())
    .description('decide a gate, seal the decision and write a bundle that a stranger can verify')
    .argument('[gate]', 'id of the gate (default: the only one)')
    .requiredOption('--out <dir>', 'a new or empty folder')
    .option('--phase <phase>', "decide for another phase than the gate's own")
    .action((gate, options) =>
      run(options, loadEvidence, ({ exportEvidence }) => exportEvidence(shell, gate, options)),
    );

  program
    .command('verify')
    .description('prove a bundle again, offline: bytes, signatures, evidence and the decision itself')
    .argument('<bundle>', 'folder of the bundle')
    .option('--key <key>', 'the log key as you got it by another way (name+id+base64)')
    .option('--checkpoint <file...>', 'checkpoints of this log that were kept elsewhere')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', verifyExamples)
    .action((bundle, options) => run(options, loadVerify, ({ verify }) => verify(shell, bundle, options)));

  addGlobalOptions(program.command('doctor'))
    .description('say whether this installation can be relied on: database, disk, clock, keys, the log itself')
    .action((options) => run(options, loadDoctor, ({ doctor }) => doctor(shell, options)));
}

const verifyExamples = `
Examples:
  tminus verify bundle
  tminus verify bundle --key "tminus/shop-cutover/1f2e+4c5d6e7f+AZ..." --checkpoint kept-elsewhere.txt
  node tminus-verify.mjs bundle         the same with nothing installed but Node
Exit 0 where everything holds, 4 where something does not, 5 where a needed step could not be done.
Without a checkpoint from elsewhere a cut tail cannot be seen: the report says so, and the rest still counts.`;
