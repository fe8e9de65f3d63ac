import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';

/**
 * Writes files into a directory that is new or empty: all of them or none, because they are written beside it first.
 * Throws `output_exists` where something is there already.
 */
export function writeDirectory(directory: string, files: ReadonlyMap<string, Uint8Array>): void {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new ProductError('output_exists', `${directory}: expected a new or empty folder, got one with files`, {
      hint: 'name another folder, or remove this one first',
    });
  }
  mkdirSync(dirname(directory), { recursive: true });
  const draft = mkdtempSync(join(dirname(directory), `.${basename(directory)}-`));
  try {
    for (const [name, bytes] of files) {
      const file = join(draft, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    if (existsSync(directory)) rmdirSync(directory);
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}
