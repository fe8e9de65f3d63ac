import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';
import { readingLimits } from './document/measure-hostility.ts';

/**
 * Returns the bytes of a document, of a larger one only the first `documentBytes + 1`: enough for the reader to refuse it, whatever the size of the file.
 * Throws `document_unreadable` for what is not a regular file: a pipe would never answer, a device never end.
 */
export function readDocumentFile(file: string, shown: string): Uint8Array {
  let handle: number;
  try {
    // O_NONBLOCK: opening a pipe that nobody writes into would wait for ever.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(shown, describeFileError(cause), cause);
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw unreadable(shown, stat.isDirectory() ? 'a folder' : 'a pipe, a socket or a device');
    return readUpTo(handle, Math.min(stat.size, readingLimits.documentBytes + 1));
  } finally {
    closeSync(handle);
  }
}

function readUpTo(handle: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (let read = -1; at < size && read !== 0; at += read) read = readSync(handle, bytes, at, size - at, at);
  return bytes.subarray(0, at);
}

function unreadable(shown: string, got: string, cause?: unknown): ProductError {
  return new ProductError('document_unreadable', `${shown} cannot be read - expected a file, got ${got}`, {
    hint: 'give the current user the right to read it, or take it out of the folder',
    at: { file: shown, line: 1, column: 1 },
    cause,
  });
}

/** What stood in the way of opening a file or a folder, in words. */
export function describeFileError(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const reasons: { [code: string]: string } = {
    ENOENT: 'nothing of that name',
    EACCES: 'no permission',
    ELOOP: 'a circle of symbolic links',
    ENOTDIR: 'a file where a folder should be',
    EISDIR: 'a folder',
    ENXIO: 'a pipe, a socket or a device',
  };
  return reasons[code] ?? message;
}

/**
 * Whether a folder holds a bundle (docs/reference/bundle-format.md), told by its index. Documents are not looked for in it: it carries a copy of them,
 * and what was proven then is not what is written now.
 */
export function holdsBundle(folder: string): boolean {
  const index = join(folder, 'bundle.json');
  try {
    const stat = statSync(index);
    return stat.isFile() && readFileSync(index, 'utf8').includes('"tminus/bundle/1"');
  } catch {
    return false;
  }
}
