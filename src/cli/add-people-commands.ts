import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadApprove = () => import('./commands/approve.ts');
const loadApproveRun = () => import('./commands/approve-run.ts');
const loadAttest = () => import('./commands/attest.ts');
const loadAttestDrill = () => import('./commands/attest-drill.ts');
const loadKey = () => import('./commands/key.ts');
const loadWaive = () => import('./commands/waive.ts');

/** As `tminus drill` names them. */
const drillId = /^drill-[0-9a-f]{10}$/u;

/** Adds what people sign: `attest`, `approve`, `waive`, and `key create`. */
export function addPeopleCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('attest'))
    .description('sign that a [HUMAN] criterion holds, or that you watched a drill which waits for your word')
    .argument('<criterion-or-drill>', 'id of the criterion, or of the drill')
    .requiredOption('--as <person>', 'who signs, as the launch names them')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--role <role>', 'the role they speak in (default: the one that the criterion asks for)')
    .option('--comment <text>', 'what was seen', '')
    .option('--proof <value>', 'the proof that the criterion asks for: a url, a file, a status')
    .action((named, options) =>
      drillId.test(named)
        ? run(options, loadAttestDrill, ({ attestDrill }) => attestDrill(shell, named, options))
        : run(options, loadAttest, ({ attest }) => attest(shell, named, options)),
    );

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
    .action((criterion, options) => run(options, loadWaive, ({ waive }) => waive(shell, criterion, options)));

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
    .action((named, { comment, ...given }) => {
      const options = { ...given, ...(comment === undefined ? {} : { comment }), noGo: !given.go };
      return named?.startsWith('run-') === true
        ? run(options, loadApproveRun, ({ approveRun }) => approveRun(shell, named, options))
        : run(options, loadApprove, ({ approve }) => approve(shell, named, options));
    });
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
    .action((person, options) => run(options, loadKey, ({ createKey }) => createKey(shell, person, options)));
}
