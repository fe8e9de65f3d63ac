import { closeSync, existsSync, openSync, readSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';
import { readingLimits } from '../spec/document/measure-hostility.ts';

/** A document with the path that messages show: relative to the directory it was asked for in. */
export interface CollectedDocument {
  path: string;
  bytes: Uint8Array;
}

const passedOver = new Set(['node_modules', 'vendor', 'target', 'dist', 'coverage']);

/**
 * Reads the documents that the paths name: files as they are, folders with every Markdown file below them. Bundles and hidden folders are passed over,
 * links that lead out of a folder, too. Throws `document_unreadable` for a path that is not there.
 */
export function collectDocuments(directory: string, paths: readonly string[]): CollectedDocument[] {
  const files = new Set(paths.flatMap((path) => listFiles(directory, path)));
  return [...files].toSorted().map((file) => ({ path: toShownPath(directory, file), bytes: readBounded(file) }));
}

/** Whether a path, relative to the directory, is a file or a folder. */
export function toExists(directory: string): (path: string) => boolean {
  return (path) => existsSync(resolve(directory, path));
}

function listFiles(directory: string, path: string): string[] {
  const full = resolve(directory, path);
  if (!existsSync(full)) {
    throw new ProductError('document_unreadable', `${path}: expected a file or a folder, got nothing of that name`, {
      hint: 'name a document, or a folder that holds some',
    });
  }
  return statSync(full).isDirectory() ? walk(realpathSync(full), realpathSync(full)) : [full];
}

function walk(root: string, folder: string): string[] {
  // A bundle holds a copy of the documents: what was proven then is not what is written now.
  if (existsSync(join(folder, 'bundle.json')) && existsSync(join(folder, 'entries.jsonl'))) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || passedOver.has(entry.name) ? [] : walk(root, full);
    if (!/\.(?:md|markdown)$/iu.test(entry.name)) return [];
    return entry.isFile() || (entry.isSymbolicLink() && staysInside(root, full)) ? [full] : [];
  });
}

function staysInside(root: string, link: string): boolean {
  if (!existsSync(link)) return false;
  const target = realpathSync(link);
  return target.startsWith(`${root}${sep}`) && statSync(target).isFile();
}

function toShownPath(directory: string, file: string): string {
  return relative(realpathSync(directory), file).split(sep).join('/');
}

/** One byte more than a document may have is enough for the reader to refuse it, whatever the size of the file. */
function readBounded(file: string): Uint8Array {
  const bytes = Buffer.alloc(Math.min(statSync(file).size, readingLimits.documentBytes + 1));
  const handle = openSync(file, 'r');
  try {
    let at = 0;
    for (let read = -1; at < bytes.length && read !== 0; at += read)
      read = readSync(handle, bytes, at, bytes.length - at, at);
    return bytes.subarray(0, at);
  } finally {
    closeSync(handle);
  }
}
