import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

import { describeFileError } from '../core/error/describe-file-error.ts';
import { ProductError } from '../core/error/product-error.ts';
import { holdsBundle } from './document-file.ts';

/** Something that could have been a document and was not opened. */
export interface PassedOver {
  path: string;
  reason: string;
}

/** Paths of Markdown files, relative to the root and in the order of their names, and what was passed over. */
export interface FoundMarkdown {
  found: string[];
  /** Symbolic links that lead out, pipes and devices, folders too deep. */
  skipped: PassedOver[];
}

const mostFiles = 20_000;
const deepest = 20;
const passedOver = new Set(['node_modules', 'vendor', 'target', 'dist', 'coverage']);

/**
 * Finds every Markdown file below a folder, by name only: nothing is opened. Hidden folders, folders of dependencies and bundles are not entered,
 * symbolic links to folders are not followed. `root` is absolute and without symbolic links.
 */
export async function findMarkdown(root: string): Promise<FoundMarkdown> {
  const result: FoundMarkdown = { found: [], skipped: [] };
  const folders = [{ path: '', depth: 0 }];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const { depth } = folder;
    for (const { path, entry } of await listFolder(root, folder.path)) {
      if (!entry.isDirectory()) await addFile(root, { path, entry }, result);
      else if (entry.name.startsWith('.') || passedOver.has(entry.name) || holdsBundle(join(root, path))) continue;
      else if (depth < deepest) folders.push({ path, depth: depth + 1 });
      else result.skipped.push({ path, reason: `more than ${deepest} folders deep` });
    }
    if (result.found.length > mostFiles) throw tooMany(root);
  }
  return { ...result, found: result.found.toSorted() };
}

interface Listed {
  path: string;
  entry: Dirent;
}

async function listFolder(root: string, folder: string): Promise<Listed[]> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => ({ path: folder === '' ? entry.name : `${folder}/${entry.name}`, entry }));
  } catch (cause) {
    throw new ProductError(
      'document_unreadable',
      `${folder || root} cannot be listed - expected a folder that the current user may read, got ${describeFileError(cause)}`,
      { hint: 'give the current user the right to read it: a document in it could not be seen', cause },
    );
  }
}

async function addFile(root: string, { path, entry }: Listed, result: FoundMarkdown): Promise<void> {
  if (!/\.(?:md|markdown)$/i.test(entry.name)) return;
  const reason = await whyNot(root, { path, entry });
  if (reason === null) result.found.push(path);
  else result.skipped.push({ path, reason });
}

async function whyNot(root: string, { path, entry }: Listed): Promise<string | null> {
  if (entry.isFile()) return null;
  if (!entry.isSymbolicLink()) return 'a pipe, a socket or a device';
  const target = await realpath(join(root, path)).catch(() => null);
  if (target === null) return 'a symbolic link to nothing';
  if (!isInside(root, target)) return 'a symbolic link that leads out of the folder';
  return (await stat(target)).isFile() ? null : 'a symbolic link to something that is no file';
}

/** Whether a path lies below a folder; both are absolute and without symbolic links. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function tooMany(root: string): ProductError {
  return new ProductError(
    'document_unreadable',
    `${root} holds too many documents - expected at most ${mostFiles} Markdown files, got more`,
    { hint: 'name the folder of the launch itself' },
  );
}
