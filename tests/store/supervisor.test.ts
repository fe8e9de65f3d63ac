import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { appendEntries, readEntries } from '../../src/store/evidence-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store, StoreOptions } from '../../src/store/open-store.ts';
import { pickAccount } from '../../src/store/postgres/account.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { startChild } from './child.ts';
import { evidence } from './sample-entries.ts';
import { findChildren, findServers, makeFolder, removeFolder } from './temporary-folder.ts';

let folder: string;
let data: string;
const open: Store[] = [];

async function start(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({
    dataDirectory: data,
    command: 'vitest',
    waitMs: 0,
    outside: join(folder, 'outside'),
    ...options,
  });
  open.push(store);
  return store;
}

async function stop(store: Store): Promise<void> {
  open.splice(open.indexOf(store), 1);
  await store.close();
}

const ask = async (store: Store, sql: string): Promise<unknown> =>
  Object.values((await store.database.pool.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
const modeOf = (path: string) => (statSync(join(data, path)).mode & 0o777).toString(8);
const serverOf = (store: Store) => store.database.server?.supervisor.current();

beforeEach(() => {
  folder = makeFolder();
  data = join(folder, 'data');
});
afterEach(async () => {
  while (open[0] !== undefined) await stop(open[0]);
  const left = findServers(folder);
  removeFolder(folder);
  if (left.length > 0) throw new Error(`servers left behind: expected none, got ${left.join(', ')}`);
});

/** A store that was started once and closed: copied where a test is not about the first start. */
let seed: string;
beforeAll(async () => {
  seed = makeFolder();
  const store = await openStore({ dataDirectory: join(seed, 'data'), command: 'vitest' });
  await store.close();
});
afterAll(() => removeFolder(seed));
const plant = () => execFileSync('cp', ['-a', join(seed, 'data'), data]);

describe('a first start', { timeout: 300_000 }, () => {
  it('P20 makes a durable cluster that only this user reaches, and leaves no process behind', async () => {
    const store = await start();
    const settings = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'data_checksums',
      'listen_addresses',
      'server_encoding',
      'lc_messages',
      'password_encryption',
    ];
    const values = await Promise.all(settings.map((name) => ask(store, `select current_setting('${name}')`)));
    expect(values).toEqual(['on', 'on', 'on', 'on', '', 'UTF8', 'C', 'scram-sha-256']);
    expect([
      modeOf('keys'),
      modeOf('keys/database.password'),
      modeOf('postgres'),
      modeOf('postgres/data'),
      modeOf('postgres.log'),
    ]).toEqual(['700', '600', '700', '700', '600']);
    expect(findServers(folder)).toContain(serverOf(store)?.postmaster.pid);
    await stop(store);
    expect(findServers(folder)).toEqual([]);
  });

  it('S1 the socket wants the password, and the password is on no command line', async () => {
    const store = await start();
    const password = readFileSync(join(data, 'keys', 'database.password'), 'utf8').trim();
    const wrong = openStore({ dataDirectory: data, databaseUrl: store.database.url.replace(password, 'wrong') });
    await expect(wrong).rejects.toMatchObject({ code: 'store_unavailable', message: /password authentication failed/ });
    const lines = findServers(folder).map(
      (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8'),
    );
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(password))).toEqual([]);
  });

  it('F2 killed in mid initdb it leaves a draft, which the next start removes', async () => {
    await stop(await start());
    const home = join(data, 'postgres');
    rmSync(join(home, 'data'), { recursive: true });
    rmSync(join(data, 'keys'), { recursive: true });
    mkdirSync(join(home, 'draft-abc', 'data', 'base'), { recursive: true });
    const store = await start();
    expect(readdirSync(home).filter((name) => name.startsWith('draft-'))).toEqual([]);
    expect(await ask(store, 'select 1')).toBe(1);
  });

  it('a path too long for a socket address gets a short folder for the socket, removed at the end', async () => {
    data = join(folder, 'd'.repeat(120));
    const store = await start();
    const socket = serverOf(store)?.postmaster.socketDirectory ?? '';
    expect(Buffer.byteLength(join(socket, '.s.PGSQL.5432'))).toBeLessThan(104);
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    await stop(store);
    expect(existsSync(socket)).toBe(false);
  });
});

