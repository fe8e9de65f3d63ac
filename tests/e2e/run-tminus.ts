import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What a run of the command line came to. */
export interface TminusRun {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a process of its own, in a directory, without colour. */
export async function runTminus(
  directory: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<TminusRun> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'src/main.ts'), ...args], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: '1', CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, stdout, stderr };
}

/** Makes the directory a Git repository and commits everything in it, so that a candidate has a commit. */
export function commitAll(directory: string): void {
  const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.invalid'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    [...identity, 'commit', '-q', '-m', 'launch', '--allow-empty'],
  ]) {
    const run = spawnSync('git', args, { cwd: directory, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`git ${args.join(' ')}: ${run.stderr}`);
  }
}
