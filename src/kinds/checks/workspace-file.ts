import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

import type { Trouble } from '@tminus/verify';

/** The absolute path of something in the workspace, links resolved, or why it may not be touched. */
export async function resolveInWorkspace(
  workspace: string,
  path: string,
): Promise<{ ok: true; path: string } | { ok: false; trouble: Trouble }> {
  if (isAbsolute(path) || path.includes('\0'))
    return refuse('path_outside', `${path}: expected a path relative to the workspace`);
  try {
    const root = await realpath(workspace);
    const real = await realpath(resolve(root, path));
    const inside = relative(root, real);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      return refuse('path_outside', `${path}: expected a path inside the workspace, got one that leads out of it`);
    return { ok: true, path: real };
  } catch (error) {
    return refuse(
      'path_missing',
      `${path}: expected something there, got ${(error as NodeJS.ErrnoException).code ?? 'an error'}`,
    );
  }
}

/** Text of a small file of the workspace, or why it cannot be had. */
export async function loadWorkspaceText(
  workspace: string,
  path: string,
  limit = 1024 ** 2,
): Promise<{ ok: true; text: string } | { ok: false; trouble: Trouble }> {
  const found = await resolveInWorkspace(workspace, path);
  if (!found.ok) return found;
  const file = await open(found.path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > limit)
      return refuse('file_unusable', `${path}: expected a file of at most ${limit} bytes`);
    return { ok: true, text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}

function refuse(code: string, message: string): { ok: false; trouble: Trouble } {
  return { ok: false, trouble: { code, message } };
}
