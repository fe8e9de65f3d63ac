import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { makeFolder, removeFolder } from '../store/temporary-folder.ts';
import { launchDocument } from './hostile-documents.ts';
import { readError, startTminus } from './start-tminus.ts';
import type { EndedRun } from './start-tminus.ts';

let folder: string;
let small: string;

const run = (...args: string[]): Promise<EndedRun> => startTminus(folder, args).ended;

function mount(megabytes: number): boolean {
  mkdirSync(small, { recursive: true });
  const options = `size=${megabytes}m,mode=0711`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', small]).status === 0;
}

/** Leaves nothing free: neither blocks nor the slack of the last one. */
function fill(): void {
  const { bavail, bsize } = statfsSync(small);
  writeFileSync(join(small, 'ballast'), Buffer.alloc(bavail * bsize));
}

const reason = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux';
  folder = makeFolder();
  small = join(folder, 'small');
  const mounted = mount(1);
  if (mounted) execFileSync('umount', [small]);
  removeFolder(folder);
  return mounted ? null : 'no right to mount';
})();

beforeEach(() => {
  folder = makeFolder();
  small = join(folder, 'small');
  const text = launchDocument({ text: '\n- [ ] it runs {#runs}\n\n  ```sh\n  echo hello\n  ```\n' });
  writeFileSync(join(folder, 'launch.md'), text);
});
afterEach(() => {
  spawnSync('umount', [small]);
  removeFolder(folder);
});

// A small tmpfs is the only full disk that harms nobody, and only root can mount one.
describe.skipIf(reason !== null)(`a full disk${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('F38 keeps the old page and leaves no half bundle; the same commands work once there is space', async () => {
    mount(4);
    writeFileSync(join(small, 'page.html'), 'old');
    fill();
    for (const args of [
      ['decide', '--html', 'small/page.html'],
      ['evidence', 'export', '--out', 'small/bundle'],
      ['key', 'create', 'bob', '--out', 'small/bob.pem'],
    ]) {
      const ended = await run(...args, '--json');
      expect([args, ended.exit, ended.stdout]).toEqual([args, 1, '']);
      const error = readError(ended);
      expect(error).toMatchObject({ code: 'disk_full', hint: expect.stringContaining('free some space') as string });
      expect(error.message).toContain('expected free disk space, got no space left');
      expect([args, readdirSync(small).toSorted()]).toEqual([args, ['ballast', 'page.html']]);
    }
    expect(readFileSync(join(small, 'page.html'), 'utf8')).toBe('old');
    rmSync(join(small, 'ballast'));
    expect((await run('decide', '--html', 'small/page.html')).exit).toBe(4);
    expect((await run('evidence', 'export', '--out', 'small/bundle')).exit).toBe(0);
    expect((await run('verify', 'small/bundle')).stdout).toContain('VERIFIED: NO-GO');
  }, 180_000);

  it('F36 stops a first start of the database clearly, and the next one begins anew', async () => {
    mount(20);
    const ended = await run('check', '--data', 'small/data', '--json');
    expect([ended.exit, readError(ended).code]).toEqual([1, 'disk_full']);
    expect(existsSync(join(small, 'data/postgres/data'))).toBe(false);
    execFileSync('mount', ['-o', 'remount,size=200m', small]);
    expect((await run('check', '--data', 'small/data')).exit).toBe(0);
  }, 180_000);

  it('F36 F37 loses nothing that was sealed, and lets the same check land once there is space', async () => {
    mount(120);
    expect((await run('check', '--data', 'small/data')).exit).toBe(0);
    fill();
    const ended = await run('check', '--force', '--data', 'small/data', '--json');
    expect([ended.exit, readError(ended).code]).toEqual([1, 'disk_full']);
    rmSync(join(small, 'ballast'));
    expect((await run('check', '--force', '--data', 'small/data')).exit).toBe(0);
    const list = JSON.parse((await run('evidence', 'list', '--data', 'small/data', '--json')).stdout) as unknown[];
    expect(list).toHaveLength(2);
    expect((await run('doctor', '--data', 'small/data')).exit).toBe(0);
  }, 180_000);
});
