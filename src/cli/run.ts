import type { CommandResult } from './command-result.ts';
import type { GlobalOptions } from './global-options.ts';

/** Runs what a command does and prints what it came to; the exit code reaches `runProgram`. */
export type Run = (options: GlobalOptions, action: () => Promise<CommandResult> | CommandResult) => Promise<void>;
