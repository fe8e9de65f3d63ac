import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readGitChanges } from './read-git-changes.ts';

const root = mkdtempSync(join(tmpdir(), 'tminus-changes-'));
const launch = join(root, 'launch');
const path = process.env['PATH'];
const git = (...args: string[]): unknown =>
  execFileSync('git', ['-c', 'user.name=dave', '-c', 'user.email=dave@example.org', ...args], {
    cwd: root,
    stdio: 'pipe',
  });

beforeAll(() => {
  mkdirSync(join(launch, 'scripts'), { recursive: true });
  for (const name of ['launch.md', 'scripts/freeze.sh', 'scripts/gone.sh']) writeFileSync(join(launch, name), name);
  writeFileSync(join(root, 'beside.txt'), 'beside');
  writeFileSync(join(launch, '.gitignore'), 'ignored\n');
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
});
afterAll(() => {
  process.env['PATH'] = path;
  rmSync(root, { recursive: true, force: true });
});

describe('readGitChanges', () => {
  it.each([
    ['by the git program', () => path],
    ['by the library, where there is no such program', () => join(root, 'no-programs')],
  ])('tells what is not as the commit has it, and nothing of what lies beside or is ignored: %s', async (_, pathOf) => {
    process.env['PATH'] = pathOf();
    try {
      writeFileSync(join(launch, 'scripts', 'freeze.sh'), 'scripts/freeze.sh');
      writeFileSync(join(launch, 'scripts', 'gone.sh'), 'scripts/gone.sh');
      for (const name of ['new.sh', 'ignored']) rmSync(join(launch, name), { force: true });
      writeFileSync(join(root, 'beside.txt'), 'beside');
      expect(await readGitChanges(launch)).toEqual([]);
      writeFileSync(join(launch, 'scripts', 'freeze.sh'), 'something else');
      rmSync(join(launch, 'scripts', 'gone.sh'));
      for (const name of ['new.sh', 'ignored']) writeFileSync(join(launch, name), 'new');
      writeFileSync(join(root, 'beside.txt'), 'changed');
      expect(await readGitChanges(launch)).toEqual(['new.sh', 'scripts/freeze.sh', 'scripts/gone.sh']);
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('cannot tell outside a repository, or before its first commit', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'tminus-no-git-'));
    expect(await readGitChanges(bare)).toBeNull();
    execFileSync('git', ['init', '-q'], { cwd: bare });
    writeFileSync(join(bare, 'new'), 'new');
    expect(await readGitChanges(bare)).toBeNull();
    rmSync(bare, { recursive: true });
  });
});
