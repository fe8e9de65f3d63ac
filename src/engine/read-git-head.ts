import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The commit that the directory is on, 40 or 64 hex digits; null outside a Git repository and before its first commit.
 * Where it stands in two small files it is read from them: a server asks twice a second, and starting a program holds everything else up for milliseconds.
 * What is less plain is asked of the git program. A bare machine has none: there the repository is read by a library, which knows no linked worktrees.
 */
export async function readGitHead(directory: string): Promise<string | null> {
  const plain = await readPlainHead(directory).catch(() => null);
  if (plain !== null) return plain;
  try {
    const { stdout } = await run('git', ['-C', directory, 'rev-parse', '--verify', 'HEAD'], { timeout: 10_000 });
    return stdout.trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? readWithoutGit(directory) : null;
  }
}

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;
/** With these git looks elsewhere than in the folders above. */
const redirects = ['GIT_DIR', 'GIT_COMMON_DIR', 'GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM'];

/** Null wherever git might say something else than these files: packed references, worktrees, bare repositories, other owners, other file systems. */
async function readPlainHead(directory: string): Promise<string | null> {
  if (redirects.some((name) => process.env[name] !== undefined)) return null;
  const folder = await findGitFolder(await fs.promises.realpath(directory));
  if (folder === null) return null;
  const head = (await fs.promises.readFile(join(folder, 'HEAD'), 'utf8')).trim();
  if (commit.test(head)) return head;
  const [, name = ''] = /^ref: (refs\/[^\s]+)$/u.exec(head) ?? [];
  if (name === '' || name.split('/').includes('..')) return null;
  const value = (await fs.promises.readFile(join(folder, name), 'utf8')).trim();
  return commit.test(value) ? value : null;
}

/** The nearest `.git` above; null where it is none that belongs to whoever runs this, on the same file system. */
async function findGitFolder(directory: string): Promise<string | null> {
  const { dev } = await fs.promises.stat(directory);
  for (let at = directory; ; at = dirname(at)) {
    const folder = join(at, '.git');
    const found = await fs.promises.stat(folder).catch(() => null);
    const isBare = fs.existsSync(join(at, 'HEAD'));
    if (found !== null || isBare) {
      const isOurs = found?.isDirectory() === true && !isBare && found.dev === dev && found.uid === process.getuid?.();
      return isOurs ? folder : null;
    }
    if (at === dirname(at)) return null;
  }
}

async function readWithoutGit(directory: string): Promise<string | null> {
  const { default: git } = await import('isomorphic-git');
  try {
    const dir = await git.findRoot({ fs, filepath: directory });
    return await git.resolveRef({ fs, dir, ref: 'HEAD' });
  } catch {
    return null;
  }
}
