import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import { approve } from './commands/approve.ts';
import { approveRun } from './commands/approve-run.ts';
import { attest } from './commands/attest.ts';
import { createKey } from './commands/key.ts';
import { waive } from './commands/waive.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

/** Adds what people sign: `attest`, `approve`, `waive`, and `key create`. */
export function addPeopleCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('attest'))
    .description('sign that a [HUMAN] criterion holds')
    .argument('<criterion>', 'id of the criterion')
    .requiredOption('--as <person>', 'who signs, as the launch names them')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--role <role>', 'the role they speak in (default: the one that the criterion asks for)')
    .option('--comment <text>', 'what was seen', '')
    .option('--proof <value>', 'the proof that the criterion asks for: a url, a file, a status')
    .action((criterion, options) => run(options, () => attest(shell, criterion, options)));

  addApproveCommand(program, shell, run);

  addGlobalOptions(program.command('waive'))
    .description('set a criterion aside until a given time, signed, with a reason')
    .argument('<criterion>', 'id of the criterion')
    .requiredOption('--as <person>', 'who signs')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .requiredOption('--reason <text>', 'why it may be set aside')
    .requiredOption('--until <time>', 'RFC 3339 time at which the waiver ends')
    .requiredOption('--requested-by <person>', 'who asked for it; nobody waives for themselves')
    .option('--role <role>', 'the role they sign in')
    .action((criterion, options) => run(options, () => waive(shell, criterion, options)));

  addKeyCommand(program, shell, run);
}

/** What is voted on is a gate of the launch, or a run that wants an approval: ids of runs begin with `run-`. */
function addApproveCommand(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('approve'))
    .description('sign a go or no-go vote on exactly what is shown now: a gate, or a run that wants an approval')
    .argument('[gate-or-run]', 'id of the gate (default: the only one), or of the run')
    .requiredOption('--as <person>', 'who votes')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--role <role>', 'the role they vote in; for a run the access role (default: the one that is wanted still)')
    .option('--no-go', 'vote no-go')
    .option('--comment <text>', 'why')
    .option('--phase <phase>', "of a gate: the phase, where it is not the gate's own")
    .option('--subject <digest>', 'what you have read, as it was printed; asked for where nobody can be asked')
    .option(
      '--break-glass',
      'of a run: in the place of votes, by a break-glass grant of yours; told to everybody as an exception',
    )
    .action((named, { comment, ...options }) =>
      run(options, () =>
        named?.startsWith('run-') === true
          ? approveRun(shell, named, { ...options, ...(comment === undefined ? {} : { comment }), noGo: !options.go })
          : approve(shell, named, { ...options, ...(comment === undefined ? {} : { comment }), noGo: !options.go }),
      ),
    );
}

function addKeyCommand(program: Command, shell: Shell, run: Run): void {
  program
    .command('key')
    .description('keys that people sign with')
    .exitOverride()
    .command('create')
    .exitOverride()
    .description('make a key pair; print the public half for the front matter')
    .argument('<person>', 'id of the person')
    .option('--out <file>', 'file for the private half (default: your own configuration, outside of any repository)')
    .option('--json', 'print the result as JSON')
    .action((person, options) => run(options, () => createKey(shell, person, options)));
}
