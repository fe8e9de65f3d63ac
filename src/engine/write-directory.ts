import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';
import { makeFolder, toOutputError } from './write-file.ts';

/**
 * Refuses a folder that could not be written as a whole: `output_exists` where something is there already, `output_unwritable` where no folder can be.
 * Asked before anything is sealed, so that a mistyped name leaves no trace in the log.
 */
export function assertNewDirectory(directory: string): void {
  if (countEntries(directory) === 0) return;
  throw new ProductError('output_exists', `${directory}: expected a new or empty folder, got one with files`, {
    hint: 'name another folder, or remove this one first',
  });
}

function countEntries(directory: string): number {
  try {
    if (statSync(directory, { throwIfNoEntry: false })) return readdirSync(directory).length;
    accessSync(nearestFolder(dirname(directory)), constants.W_OK);
    return 0;
  } catch (cause) {
    throw toOutputError(directory, cause);
  }
}

/** The folder itself or the nearest one above it that is there. */
function nearestFolder(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return nearestFolder(dirname(folder));
  // With the slash the system itself says ENOTDIR of a file.
  return `${folder}/`;
}

/** Writes files into a directory that is new or empty: all of them or none, because they are written beside it first. */
export function writeDirectory(directory: string, files: ReadonlyMap<string, Uint8Array>): void {
  assertNewDirectory(directory);
  let draft: string | null = null;
  try {
    makeFolder(dirname(directory));
    draft = mkdtempSync(join(dirname(directory), `.${basename(directory)}-`));
    writeFiles(draft, files);
    if (statSync(directory, { throwIfNoEntry: false })) rmdirSync(directory);
    renameSync(draft, directory);
  } catch (cause) {
    if (draft !== null) rmSync(draft, { recursive: true, force: true });
    throw toOutputError(directory, cause);
  }
}

function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
