import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { sha256Hex } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAppender } from '../../src/store/appender.ts';
import { examineStore } from '../../src/store/doctor.ts';
import { dumpSchema } from '../../src/store/dump-schema.ts';
import { appendEntries } from '../../src/store/evidence-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openEmbedded } from '../../src/store/postgres/embedded.ts';
import type { EmbeddedServer } from '../../src/store/postgres/embedded.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { evidence, waiver } from './sample-entries.ts';
import { findServers, makeFolder, removeFolder } from './temporary-folder.ts';

const debian = '/usr/lib/postgresql';
const installed = existsSync(debian)
  ? readdirSync(debian).filter((name) => Number(name) >= 15 && existsSync(join(debian, name, 'bin/initdb')))
  : [];
/** The npm binaries, and one server of each major version that Debian has put on this machine. */
const servers = [
  { name: 'npm package', options: {} },
  ...installed.map((major) => ({
    name: `Debian Postgres ${major}`,
    options: { packageDirectory: null, systemDirectories: [join(debian, major, 'bin')] },
  })),
];

// Counted as skipped where the machine has no Postgres of its own: the second code path stays unproven there.
it.skipIf(installed.length === 0)(
  'a Postgres of the system, 15 or newer, takes part (apt-get install postgresql)',
  () => {
    expect(servers.length).toBeGreaterThan(1);
  },
);

describe.each(servers)('by DATABASE_URL on $name', ({ options }) => {
  const folder = makeFolder();
  let server: EmbeddedServer;
  let store: Store;

  beforeAll(async () => {
    server = await openEmbedded({ dataDirectory: join(folder, 'server'), command: 'vitest', waitMs: 0, ...options });
    store = await openStore({ dataDirectory: join(folder, 'client'), databaseUrl: server.url('postgres') });
  });
  afterAll(async () => {
    await store.close();
    await server.close();
    const left = findServers(folder);
    removeFolder(folder);
    if (left.length > 0) throw new Error(`servers left behind: expected none, got ${left.join(', ')}`);
  });

  it('has the reviewed schema', async () => {
    expect(await dumpSchema(store.database.pool)).toBe(
      readFileSync(join(import.meta.dirname, '../../src/store/schema.sql'), 'utf8'),
    );
  });

  it('R1 R9 appends, answers again, refuses changes and verifies like the embedded one', async () => {
    const appender = createAppender(store);
    const places = await Promise.all(
      Array.from({ length: 100 }, (_, nr) => appender.append('shop', evidence('shop', nr))),
    );
    expect(places.map((place) => place.index)).toEqual(places.map((_, at) => at));
    expect(await appendEntries(store, 'shop', [evidence('shop', 7), waiver('shop')])).toMatchObject([
      { index: 7 },
      { index: 100 },
    ]);
    await expect(store.database.pool.query('delete from tminus.log_entry')).rejects.toMatchObject({ code: '23001' });
    const bad = `insert into tminus.blob (sha256, bytes) values ('\\x${'0'.repeat(64)}', '')`;
    await expect(store.database.pool.query(bad)).rejects.toMatchObject({ constraint: 'blob_digest' });
    expect(await verifyStoredLog(store, 'shop')).toMatchObject({ state: 'whole', size: 101 });
  });

  it('two processes share it: no lock is taken, and both append', async () => {
    const second = await openStore({ dataDirectory: join(folder, 'client'), databaseUrl: server.url('postgres') });
    await Promise.all([
      appendEntries(store, 'both', [evidence('both', 1)]),
      appendEntries(second, 'both', [evidence('both', 2)]),
    ]);
    expect(await verifyStoredLog(second, 'both')).toMatchObject({ state: 'whole', size: 2 });
    await second.close();
  });

  it('doctor tells server, settings, space, clock, and what of each log holds', async () => {
    await appendEntries(store, 'sick', [evidence('sick', 0, 'to be lost')]);
    await store.database.pool.query(
      `alter table tminus.blob disable trigger user; delete from tminus.blob where sha256 = '\\x${sha256Hex('to be lost')}'; alter table tminus.blob enable always trigger blob_append_only`,
    );
    const facts = await examineStore(store);
    expect(facts).toMatchObject({ kind: 'external', cluster: null, serverVersion: server.binaries.version });
    expect(facts.settings).toEqual({ fsync: 'on', synchronousCommit: 'on', fullPageWrites: 'on', dataChecksums: 'on' });
    expect(facts.freeBytes.dataDirectory).toBeGreaterThan(0);
    expect(Math.abs(facts.clock.offsetMs)).toBeLessThanOrEqual(facts.clock.uncertaintyMs + 2);
    expect(facts.logs.map((log) => [log.launch, log.verification.state])).toEqual([
      ['both', 'whole'],
      ['shop', 'whole'],
      ['sick', 'broken'],
    ]);
  });

  it('R1 a server that does not wait for the disk is refused', async () => {
    await store.database.pool.query('alter role tminus set synchronous_commit = off');
    const opened = openStore({ dataDirectory: join(folder, 'client'), databaseUrl: server.url('postgres') });
    await expect(opened).rejects.toMatchObject({
      code: 'store_unavailable',
      message: /expected fsync and synchronous_commit on, got on and off/,
    });
    await store.database.pool.query('alter role tminus reset synchronous_commit');
  });
});

describe('doctor on an embedded store', () => {
  it('names binaries, version, data directory, owner and process', async () => {
    const folder = makeFolder();
    const store = await openStore({ dataDirectory: join(folder, 'data'), command: 'tminus doctor' });
    const facts = await examineStore(store);
    expect(facts).toMatchObject({
      kind: 'embedded',
      owner: process.getuid?.(),
      logs: [],
      holder: { pid: process.pid, command: 'tminus doctor' },
    });
    expect(facts.cluster).toMatchObject({
      directory: join(folder, 'data/postgres/data'),
      adopted: false,
      version: facts.serverVersion,
    });
    await store.close();
    removeFolder(folder);
  });
});
