import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

  it('reads the same without a git program, from a packed reference, too', async () => {
    const head = git('rev-parse', 'HEAD');
    git('pack-refs', '--all');
    vi.stubEnv('PATH', '/nowhere');
    expect(await readGitHead(join(directory, 'launch'))).toBe(head);
    expect(await readGitHead(tmpdir())).toBeNull();
    vi.unstubAllEnvs();
  });
});
