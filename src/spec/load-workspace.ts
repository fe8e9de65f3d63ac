import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';
import { declares } from './document/declares.ts';
import { linkedPaths } from './document/linked-paths.ts';
import { readingLimits } from './document/measure-hostility.ts';
import { readDocument } from './document/read-document.ts';
import type { DocumentBytes } from './launch/read-launch.ts';

/** The documents of one launch, as bytes, and where they were found. */
export interface Workspace {
  /** Absolute, without symbolic links. */
  root: string;
  documents: DocumentBytes[];
  /** Files that were passed over, with the reason: symbolic links that lead out, folders too deep. */
  skipped: { path: string; reason: string }[];
}

const mostFiles = 20_000;
const deepest = 20;
const passedOver = new Set(['node_modules', 'vendor', 'target', 'dist', 'coverage']);

/**
 * Reads every Markdown file under the folder whose front matter says `tminus:`, and the Markdown files that those link to.
 * Nothing outside of the folder is ever opened: a link that leads out ends in `document_unreadable`.
 */
export async function loadWorkspace(directory: string): Promise<Workspace> {
  const root = await findRoot(directory);
  const workspace: Workspace = { root, documents: [], skipped: [] };
  const found = await findMarkdown(workspace);
  const declaring = new Map<string, Uint8Array>();
  for (const path of found) {
    const bytes = await readDeclaring(root, path);
    if (bytes !== null) declaring.set(path, bytes);
  }
  if (declaring.size === 0) throw missingLaunch(directory, found.length);
  const linked = new Map<string, Uint8Array>();
  for (const [path, bytes] of declaring) {
    for (const target of linkedPaths(readDocument(path, bytes))) {
      if (declaring.has(target) || linked.has(target)) continue;
      const content = await readLinked(root, path, target);
      if (content !== null) linked.set(target, content);
    }
  }
  workspace.documents = [...declaring, ...linked].map(([path, bytes]) => ({ path, bytes }));
  return workspace;
}

async function findRoot(directory: string): Promise<string> {
  try {
    const path = await realpath(resolve(directory));
    return (await stat(path)).isDirectory() ? path : dirname(path);
  } catch (cause) {
    throw new ProductError(
      'launch_missing',
      `${directory} cannot be opened - expected a folder, got ${reasonOf(cause)}`,
      { hint: 'name the folder that holds the launch documents', cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const reasons: { [code: string]: string } = {
    ENOENT: 'nothing of that name',
    EACCES: 'no permission',
    ELOOP: 'a circle of symbolic links',
    ENOTDIR: 'a file where a folder should be',
    EISDIR: 'a folder',
  };
  return reasons[code] ?? code;
}

/** Paths of the Markdown files, relative to the root and in the order of their names. */
async function findMarkdown(workspace: Workspace): Promise<string[]> {
  const found: string[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const entries = await readdir(join(workspace.root, folder.path), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith('.') && !passedOver.has(entry.name)) {
        if (folder.depth < deepest) folders.push({ path, depth: folder.depth + 1 });
        else workspace.skipped.push({ path, reason: `more than ${deepest} folders deep` });
      }
      if (/\.(?:md|markdown)$/i.test(entry.name) && (entry.isFile() || (await isOwnLink(workspace, entry, path))))
        found.push(path);
    }
    if (found.length > mostFiles)
      throw new ProductError(
        'document_unreadable',
        `${workspace.root} holds too many documents - expected at most ${mostFiles} Markdown files, got more`,
        { hint: 'name the folder of the launch itself' },
      );
  }
  return found.toSorted();
}

async function isOwnLink(workspace: Workspace, entry: { isSymbolicLink(): boolean }, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  const target = await realpath(join(workspace.root, path)).catch(() => null);
  if (target !== null && isInside(workspace.root, target) && (await stat(target)).isFile()) return true;
  workspace.skipped.push({
    path,
    reason: target === null ? 'a symbolic link to nothing' : 'a symbolic link that leads out of the folder',
  });
  return false;
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Bytes of a file whose front matter says `tminus:`, else null. A file too large to be a document is not opened for that. */
async function readDeclaring(root: string, path: string): Promise<Uint8Array | null> {
  const bytes = await readBounded(root, path);
  return bytes !== null && declares(bytes) ? bytes : null;
}

async function readBounded(root: string, path: string): Promise<Uint8Array | null> {
  const full = join(root, path);
  const { size } = await lstat(await realpath(full));
  if (size > readingLimits.documentBytes) return null;
  try {
    return await readFile(full);
  } catch (cause) {
    throw new ProductError('document_unreadable', `${path} cannot be read - expected a file, got ${reasonOf(cause)}`, {
      hint: 'give the current user the right to read it, or take it out of the folder',
      cause,
    });
  }
}

/** Bytes of a linked document; null where there is nothing, which lint reports as a broken link. */
async function readLinked(root: string, from: string, target: string): Promise<Uint8Array | null> {
  const real = await realpath(join(root, target)).catch(() => null);
  if (real === null || !(await stat(real)).isFile()) return null;
  if (!isInside(root, real)) {
    throw new ProductError(
      'document_unreadable',
      `${target} is a symbolic link that leads out of the folder - expected a file inside it, got ${real}`,
      { hint: `copy the document into the folder, or remove the link from ${from}` },
    );
  }
  const bytes = await readBounded(root, target);
  if (bytes !== null) return bytes;
  throw new ProductError(
    'document_unreadable',
    `${target} is too large to be a document - expected at most ${readingLimits.documentBytes} bytes`,
    { hint: `split it, or remove the link from ${from}` },
  );
}

function missingLaunch(directory: string, files: number): ProductError {
  const got = files === 0 ? 'no Markdown file at all' : `${files} Markdown files without it`;
  return new ProductError(
    'launch_missing',
    `no launch document in ${directory} - expected a Markdown file whose front matter says tminus: launch, got ${got}`,
    { hint: 'run tminus init to begin one, or name the folder that holds it' },
  );
}
