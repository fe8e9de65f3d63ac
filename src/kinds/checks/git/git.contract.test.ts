import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkKindContract, run } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { gitKind } from './kind.ts';

let base: string;
let repo: string;
const commits: { [name: string]: string } = {};

function git(folder: string, ...args: string[]): string {
  const done = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`);
  return done.stdout.trim();
}

function commit(name: string, author: string, message: string): void {
  git(repo, 'add', '-A');
  git(repo, '-c', 'user.name=Bot', '-c', 'user.email=bot@test', 'commit', '-q', `--author=${author}`, '-m', message);
  commits[name] = git(repo, 'rev-parse', 'HEAD');
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'tminus-git-'));
  repo = join(base, 'clean');
  mkdirSync(repo);
  git(repo, 'init', '-q', '-b', 'main');
  writeFileSync(join(repo, 'steps.md'), 'one\ntwo\nthree\nfour\n');
  commit('first', 'Alice <alice@shop.test>', 'begin');
  git(repo, 'mv', 'steps.md', 'runbook.md');
  commit('second', 'Bob <bob@shop.test>', 'rename\n\nCo-authored-by: Dora Duo <dora@shop.test>');
  writeFileSync(join(repo, 'other.md'), 'x');
  commit('third', 'Carol <carol@shop.test>', 'another file');
  git(repo, 'tag', 'v1.8.0');
  git(repo, 'branch', 'side', commits['first']!);
  spawnSync('cp', ['-r', repo, join(base, 'dirty')]);
  writeFileSync(join(base, 'dirty', 'new.md'), 'x');
  mkdirSync(join(base, 'nothing'));
  symlinkSync('/', join(base, 'nothing', 'out'));
});
afterAll(() => rmSync(base, { recursive: true }));

function at(folder: string, written: JsonObject = {}): ContractCase {
  return { written, workspace: join(base, folder) };
}

checkKindContract({
  kind: gitKind,
  success: () => at('clean'),
  refusal: () => at('nothing'),
  slow: { none: 'a local repository answers at once; the time limit is that of every process, see command' },
  garbage: () => at('clean', { ref: 'no-such-revision' }),
  huge: { none: 'an answer beyond 16 MiB is trouble; a repository of that size is not made here' },
  misspelt: { written: { ancester: 'main' }, wrong: 'ancester', meant: 'ancestor' },
  stricter: [{ ancestor: 'main' }, { file: 'a.txt', reviewer: ['Ann', 'ann@shop.test'] }],
});

const factsOf = async (given: ContractCase): Promise<JsonObject | null> => (await run(gitKind, given)).record.facts;

describe('what a repository says', () => {
  it('D10 gives commit, branch, tags and a clean tree', async () => {
    expect(await factsOf(at('clean'))).toEqual({
      head: commits['third'],
      branch: 'main',
      clean: true,
      changes: 0,
      tags: ['v1.8.0'],
      hasSignature: false,
    });
  });

  it('fails an untracked file by default', async () => {
    const { record } = await run(gitKind, at('dirty'));
    expect(record.facts).toMatchObject({ clean: false, changes: 1 });
    expect(record.judgement.outcome).toBe('fail');
  });

  it('tells an ancestor from a commit that is none', async () => {
    expect((await run(gitKind, at('clean', { ancestor: commits['first']! }))).record.judgement.outcome).toBe('pass');
    const reversed = await run(gitKind, at('clean', { ref: 'side', ancestor: 'main' }));
    expect(reversed.record.facts).toMatchObject({ ancestor: false });
    expect(reversed.record.judgement.outcome).toBe('fail');
  });

  it.each([
    ['carol@shop.test', false],
    ['Carol', false],
    ['alice@shop.test', true],
    ['ALICE@Shop.test', true],
    ['Bob <other@address.test>', true],
    ['dora@shop.test', true],
    [['carol@shop.test', 'alice@shop.test'], true],
  ])(
    'C18 a reviewer %j is an author of the runbook: %j, renames and co-authors counted',
    async (reviewer, expected) => {
      const { record } = await run(gitKind, at('clean', { file: 'runbook.md', reviewer }));
      expect(record.facts).toMatchObject({ reviewerIsAuthor: expected });
      expect(record.judgement.outcome).toBe(expected ? 'fail' : 'pass');
    },
  );

  it('C18 a file without history has no reviewer who is no author: unknown', async () => {
    expect(
      (await run(gitKind, at('clean', { file: 'missing.md', reviewer: 'carol@shop.test' }))).record.judgement.outcome,
    ).toBe('unknown');
  });

  it.each(['--output=owned', '-h', 'HEAD\nmain', 'a\0b'])('A13 refuses a revision written as %j', (ref) => {
    expect(gitKind.readSpec({ ref }).ok).toBe(false);
  });

  it('A13 takes a hostile revision that came from a template for the name it is not', async () => {
    const read = gitKind.readSpec({ ref: '{{ candidate.commit }}' });
    const spec = { ...(read.ok ? read.spec : {}), ref: '--output=owned' };
    const seen = await gitKind.observe(spec, {
      signal: AbortSignal.timeout(100_000),
      workspace: repo,
      allow: [],
      now: Date.now,
    });
    expect(seen.trouble?.code).toBe('revision_unknown');
    expect(existsSync(join(repo, 'owned'))).toBe(false);
  });

  it('runs nothing that the repository itself configures', async () => {
    const trap = join(base, 'trap');
    spawnSync('cp', ['-r', repo, trap]);
    for (const key of ['core.fsmonitor', 'core.pager', 'core.editor', 'diff.external'])
      git(trap, 'config', key, `touch ${join(base, 'sprung')}`);
    expect(await factsOf(at('trap', { file: 'runbook.md' }))).toMatchObject({ clean: true });
    expect(existsSync(join(base, 'sprung'))).toBe(false);
  });

  it.each(['..', '/', 'out'])('does not leave the workspace by path %s', async (path) => {
    expect((await run(gitKind, at('nothing', { path }))).record.trouble?.code).toBe('path_outside');
  });

  it('does not take the repository around the workspace for the one inside', async () => {
    mkdirSync(join(repo, '.git', 'inner'), { recursive: true });
    mkdirSync(join(base, 'dirty', 'deep'));
    expect((await run(gitKind, at('dirty/deep'))).record.trouble?.code).toBe('path_outside');
  });
});
