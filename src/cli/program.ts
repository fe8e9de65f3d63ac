import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError } from '@commander-js/extra-typings';
import type { Command as PlainCommand } from 'commander';

import { ProductError } from '../core/error/product-error.ts';
import { addAccessCommands } from './add-access-commands.ts';
import { addArchiveCommands } from './add-archive-commands.ts';
import { addDataCommands } from './add-data-commands.ts';
import { addDecisionCommands } from './add-decision-commands.ts';
import { addDocumentCommands } from './add-document-commands.ts';
import { addEventCommands } from './add-event-commands.ts';
import { addEvidenceCommands } from './add-evidence-commands.ts';
import { addPeopleCommands } from './add-people-commands.ts';
import { addFixCommands } from './add-fix-commands.ts';
import { addImportCommands } from './add-import-commands.ts';
import { addRedirectCommands } from './add-redirect-commands.ts';
import { addMailoutCommands } from './add-mailout-commands.ts';
import { addObjectiveCommands } from './add-objective-commands.ts';
import { addMonitorCommands } from './add-monitor-commands.ts';
import { addHoldDeeds } from './add-hold-deeds.ts';
import { addReviewCommands } from './add-review-commands.ts';
import { addRollbackCommands } from './add-rollback-commands.ts';
import { addRolloutCommands } from './add-rollout-commands.ts';
import { addRunCommands } from './add-run-commands.ts';
import { addRunDeeds } from './add-run-deeds.ts';
import { addShadowCommand } from './add-shadow-command.ts';
import { addServeCommand } from './add-serve-command.ts';
import { addSnapshotCommand } from './add-snapshot-command.ts';
import { addStepDeeds } from './add-step-deeds.ts';
import { addTaskListCommands, addTrelloCommands } from './add-trello-commands.ts';

import { printError, runCommand } from './run-command.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

/** Runs the command line and returns its exit code; unknown commands, flags and surplus arguments are refused with 2. */
export async function runProgram(shell: Shell, args: readonly string[]): Promise<number> {
  let exit = 0;
  const run: Run = async (options, load, action) => {
    exit = await runCommand(shell, options.json === true, async () => action(await load()));
  };
  const program = buildProgram(shell, run);
  try {
    await program.parseAsync(['node', 'tminus', ...args]);
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    // What commander printed is for people; a program reads the last line.
    return args.includes('--json') ? printError(shell, true, toUsageError(error)) : 2;
  }
}

function toUsageError(error: CommanderError): ProductError {
  return new ProductError('usage', error.message.replace(/^error: /u, '').replaceAll('\n', ' '), {
    hint: 'read "tminus help", or "tminus help COMMAND"',
    cause: error,
  });
}

/** The tree of commands; also what the shell completion and the reference page are made from. */
export function buildProgram(shell: Shell, run: Run): Command {
  const program = new Command('tminus')
    .description('Launch control for production cutovers: lint, check, decide, prove')
    .version(shell.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => shell.terminal.out(text), writeErr: (text) => shell.terminal.err(text) });
  addDocumentCommands(program, shell, run);
  addReviewCommands(program, shell, run);
  addDecisionCommands(program, shell, run);
  addPeopleCommands(program, shell, run);
  addRunCommands(program, shell, run);
  addRolloutCommands(program, shell, run);
  addShadowCommand(program, shell, run);
  addRollbackCommands(program, shell, run);
  addServeCommand(program, shell, run);
  addMonitorCommands(program, shell, run);
  addObjectiveCommands(program, shell, run);
  addStepDeeds(program, shell, run);
  addHoldDeeds(program, shell, run);
  addRunDeeds(program, shell, run);
  addEvidenceCommands(program, shell, run);
  addAccessCommands(program, shell, run);
  addEventCommands(program, shell, run);
  addArchiveCommands(program, shell, run);
  addImportCommands(program, shell, run);
  addDataCommands(program, shell, run);
  addFixCommands(program, shell, run);
  addRedirectCommands(program, shell, run);
  addMailoutCommands(program, shell, run);
  addSnapshotCommand(program, shell, run);
  addTrelloCommands(program, shell, run);
  addTaskListCommands(program, shell, run);
  program.addHelpText('after', programHelp);
  for (const command of program.commands) command.exitOverride();
  tab(program as unknown as PlainCommand, { completionCommandName: 'completion' });
  return program;
}

const programHelp = `
A first launch:
  tminus init shop-cutover     write launch.md
  tminus lint                  what was understood, and what is missing
  tminus check                 run the checks that are due and seal what they saw
  tminus decide                GO or NO-GO, every reason, the shortest way to GO
  tminus evidence export --out bundle
  tminus verify bundle         what a stranger does with it

Exit codes: 0 done or GO, 1 unexpected, 2 usage, 3 document invalid, 4 NO-GO or not passed,
5 waiting for people, 6 refused by policy, 130 interrupted.
Shell completion: tminus completion bash | zsh | fish | powershell`;
