import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { readGitHead } from './read-git-head.ts';

let directory: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', directory, '-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
    encoding: 'utf8',
  }).trim();

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tminus-head-'));
  execFileSync('git', ['init', '-q', directory]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

describe('readGitHead', () => {
  it('is null before the first commit, then the commit, also from a folder below', async () => {
    expect(await readGitHead(directory)).toBeNull();
    git('commit', '-q', '--allow-empty', '-m', 'first');
    mkdirSync(join(directory, 'launch'));
    expect(await readGitHead(join(directory, 'launch'))).toBe(git('rev-parse', 'HEAD'));
  });

  it('starts no program for a plain checkout, on a branch or on a commit', async () => {
    const head = git('rev-parse', 'HEAD');
    const bin = join(directory, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    vi.stubEnv('PATH', bin);
    expect(await readGitHead(join(directory, 'launch'))).toBe(head);
    vi.unstubAllEnvs();
    git('checkout', '-q', '--detach');
    vi.stubEnv('PATH', bin);
    expect(await readGitHead(directory)).toBe(head);
    vi.unstubAllEnvs();
    git('checkout', '-q', '-');
  });

  it('says what git says of a linked worktree, a repository elsewhere, and a commit that came since', async () => {
    const tree = join(directory, 'linked');
    git('worktree', 'add', '-q', '-b', 'other', tree);
    execFileSync('git', [
      '-C',
      tree,
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@x.invalid',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'o',
    ]);
    const other = execFileSync('git', ['-C', tree, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    expect(other).not.toBe(git('rev-parse', 'HEAD'));
    expect(await readGitHead(tree)).toBe(other);
    vi.stubEnv('GIT_DIR', join(directory, '.git', 'worktrees', 'linked'));
    expect(await readGitHead(directory)).toBe(other);
    vi.unstubAllEnvs();
    git('commit', '-q', '--allow-empty', '-m', 'second');
    expect(await readGitHead(directory)).toBe(git('rev-parse', 'HEAD'));
  });

  it('reads the same without a git program, from a packed reference, too', async () => {
    const head = git('rev-parse', 'HEAD');
    git('pack-refs', '--all');
    vi.stubEnv('PATH', '/nowhere');
    expect(await readGitHead(join(directory, 'launch'))).toBe(head);
    expect(await readGitHead(tmpdir())).toBeNull();
    vi.unstubAllEnvs();
  });
});
