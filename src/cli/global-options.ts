import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import type { Shell } from './shell.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  directory?: string;
  data?: string;
  environment?: string;
  json?: boolean;
}

/** Absolute path of the launch repository that a command is about: the folder of a document where one is named. */
export function toDirectory(shell: Shell, { directory }: GlobalOptions): string {
  const named = resolve(shell.directory, directory ?? '.');
  return isFile(named) ? dirname(named) : named;
}

/** A path that cannot be looked at is left to whoever opens it, and names the reason. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Absolute path of the data directory: `--data`, TMINUS_DATA, else `.tminus` in the launch repository. */
export function toDataDirectory(shell: Shell, options: GlobalOptions): string {
  const named = options.data ?? shell.env['TMINUS_DATA'];
  if (named) return isAbsolute(named) ? named : resolve(shell.directory, named);
  return join(toDirectory(shell, options), '.tminus');
}
