import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The commit that the directory is on, 40 or 64 hex digits; null outside a Git repository and before its first commit.
 * A bare machine has no git program: there the repository is read by a library, which knows no linked worktrees.
 */
export async function readGitHead(directory: string): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', directory, 'rev-parse', '--verify', 'HEAD'], { timeout: 10_000 });
    return stdout.trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? readWithoutGit(directory) : null;
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
