import { randomUUID } from 'node:crypto';
import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { describeFileError, isDiskFull } from '../core/error/describe-file-error.ts';
import { ProductError } from '../core/error/product-error.ts';

/** Makes a folder and those above it; one that is there is fine. Throws `disk_full` or `output_unwritable` where it cannot be made. */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    makeMissing(folder, mode);
  } catch (cause) {
    throw toOutputError(folder, cause);
  }
}

/** Not `mkdirSync` with `recursive`: where a file system such as /proc answers ENOENT to every mkdir, that one never ends. */
function makeMissing(folder: string, mode: number): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  if (!stat) makeMissing(dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (cause) {
    // Two processes that begin together both find none: the later one has its folder, too.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw cause;
  }
}

/**
 * Writes a file that is not there yet, whole or not at all. Throws `output_exists` where there is one: nothing is ever overwritten.
 * `mode` holds from the first byte, so that a private key is never readable by others.
 */
export function writeNewFile(file: string, content: string | Uint8Array, mode = 0o666): void {
  try {
    writeFileSync(file, content, { mode, flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw existing(file, cause);
    // The file is ours: with `wx` everything but EEXIST happens before it is made, or after we made it.
    removeDraft(file);
    throw toOutputError(file, cause);
  }
}

/** Writes a file, or replaces it, whole or not at all: readers see the old content or the new one. A device or a pipe is written as it is. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) {
      writeFileSync(file, content);
      return;
    }
    writeFileSync(draft, content, { flag: 'wx' });
    renameSync(draft, stat ? realpathSync(file) : file);
  } catch (cause) {
    removeDraft(draft);
    throw toOutputError(file, cause);
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Where the draft could not even be looked up, the first error says why.
  }
}

function existing(file: string, cause: unknown): ProductError {
  return new ProductError('output_exists', `${file}: expected no such file, got one`, {
    hint: 'name another file; this one is never overwritten',
    cause,
  });
}

/** The product error behind a failed write: `disk_full`, else `output_unwritable`. */
export function toOutputError(place: string, cause: unknown): ProductError {
  if (cause instanceof ProductError) return cause;
  if (isDiskFull(cause)) {
    return new ProductError('disk_full', `${place}: expected free disk space, got ${describeFileError(cause)}`, {
      hint: 'free some space and run the same command again; nothing was half written',
      cause,
    });
  }
  return new ProductError(
    'output_unwritable',
    `${place}: expected a place that can be written, got ${describeFileError(cause)}`,
    { hint: 'name another place, or give the current user the right to write there', cause },
  );
}
