import { constants } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What is not copied: what happened, and what can be shared because nobody writes to it. */
const shared = ['node_modules'];
const left = ['.tminus'];

/** Copies a launch repository, so that a rehearsal changes nothing in it, and returns the folder of the copy. Installed packages are shared. */
export async function copyWorkspace(from: string, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (path) => ![...left, ...shared].includes(basename(path)),
  });
  for (const name of shared) if (existsSync(join(from, name))) await symlink(join(from, name), join(to, name));
  return to;
}
