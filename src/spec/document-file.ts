import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { describeFileError } from '../core/error/describe-file-error.ts';
import { ProductError } from '../core/error/product-error.ts';
import { readingLimits } from './document/measure-hostility.ts';
import { readRegularFile } from './read-regular-file.ts';

/**
 * Returns the bytes of a document, of a larger one only the first `documentBytes + 1`: enough for the reader to refuse it, whatever the size of the file.
 * Throws `document_unreadable` for what cannot be opened or is no regular file.
 */
export function readDocumentFile(file: string, shown: string): Uint8Array {
  try {
    return readRegularFile(file, readingLimits.documentBytes + 1);
  } catch (cause) {
    throw new ProductError(
      'document_unreadable',
      `${shown} cannot be read - expected a file, got ${describeFileError(cause)}`,
      {
        hint: 'give the current user the right to read it, or take it out of the folder',
        at: { file: shown, line: 1, column: 1 },
        cause,
      },
    );
  }
}

/**
 * Whether a folder holds a bundle (docs/reference/bundle-format.md), told by its index. Documents are not looked for in it: it carries a copy of them,
 * and what was proven then is not what is written now.
 */
export function holdsBundle(folder: string): boolean {
  const index = join(folder, 'bundle.json');
  try {
    return statSync(index).isFile() && readFileSync(index, 'utf8').includes('"tminus/bundle/1"');
  } catch {
    return false;
  }
}
