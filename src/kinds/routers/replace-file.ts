import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { RouterTrouble } from '../../core/rollout/router-kind.ts';

/** Largest file of a router that is read. */
const largest = 16 * 1024 ** 2;

/** Returns the absolute path of a file of the launch repository that need not be there yet, links resolved. Throws `RouterTrouble` where it leads outside. */
export async function placeInWorkspace(workspace: string, path: string): Promise<string> {
  if (isAbsolute(path) || path.includes('\0'))
    throw new RouterTrouble('path_outside', `${path}: expected a path relative to the launch repository`);
  try {
    const root = await realpath(workspace);
    const wanted = resolve(root, path);
    const real = await realpath(wanted).catch(async () => join(await realpath(dirname(wanted)), basename(wanted)));
    const inside = relative(root, real);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      throw new RouterTrouble('path_outside', `${path}: expected a file inside the launch repository`);
    return real;
  } catch (error) {
    throw toFileTrouble(error, path);
  }
}

/** Returns the text of a file. Throws `RouterTrouble` where there is none: a router whose file is gone has no weight. */
export async function readFileText(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw toFileTrouble(error, path);
  });
  try {
    const { size, ...seen } = await handle.stat();
    if ((seen.mode & constants.S_IFMT) !== constants.S_IFREG || size > largest)
      throw new RouterTrouble('file_unusable', `${basename(path)}: expected a file of at most ${largest} bytes`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
  } catch (error) {
    throw toFileTrouble(error, path);
  } finally {
    await handle.close();
  }
}

/**
 * Puts a text in the place of a file in one step, with the mode that it had: whoever reads it sees the old one or the new one, also after a power cut.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const mode = await stat(path).then(
    (seen) => seen.mode & 0o777,
    () => 0o644,
  );
  const next = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const handle = await open(next, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(next, { force: true });
    throw toFileTrouble(error, path);
  }
}

/** The name is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function toFileTrouble(error: unknown, path: string): RouterTrouble {
  if (error instanceof RouterTrouble) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new RouterTrouble('file_missing', `${basename(path)}: expected a file, got none`);
  return new RouterTrouble('file_unusable', `${basename(path)}: expected a file of text, got ${code ?? 'an error'}`);
}
