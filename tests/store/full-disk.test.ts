import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { appendEntries } from '../../src/store/evidence-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { evidence } from './sample-entries.ts';
import { findServers, makeFolder, removeFolder } from './temporary-folder.ts';

let folder: string;
let small: string;

/** Mounts a file system of a few megabytes. Only root can; where it cannot be done the tests are counted as skipped. */
function mount(megabytes: number): boolean {
  mkdirSync(small);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', small]).status === 0;
}

const canMount = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  folder = makeFolder();
  small = join(folder, 'small');
  const done = mount(1);
  if (done) execFileSync('umount', [small]);
  removeFolder(folder);
  return done;
})();

/** Leaves `bytes` free. */
function fill(bytes: number): void {
  const { bavail, bsize } = statfsSync(small);
  writeFileSync(join(small, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

/** Text that does not compress. */
const large = () =>
  Buffer.from(Array.from({ length: 3_000_000 }, () => 32 + Math.floor(Math.random() * 90))).toString();

beforeEach(() => {
  folder = makeFolder();
  small = join(folder, 'small');
});
afterEach(() => {
  spawnSync('umount', [small]);
  removeFolder(folder);
});

// Skipped without root or without mount rights: a small tmpfs is the only full disk that harms nobody.
describe.skipIf(!canMount)('a full disk (skipped without root, or without the right to mount)', () => {
  it('F36 a first start says disk_full, leaves no half cluster and works once there is space', async () => {
    mount(20);
    const data = join(small, 'data');
    await expect(openStore({ dataDirectory: data, command: 'vitest' })).rejects.toMatchObject({
      code: 'disk_full',
      hint: /free some space/,
    });
    expect(readdirSync(join(data, 'postgres'))).toEqual([]);
    expect(findServers(folder)).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=200m', small]);
    const store = await openStore({ dataDirectory: data, command: 'vitest' });
    await store.close();
  });

  it('F36 F37 R1 an append that finds no space fails clearly, loses nothing, and lands once after there is space', async () => {
    mount(120);
    const store = await openStore({
      dataDirectory: join(small, 'data'),
      command: 'vitest',
      restart: { attempts: 2, windowMs: 60_000 },
    });
    await appendEntries(store, 'full', [evidence('full', 0)]);
    fill(1_000_000);
    // More than is free, in tables and WAL together.
    const items = Array.from({ length: 12 }, (_, nr) => evidence('full', nr + 1, large()));
    const failed = await appendEntries(store, 'full', items).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: expect.stringMatching(/^(disk_full|store_unavailable)$/) as string });
    rmSync(join(small, 'ballast'));
    await store.close();
    execFileSync('mount', ['-o', 'remount,size=400m', small]);
    const again = await openStore({ dataDirectory: join(small, 'data'), command: 'vitest' });
    expect(await verifyStoredLog(again, 'full')).toMatchObject({ state: 'whole', size: 1 });
    expect((await appendEntries(again, 'full', items)).map((place) => place.index)).toEqual(
      items.map((_, at) => at + 1),
    );
    expect(await verifyStoredLog(again, 'full')).toMatchObject({ state: 'whole', size: 13 });
    await again.close();
    expect(existsSync(join(small, 'data', 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });
});
