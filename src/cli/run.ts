import type { CommandResult } from './command-result.ts';
import type { GlobalOptions } from './global-options.ts';

/**
 * Loads what a command is made of, runs it and prints what it came to; the exit code reaches `runProgram`. That a command is loaded only here keeps the
 * tree of commands light: what one command needs, the start of another does not pay for.
 */
export type Run = <Commands>(
  options: GlobalOptions,
  load: () => Promise<Commands>,
  action: (commands: Commands) => Promise<CommandResult> | CommandResult,
) => Promise<void>;
