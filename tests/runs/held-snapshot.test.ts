import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readEvents } from '../../src/store/event.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';

const dead = 5_000;
const steps = ['a', 'b', 'c'];

// What it costs is measured by bench/held-snapshot.bench.ts: a test would say more about the machine.
describe('a snapshot that somebody holds', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;
  let holder: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    await engine.work({ slots: 4 });
    holder = new Client({ connectionString: database.url });
    await holder.connect();
  });

  afterAll(async () => {
    await holder.end();
    await engine.close();
    await database.drop();
  });

  it('F26 no dead row can be removed meanwhile, and still every run ends, each effect once, each event once', async () => {
    await holder.query('begin isolation level repeatable read');
    const seen = await countEvents();
    await engine.store.database.pool.query(
      `do $$ begin for turn in 1..${dead} loop update tminus.event_head set cursor = cursor; end loop; end $$`,
    );
    const runs = await Promise.all(
      Array.from({ length: 12 }, () => engine.start(ledgerPlan(steps.map((id) => ledgerStep(id, 'apply'))))),
    );
    const ended = await Promise.all(runs.map((run) => untilEnded(engine, run)));
    expect(await countDead()).toBeGreaterThanOrEqual(dead);
    expect(await countEvents()).toEqual(seen);
    expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
    expect((await appliedKeys(engine)).toSorted()).toEqual(
      runs.flatMap((run) => steps.map((id) => `${run}/${id}`)).toSorted(),
    );
    const events = await readEvents(engine.store, 0, { limit: 10_000 });
    expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, place) => place + 1));
    await holder.query('rollback');
    // Sessions tell of the rows that they left dead within ten seconds, and may tell of those that are gone already.
    await expect.poll(countDead, { timeout: 60_000, interval: 500 }).toBeLessThan(dead);
  }, 180_000);

  /** By the snapshot that is held. */
  async function countEvents(): Promise<unknown> {
    return (await holder.query('select count(*)::int as count from tminus.event')).rows[0];
  }

  /** Those that a vacuum had to leave where they are. */
  async function countDead(): Promise<number> {
    const { pool } = engine.store.database;
    await pool.query('vacuum tminus.event_head');
    const { rows } = await pool.query<{ count: number }>(
      `select n_dead_tup::int as count from pg_stat_user_tables where relid = 'tminus.event_head'::regclass`,
    );
    return rows[0]!.count;
  }
});
