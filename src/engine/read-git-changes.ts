import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { relative, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Files below a directory that are not as its newest commit has them, ignored ones left out, in order; null where that cannot be told: outside a Git
 * repository, before its first commit, or where it cannot be read.
 */
export async function readGitChanges(directory: string): Promise<string[] | null> {
  try {
    const args = ['-C', directory, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.'];
    const { stdout } = await run('git', args, { timeout: 30_000, maxBuffer: 64 * 1024 * 1024 });
    const { stdout: prefix } = await run('git', ['-C', directory, 'rev-parse', '--show-prefix', 'HEAD']);
    const below = prefix.split('\n')[0] ?? '';
    const paths = stdout.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
    return paths.map((path) => path.slice(below.length)).toSorted();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? readWithoutGit(directory) : null;
  }
}

/** A bare machine has no git program. Of a file the matrix tells whether it is in the commit, and whether it is the same as there. */
async function readWithoutGit(directory: string): Promise<string[] | null> {
  const { default: git } = await import('isomorphic-git');
  try {
    const dir = await git.findRoot({ fs, filepath: directory });
    const below = relative(fs.realpathSync(dir), fs.realpathSync(directory)).replaceAll(sep, '/');
    const prefix = below === '' ? '' : `${below}/`;
    const rows = await git.statusMatrix({ fs, dir, ...(below === '' ? {} : { filepaths: [below] }) });
    const changed = rows.filter(([, head, workdir, stage]) => !(head === 1 && workdir === 1 && stage === 1));
    return changed.map(([path]) => path.slice(prefix.length)).toSorted();
  } catch {
    return null;
  }
}
