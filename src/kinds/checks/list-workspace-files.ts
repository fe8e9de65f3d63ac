import { glob, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

import { FileTrouble } from './file-trouble.ts';

/** A file inside the workspace: its path as the document would write it, and where it really is. */
export interface WorkspaceFile {
  path: string;
  real: string;
}

const mostFiles = 2000;

/**
 * Returns the files that a path, a folder or a glob of a document names, sorted, each inside the workspace after all links are followed.
 * `extensions` says which files of a folder are meant. Throws `FileTrouble` where a path leads out, or where too many files match.
 */
export async function listWorkspaceFiles(
  workspace: string,
  path: string,
  extensions: readonly string[],
  signal: AbortSignal,
): Promise<WorkspaceFile[]> {
  if (path.includes('\0')) throw new FileTrouble('invalid_path', 'expected a path without NUL');
  const root = await realpath(workspace);
  const wanted = resolve(root, path);
  if (isAbsolute(path) || !isInside(root, wanted))
    throw new FileTrouble('outside_workspace', `${path}: expected a path inside the launch repository`);
  const found = (await isThere(wanted))
    ? await expandFolder(wanted, extensions, signal)
    : await expandGlob(root, path, signal);
  const files = [];
  for (const each of [...new Set(found)].toSorted()) files.push(await locate(root, each));
  return files;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function expandFolder(path: string, extensions: readonly string[], signal: AbortSignal): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const inside = await collect(path, '**/*', signal);
  return inside.filter((file) => extensions.some((extension) => file.toLowerCase().endsWith(extension)));
}

async function expandGlob(root: string, pattern: string, signal: AbortSignal): Promise<string[]> {
  return /[*?[{]/.test(pattern) ? collect(root, pattern, signal) : [];
}

/** Ends soon after an abort, however large the tree is. Folders are passed over; a link counts as what it leads to, which `locate` then holds to the workspace. */
async function collect(folder: string, pattern: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for await (const match of glob(pattern, { cwd: folder, exclude: () => signal.aborted })) {
    const path = resolve(folder, match);
    if (
      await stat(path).then(
        (each) => each.isDirectory(),
        () => false,
      )
    )
      continue;
    found.push(path);
    if (found.length > mostFiles)
      throw new FileTrouble('too_many', `${pattern}: expected at most ${mostFiles} files, got more`);
  }
  signal.throwIfAborted();
  return found;
}

async function locate(root: string, path: string): Promise<WorkspaceFile> {
  const shown = relative(root, path).split(sep).join('/');
  if (!isInside(root, path))
    throw new FileTrouble('outside_workspace', `${shown}: expected a path inside the launch repository`);
  const real = await realpath(path).catch(() => {
    throw new FileTrouble('unreadable', `${shown}: expected a file, got a link that leads nowhere`);
  });
  if (!isInside(root, real))
    throw new FileTrouble(
      'outside_workspace',
      `${shown}: expected a file inside the launch repository, got a link out of it`,
    );
  return { path: shown, real };
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
