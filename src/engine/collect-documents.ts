import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

import { describeFileError } from '../core/error/describe-file-error.ts';
import { ProductError } from '../core/error/product-error.ts';
import { readDocumentFile } from '../spec/document-file.ts';
import { findMarkdown } from '../spec/find-markdown.ts';
import type { PassedOver } from '../spec/find-markdown.ts';

/** A document with the path that messages show: relative to the directory it was asked for in. */
export interface CollectedDocument {
  path: string;
  bytes: Uint8Array;
}

/** The documents that some paths name, in the order of their names, and what was passed over on the way. */
export interface CollectedDocuments {
  documents: CollectedDocument[];
  skipped: PassedOver[];
}

/**
 * Reads the documents that the paths name: files as they are, folders with every Markdown file below them.
 * Throws `document_unreadable` for a path that is not there or is no file.
 */
export async function collectDocuments(directory: string, paths: readonly string[]): Promise<CollectedDocuments> {
  const root = await realpath(directory);
  const shown = (file: string): string => relative(root, file).split(sep).join('/');
  const files = new Set<string>();
  const skipped: PassedOver[] = [];
  for (const path of paths) {
    const full = await resolveNamed(root, path);
    if (!(await stat(full)).isDirectory()) {
      files.add(full);
      continue;
    }
    const below = await findMarkdown(full);
    for (const each of below.found) files.add(join(full, each));
    for (const { path: each, reason } of below.skipped) skipped.push({ path: shown(join(full, each)), reason });
  }
  const documents = [...files]
    .toSorted()
    .map((file) => ({ path: shown(file), bytes: readDocumentFile(file, shown(file)) }));
  return { documents, skipped };
}

/** Whether a path, relative to the directory, is a file or a folder. */
export function toExists(directory: string): (path: string) => boolean {
  return (path) => existsSync(resolve(directory, path));
}

/** A folder by its real path, so that links out of it can be told; a file as it was named, so that messages name it so. */
async function resolveNamed(root: string, path: string): Promise<string> {
  const full = resolve(root, path);
  try {
    return (await stat(full)).isDirectory() ? await realpath(full) : full;
  } catch (cause) {
    throw new ProductError(
      'document_unreadable',
      `${path}: expected a file or a folder, got ${describeFileError(cause)}`,
      { hint: 'name a document, or a folder that holds some', cause },
    );
  }
}
