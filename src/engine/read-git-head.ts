import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The commit that the directory is on, 40 or 64 hex digits; null outside a Git repository, before its first commit, or without git. */
export async function readGitHead(directory: string): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', directory, 'rev-parse', '--verify', 'HEAD'], { timeout: 10_000 });
    const head = stdout.trim();
    return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(head) ? head : null;
  } catch {
    return null;
  }
}
