import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const git = (...args: string[]): ReturnType<typeof spawnSync> => spawnSync('git', args, { cwd: root });

/** Why there is no such build here; null where its commit is in the history of this checkout. */
export function olderBuildMissing(commit: string): string | null {
  return git('cat-file', '-e', `${commit}^{commit}`).status === 0
    ? null
    : `commit ${commit.slice(0, 12)} is not in this checkout`;
}

/** A build as it was at a commit, with the packages that are installed here. */
export interface OlderBuild {
  directory: string;
  remove(): void;
}

export function checkOutBuild(commit: string): OlderBuild {
  const directory = mkdtempSync(join(tmpdir(), 'tminus-build-'));
  const archive = join(directory, 'build.tar');
  git('archive', '--format=tar', `--output=${archive}`, commit, 'src', 'verify', 'tests', 'package.json');
  const unpacked = spawnSync('tar', ['-x', '-f', archive, '-C', directory]);
  if (unpacked.status !== 0) throw new Error(`build ${commit}: expected its files, got ${String(unpacked.stderr)}`);
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, '@tminus'), { recursive: true });
  const installed = readdirSync(join(root, 'node_modules')).filter((name) => name !== '@tminus');
  for (const name of installed) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  symlinkSync(join(directory, 'verify'), join(modules, '@tminus/verify'));
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}
