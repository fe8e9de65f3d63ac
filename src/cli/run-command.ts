import { describeFileError, isDiskFull } from '../core/error/describe-file-error.ts';
import { errorCodes } from '../core/error/error-codes.ts';
import { ProductError } from '../core/error/product-error.ts';
import type { CommandResult } from './command-result.ts';
import { toInert } from './inert.ts';
import type { Shell } from './shell.ts';

/** Runs one command and prints what it came to. Returns the exit code; never throws. */
export async function runCommand(shell: Shell, json: boolean, action: () => Promise<CommandResult>): Promise<number> {
  try {
    const result = await action();
    if (json) shell.terminal.out(`${JSON.stringify(result.json, null, 2)}\n`);
    else if (result.bytes) shell.terminal.bytes(result.bytes);
    else shell.terminal.out(result.text);
    return result.exit;
  } catch (error) {
    return printError(shell, json, toProductError(error, shell.signal));
  }
}

function toProductError(error: unknown, signal: AbortSignal): ProductError {
  if (error instanceof ProductError) return error;
  if (signal.aborted) {
    return new ProductError('interrupted', 'interrupted before the work was done', {
      hint: 'run the same command again: what was sealed stays, the rest is due again',
      cause: error,
    });
  }
  if (isDiskFull(error)) {
    return new ProductError('disk_full', `expected free disk space, got ${describeFileError(error)}`, {
      hint: 'free some space and run the same command again; nothing was half written',
      cause: error,
    });
  }
  return new ProductError('internal', error instanceof Error ? error.message : String(error), {
    hint: 'this is a fault of tminus: report it with the command, the version and the lines above',
    cause: error,
  });
}

/** Prints an error as a person or, with `json`, a program reads it. Returns its exit code. */
export function printError({ terminal, env }: Shell, json: boolean, error: ProductError): number {
  const { exit } = errorCodes[error.code];
  if (json) {
    terminal.err(`${JSON.stringify({ error: error.toReport() })}\n`);
    return exit;
  }
  const { red, dim } = terminal.palette;
  const place = error.at ? `${error.at.file}:${error.at.line}:${error.at.column}: ` : '';
  const [message, hint] = [toInert(`${place}${error.message}`, false), toInert(error.hint, false)];
  terminal.err(`${red('error')} ${message}\n${dim('hint')}  ${hint}\n`);
  if (error.code === 'internal' || env['TMINUS_DEBUG']) {
    const cause = error.cause instanceof Error ? error.cause.stack : undefined;
    if (cause) terminal.err(`${dim(cause)}\n`);
  }
  return exit;
}
