import { setTimeout as pause } from 'node:timers/promises';

import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';

import { createRun } from '../../src/engine/advance/create-run.ts';
import { readErrorCode, toStoreError } from '../../src/store/database-error.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startPostgres } from '../servers/start-postgres.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { makeFolder, removeFolder } from '../store/temporary-folder.ts';
import { endSessions } from './end-sessions.ts';
import { ledgerPlan, ledgerStep, orderOf, startEngine } from './start-engine.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';

const connections = 20;
const server = await startPostgres({ durable: true, settings: { max_connections: String(connections) } });
const why = server.state === 'missing' ? ` (skipped: ${server.reason})` : '';
const { port, password } = server.state === 'missing' ? { port: 0, password: '' } : server;
const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;
const steps = ['a', 'b', 'c'];
const plan = (text: string) => ledgerPlan(steps.map((id) => ledgerStep(id, text, safe)));

describe.skipIf(server.state === 'missing')(`a database that gives too little${why}`, async () => {
  if (server.state === 'missing') return;
  const folder = makeFolder();
  const effects = await createTestDatabase();
  const store = await openStore({ dataDirectory: `${folder}/data`, databaseUrl: url });
  // So long that nobody is taken for dead while there is no connection to say otherwise with, also on a machine that is busy.
  const engine = await startEngine({ ...effects, open: () => Promise.resolve(store) }, { heartbeatSeconds: 30 });
  const reported: unknown[] = [];
  let stalls = 0;
  let killed = 0;
  await engine.work({
    slots: 3,
    report: (error) => reported.push(error),
    async permit(tx) {
      if (stalls === 0) return null;
      stalls -= 1;
      await sql`set local idle_in_transaction_session_timeout = '200ms'`.execute(tx);
      await pause(4_000);
      await sql`select`.execute(tx).catch((error: unknown) => {
        killed += 1;
        throw error;
      });
      return null;
    },
  });

  afterAll(async () => {
    await engine.close();
    await store.close();
    await effects.drop();
    await server.stop();
    removeFolder(folder);
  });

  it('F23 every connection is taken by others: a person is told so, the runs wait, and go on by themselves', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => engine.start(plan('apply slow 0.5s'))));
    for (const run of runs)
      await engine.until(run, ({ steps: now }) => !['pending', 'ready'].includes(now['a']!.state));
    const crowd = await takeAllConnections();
    // The pool has read that its own are gone.
    await expect
      .poll(() => store.database.pool.query('select 1').catch(readErrorCode), { timeout: 30_000 })
      .toBe('53300');
    const refused = await createRun(store, orderOf(engine.workspace, plan('apply'))).catch((error: unknown) => error);
    expect(toStoreError(refused, 'run')).toMatchObject({ code: 'store_unavailable', message: /too many clients/ });
    const before = (await appliedKeys(engine)).length;
    await pause(3_000);
    // What runs ends; nothing else begins.
    expect((await appliedKeys(engine)).length - before).toBeLessThanOrEqual(3);
    await Promise.all(crowd.map((client) => client.end()));
    const ended = await Promise.all(runs.map((run) => untilEnded(engine, run)));
    expect(ended.map(({ state, steps: now }) => [state, now['a']?.attempt])).toEqual(runs.map(() => ['completed', 1]));
    const applied = (await appliedKeys(engine)).toSorted();
    expect(applied).toEqual(runs.flatMap((run) => steps.map((id) => `${run}/${id}`)).toSorted());
  }, 300_000);

  it('F25 statements that take too long are ended by the server: those of the engine come again, and a person has a clear error', async () => {
    const run = await engine.start(plan('apply slow 0.5s'));
    await engine.until(run, ({ steps: now }) => now['a']?.state === 'running');
    await setForAll(`statement_timeout = '300ms'`);
    const other = await enter('-c statement_timeout=0');
    await other.query('begin');
    await other.query('select from tminus.run where id = $1 for update', [run]);
    const lock = store.database.pool.query('select from tminus.run where id = $1 for update', [run]);
    const ended = await lock.catch((error: unknown) => error);
    expect(ended).toMatchObject({ code: '57014' });
    expect(toStoreError(ended, 'run')).toMatchObject({ code: 'store_unavailable' });
    const lead = {
      kind: 'hold',
      hold: { id: 'p', scope: 'run', subject: null, mode: 'boundary', count: 'stops' },
    } as const;
    const by = { by: { person: 'alice', role: 'lead' }, reason: 'look' } as const;
    const held = engine.advancer.advance({ run, input: { ...lead, ...by } });
    await pause(2_000);
    await other.query('rollback');
    await other.end();
    expect(await held).toMatchObject({ state: 'decided' });
    await engine.advancer.advance({ run, input: { kind: 'release', hold: 'p', ...by } });
    const { state, steps: now } = await untilEnded(engine, run);
    expect([state, now['a']?.attempt]).toEqual(['completed', 1]);
    await setForAll(`statement_timeout = '0'`);
  }, 300_000);

  it('F25 a transaction that stands still is ended by the server, and what it was to begin begins anew', async () => {
    stalls = 2;
    const run = await engine.start(plan('apply'));
    expect((await untilEnded(engine, run)).state).toBe('completed');
    expect([stalls, killed]).toEqual([0, 2]);
    expect((await appliedKeys(engine)).filter((key) => key.startsWith(`${run}/`))).toHaveLength(3);
  }, 300_000);

  async function setForAll(setting: string): Promise<void> {
    const admin = await enter('-c statement_timeout=0');
    await admin.query(`alter database postgres set ${setting}`);
    await endSessions(admin);
    await admin.end();
  }
});

/** Opens connections until all that there are, are taken, and puts out those of everybody else. */
async function takeAllConnections(): Promise<Client[]> {
  const crowd = [await enter()];
  while (crowd.length < connections) {
    const client = await enter().catch(() => null);
    if (client !== null) crowd.push(client);
    await crowd[0]!.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'crowd'`,
    );
  }
  return crowd;
}

async function enter(options = ''): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'crowd', options });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