describe('one process after the other', { timeout: 300_000 }, () => {
  beforeEach(plant);

  it('F3 an orphan server of a killed process is adopted, with every acknowledged row', async () => {
    const first = startChild('hold-store.ts', [data]);
    const { pid } = JSON.parse(await first.said('open')) as { pid: number };
    first.process.kill('SIGKILL');
    await first.ended;
    expect(findServers(folder)).toContain(pid);
    const store = await start();
    expect(serverOf(store)).toMatchObject({ adopted: true, postmaster: { pid } });
    await stop(store);
    expect(findServers(folder)).toEqual([]);
  });

  it('F3 process and server killed together: the next start recovers', async () => {
    const first = startChild('hold-store.ts', [data]);
    const { pid } = JSON.parse(await first.said('open')) as { pid: number };
    // Stopped first: a supervisor that is still running would start the next server between the two kills.
    first.process.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    first.process.kill('SIGKILL');
    await first.ended;
    const store = await start();
    expect(serverOf(store)?.adopted).toBe(false);
    expect(await ask(store, 'select count(*)::int from tminus.log')).toBe(0);
  });

  it.skipIf(!existsSync('/proc/self'))(
    'F3 F20 children that a killed server leaves behind hold the next start up, and no longer than they live',
    async () => {
      const first = startChild('hold-store.ts', [data]);
      const { pid } = JSON.parse(await first.said('open')) as { pid: number };
      const orphan = findChildren(pid)[0]!;
      first.process.kill('SIGSTOP');
      process.kill(orphan, 'SIGSTOP');
      process.kill(pid, 'SIGKILL');
      first.process.kill('SIGKILL');
      await first.ended;
      let isOpen = false;
      const opening = start().finally(() => (isOpen = true));
      try {
        await pause(1_500);
        expect(isOpen).toBe(false);
      } finally {
        process.kill(orphan, 'SIGCONT');
      }
      expect(await ask(await opening, 'select 1')).toBe(1);
    },
  );

  it('F19 a pid file that names a process of somebody else is no server: it is not adopted and not signalled', async () => {
    await stop(await start());
    const stranger = startChild('hold-store.ts', [join(folder, 'other')]);
    await stranger.said('open');
    const file = join(data, 'postgres', 'data', 'postmaster.pid');
    writeFileSync(
      file,
      [
        stranger.process.pid,
        join(data, 'postgres', 'data'),
        1,
        5432,
        join(data, 'postgres'),
        '',
        ' 1 1',
        'ready   ',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    const account = pickAccount();
    if (account) chownSync(file, account.uid, account.gid);
    const store = await start();
    expect(serverOf(store)?.adopted).toBe(false);
    stranger.process.stdin?.write('leave\n');
    expect(await stranger.ended).toBe(0);
  });
});

describe('a server that dies', { timeout: 300_000 }, () => {
  beforeEach(plant);

  it('F19 is brought back, and the store goes on with it', async () => {
    const store = await start();
    await ask(store, 'create table kept as select 7 as id');
    const before = serverOf(store);
    process.kill(before?.postmaster.pid ?? 0, 'SIGKILL');
    await before?.gone;
    await store.database.ready();
    expect(serverOf(store)?.postmaster.pid).not.toBe(before?.postmaster.pid);
    expect(await ask(store, 'select id from kept')).toBe(7);
  });

  it('F19 is given up after the allowed attempts, with the reason', async () => {
    const store = await start({ restart: { attempts: 1, windowMs: 60_000 } });
    const server = serverOf(store);
    const version = join(data, 'postgres', 'data', 'PG_VERSION');
    writeFileSync(version, '12\n');
    process.kill(server?.postmaster.pid ?? 0, 'SIGKILL');
    await server?.gone;
    await expect(store.database.ready()).rejects.toMatchObject({ code: 'store_version' });
    writeFileSync(version, '18\n');
  });

  it('ends with a process that leaves without closing the store', async () => {
    const script = join(folder, 'leave.ts');
    writeFileSync(
      script,
      `const { openStore } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/store/open-store.ts'))});
      const store = await openStore({ dataDirectory: ${JSON.stringify(data)} });
      console.log('open ' + store.database.server.supervisor.current().postmaster.pid);
      process.exit(3);`,
    );
    const child = startChild(script, []);
    const pid = Number(await child.said('open'));
    expect(await child.ended).toBe(3);
    await expect.poll(() => findServers(folder).includes(pid), { timeout: 60_000, interval: 20 }).toBe(false);
  });
});

describe('what cannot be opened', { timeout: 300_000 }, () => {
  it('F43 one flipped bit in the control file is store_damaged, and the files stay as they are', async () => {
    plant();
    const control = join(data, 'postgres', 'data', 'global', 'pg_control');
    const bytes = readFileSync(control);
    const flipped = Buffer.from(bytes);
    flipped[60] = (flipped[60] as number) ^ 1;
    writeFileSync(control, flipped);
    await expect(start()).rejects.toMatchObject({
      code: 'store_damaged',
      hint: /restore the data directory from a backup/,
    });
    expect(readFileSync(control)).toEqual(flipped);
    writeFileSync(control, bytes);
    expect(await ask(await start(), 'select 1')).toBe(1);
  });

  it('F43 one flipped bit in a page of the log: the first entry on it is named, and none of them is served', async () => {
    plant();
    const store = await start();
    await appendEntries(
      store,
      'shop',
      Array.from({ length: 20 }, (_, nr) => evidence('shop', nr)),
    );
    const file = (await ask(store, `select pg_relation_filepath('tminus.log_entry')`)) as string;
    const first = Number(await ask(store, 'select min(index) from tminus.log_entry where (ctid::text::point)[0] = 1'));
    expect(first).toBeGreaterThan(0);
    await stop(store);
    const path = join(data, 'postgres', 'data', file);
    const bytes = readFileSync(path);
    const at = 8192 + 8000;
    bytes[at] = (bytes[at] as number) ^ 4;
    writeFileSync(path, bytes);
    const again = await start();
    expect(await verifyStoredLog(again, 'shop')).toMatchObject({
      state: 'broken',
      index: first,
      reason: expect.stringMatching(/page/) as string,
    });
    await expect(readEntries(again, 'shop', { from: 0, to: 20 })).rejects.toMatchObject({ code: 'store_damaged' });
    expect(await readEntries(again, 'shop', { from: 0, to: first })).toHaveLength(first);
  });

  it('a cluster of another major version wants its own binaries', async () => {
    plant();
    writeFileSync(join(data, 'postgres', 'data', 'PG_VERSION'), '14\n');
    await expect(start()).rejects.toMatchObject({
      code: 'store_version',
      message: /database files of Postgres 14: expected binaries of the same major version, got 18/,
    });
  });

  it('no binaries at all is platform_unsupported, with what to do', async () => {
    await expect(start({ packageDirectory: null, systemDirectories: [] })).rejects.toMatchObject({
      code: 'platform_unsupported',
      hint: /DATABASE_URL/,
    });
    expect(existsSync(join(data, 'postgres', 'data'))).toBe(false);
  });

  it('a lost password is not replaced: the database is not touched', async () => {
    plant();
    rmSync(join(data, 'keys', 'database.password'));
    await expect(start()).rejects.toMatchObject({
      code: 'store_damaged',
      message: /expected the password of the database/,
    });
  });

  it('a server that is not there at DATABASE_URL is store_unavailable', async () => {
    await expect(
      start({ databaseUrl: `postgres://nobody@/none?host=${encodeURIComponent(folder)}` }),
    ).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('a log file that cannot be written is refused before anything starts', async () => {
    mkdirSync(data);
    chmodSync(data, 0o711);
    mkdirSync(join(data, 'postgres.log'));
    await expect(start()).rejects.toBeInstanceOf(Error);
    expect(findServers(folder)).toEqual([]);
    rmSync(join(data, 'postgres.log'), { recursive: true });
    appendFileSync(join(data, 'postgres.log'), '');
    expect(await ask(await start(), 'select 1')).toBe(1);
  });
});
