import { constants, lstatSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Installed packages are large, and nobody writes to them while a procedure runs. */
const shared = 'node_modules';
/** What happened is not what is rehearsed; the copy itself lies in there, too. */
const left = '.tminus';

/** Copies a launch repository, so that a rehearsal changes nothing in it, and returns the folder of the copy. Installed packages are shared. */
export async function copyWorkspace(from: string, to: string): Promise<string> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const how = {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: isKept,
  };
  for (const name of await readdir(from)) {
    if (name === left) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (name === shared) await symlink(source, target);
    else if (isKept(source)) await cp(source, target, how);
  }
  return to;
}

/** Sockets and pipes are somebody's open connections, and cannot be copied. */
function isKept(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isFile() || stat.isDirectory() || stat.isSymbolicLink());
}
