import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { startPostgres } from '../servers/start-postgres.ts';
import type { ServerMissing, TestPostgres } from '../servers/start-postgres.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { makeFolder, removeFolder } from '../store/temporary-folder.ts';
import { startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { openWireProxy } from './wire-proxy.ts';

/** A primary, a standby that follows it, and an engine that reaches one of them through a door. Its target is a third server. */
export interface Pair {
  state: 'started';
  primary: TestPostgres;
  standby: TestPostgres;
  engine: EngineUnderTest;
  store: Store;
  /** Opens a store of its own on a server, past the door. */
  open(server: TestPostgres): Promise<Store>;
  /** Lets the door lead to a server from now on; returns when everybody has noticed that the connections that there were are cut. */
  turnTo(server: TestPostgres): Promise<void>;
  /** Ends the standing by of a server, and returns once it takes writes. */
  promote(server: TestPostgres): Promise<void>;
  close(): Promise<void>;
}

/** Starts the pair; a synchronous standby has every commit before it is acknowledged. */
export async function startPair(mode: 'synchronous' | 'asynchronous'): Promise<Pair | ServerMissing> {
  const primary = await startPostgres({ durable: true });
  if (primary.state === 'missing') return primary;
  const standby = await primary.follow();
  if (mode === 'synchronous') await waitForStandby(primary, standby);
  const folder = makeFolder();
  const effects = await createTestDatabase();
  const proxy = await openWireProxy({ host: '127.0.0.1', port: primary.port });
  const open = (port: number): Promise<Store> =>
    openStore({
      dataDirectory: `${folder}/data`,
      databaseUrl: `postgres://${primary.user}:${primary.password}@127.0.0.1:${port}/${primary.database}`,
    });
  const store = await open(proxy.port);
  const engine = await startEngine({ ...effects, open: () => Promise.resolve(store) });
  return {
    state: 'started',
    primary,
    standby,
    engine,
    store,
    open: ({ port }) => open(port),
    async turnTo({ port }) {
      proxy.turnTo({ host: '127.0.0.1', port });
      // Each is a turn of the event loop at least, in which ends of connections are read.
      for (let turn = 0; turn < 5; turn += 1) await pause(20);
    },
    async promote(server) {
      const [answer] = await ask<{ promoted: boolean }>(server, 'select pg_promote(true, 180) as promoted');
      // False is its answer where the time was over, which is no error to Postgres.
      if (answer?.promoted !== true)
        throw new Error(`expected a standby that is promoted within 180 s, got one that is not: ${server.said()}`);
    },
    async close() {
      await engine.close();
      await store.close();
      proxy.close();
      await effects.drop();
      await standby.stop();
      await primary.stop();
      removeFolder(folder);
    },
  };
}

async function waitForStandby(primary: TestPostgres, standby: TestPostgres): Promise<void> {
  await ask(primary, `alter system set synchronous_standby_names = 'standby'`);
  await ask(primary, 'select pg_reload_conf()');
  for (const giveUp = performance.now() + 180_000; performance.now() < giveUp; await pause(50)) {
    const found = await ask(primary, `select from pg_stat_replication where sync_state = 'sync'`);
    if (found.length > 0) return;
  }
  throw new Error(`expected a standby that follows within 180 s, got none: ${standby.said()}`);
}

/** Asks a server directly; each question has a connection of its own. */
export async function ask<Row extends object>(server: TestPostgres, sql: string): Promise<Row[]> {
  const { host, port, user, password, database } = server;
  const client = new Client({ host, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
