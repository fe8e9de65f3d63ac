import type { Command } from '@commander-js/extra-typings';

/** Adds the options of every command that works on a launch and its store. */
export function addGlobalOptions<Args extends unknown[], Opts extends Record<string, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .option('-C, --directory <dir>', 'the launch repository (default: this directory)')
    .option('--data <dir>', 'where what happened is kept (default: .tminus in the repository, or TMINUS_DATA)')
    .option('--environment <id>', "an environment of the launch (default: the document's own)")
    .option('--json', 'print the result as JSON; errors as JSON on the last line of stderr');
}
