import { errorCodes } from '../core/error/error-codes.ts';
import { ProductError } from '../core/error/product-error.ts';
import type { CommandResult } from './command-result.ts';
import type { Shell } from './shell.ts';

/** Runs one command and prints what it came to. Returns the exit code; never throws. */
export async function runCommand(shell: Shell, json: boolean, action: () => Promise<CommandResult>): Promise<number> {
  try {
    const result = await action();
    shell.terminal.out(json ? `${JSON.stringify(result.json, null, 2)}\n` : result.text);
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
    return new ProductError('disk_full', 'no space left on the disk - expected room to write, got ENOSPC', {
      hint: 'free some space and run the same command again; nothing was half written',
      cause: error,
    });
  }
  return new ProductError('internal', error instanceof Error ? error.message : String(error), {
    hint: 'this is a fault of tminus: report it with the command, the version and the lines above',
    cause: error,
  });
}

function isDiskFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC';
}

function printError({ terminal, env }: Shell, json: boolean, error: ProductError): number {
  const { exit } = errorCodes[error.code];
  if (json) {
    terminal.err(`${JSON.stringify({ error: error.toReport() })}\n`);
    return exit;
  }
  const { red, dim } = terminal.palette;
  const place = error.at ? `${error.at.file}:${error.at.line}:${error.at.column}: ` : '';
  terminal.err(`${red('error')} ${place}${error.message}\n${dim('hint')}  ${error.hint}\n`);
  if (error.code === 'internal' || env['TMINUS_DEBUG']) {
    const cause = error.cause instanceof Error ? error.cause.stack : undefined;
    if (cause) terminal.err(`${dim(cause)}\n`);
  }
  return exit;
}
