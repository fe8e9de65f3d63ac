import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toStoreError } from '../../src/store/database-error.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';

const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;
const steps = ['a', 'b', 'c'];

describe('transactions that the database takes back', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;
  let other: EngineUnderTest;
  let admin: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new Client({ connectionString: database.url });
    await admin.connect();
    // Whoever waits for so long looks for a deadlock and is its victim; the disturbers look after ten seconds only.
    await admin.query(`alter database ${await nameOf(admin)} set deadlock_timeout = '20ms'`);
    engine = await startEngine(database);
    other = await startEngine(database);
  });

  afterAll(async () => {
    await engine.close();
    await other.close();
    await admin.end();
    await database.drop();
  });

  it('F24 two processes that write the same runs, named in opposite order, never deadlock', async () => {
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => engine.start(ledgerPlan([ledgerStep('x', 'apply')]))),
    );
    const before = await countDeadlocks();
    const note = ({ advancer }: EngineUnderTest, ids: readonly string[]) =>
      Promise.all(ids.map((run) => advancer.advance({ run, input: { kind: 'tick' } })));
    for (let round = 0; round < 40; round += 1)
      await Promise.all([note(engine, runs), note(other, runs.toReversed()), note(engine, runs.toReversed())]);
    expect(await countDeadlocks(11_000)).toBe(before);
  });

  it('F24 deadlocks with somebody else: every input of the victim comes again, every run ends, each effect once', async () => {
    await engine.work({ slots: 4, report: () => undefined });
    const before = await countDeadlocks();
    const runs = await startRuns(8);
    // On a machine that is busy they may not cross for a while: it goes on until they did.
    const storm = startDisturbers(runs, async () => (await countDeadlocks()) > before);
    // All runs in one transaction, which is where it crosses the disturbers.
    while (!storm.isOver())
      await Promise.all(runs.map((run) => other.advancer.advance({ run, input: { kind: 'tick' } })));
    await storm.end();
    const ended = await Promise.all(runs.map((run) => untilEnded(engine, run)));
    expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
    // The disturbers look for a deadlock after ten seconds only, so that the engine was the victim each time.
    expect((await countDeadlocks()) - before).toBeGreaterThan(0);
    await assertAppliedOnce(runs);
  }, 300_000);

  it('F24 serialization failures in two of three writes: the same; where every write fails, it is given up with a clear error', async () => {
    await admin.query(`create sequence public.failure;
      create function public.fail_often() returns trigger language plpgsql as $$ begin
        if nextval('public.failure') % 3 <> 0 then raise exception using errcode = '40001', message = 'could not serialize access'; end if;
        return new; end $$;
      create trigger fail_often before update on tminus.run for each statement execute function public.fail_often()`);
    const runs = await startRuns(2);
    const ended = await Promise.all(runs.map((run) => untilEnded(engine, run)));
    expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
    const { rows } = await admin.query<{ count: string }>('select last_value as count from public.failure');
    expect(Number(rows[0]?.count)).toBeGreaterThan(10);
    await assertAppliedOnce(runs);
    await admin.query('alter sequence public.failure increment by 3 restart with 1');
    const began = performance.now();
    const given = await startRuns(1).catch((error: unknown) => error);
    expect(toStoreError(given, 'run')).toMatchObject({ code: 'store_unavailable', message: /could not serialize/ });
    expect(performance.now() - began).toBeLessThan(60_000);
    await admin.query('drop trigger fail_often on tminus.run');
  }, 300_000);

  const startRuns = (count: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, () => other.start(ledgerPlan(steps.map((id) => ledgerStep(id, 'apply', safe))))),
    );

  async function assertAppliedOnce(runs: readonly string[]): Promise<void> {
    const applied = (await appliedKeys(engine)).filter((key) => runs.includes(key.split('/')[0]!));
    expect(applied.toSorted()).toEqual(runs.flatMap((run) => steps.map((id) => `${run}/${id}`)).toSorted());
  }

  /** As the server counts them; its sessions tell it of theirs once a second, and within ten where they do nothing. */
  async function countDeadlocks(afterMs = 1_500): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await admin.query('select pg_stat_clear_snapshot()');
    const { rows } = await admin.query<{ count: number }>(
      'select deadlocks::int as count from pg_stat_database where datname = current_database()',
    );
    return rows[0]!.count;
  }

  /** Locks runs one after the other from the last to the first, which is not the order of the engine. */
  function startDisturbers(runs: readonly string[], isEnough: () => Promise<boolean>): Storm {
    const began = performance.now();
    let over = false;
    const isOver = (): boolean => over;
    const watch = async (): Promise<void> => {
      while (!over)
        over = ((await isEnough()) && performance.now() - began > 2_000) || performance.now() - began > 60_000;
    };
    const client = new Client({ connectionString: database.url });
    const disturb = async (): Promise<void> => {
      await client.connect();
      await client.query(`set deadlock_timeout = '10s'`);
      while (!isOver()) {
        await client.query('begin');
        for (const run of runs.toSorted().toReversed()) {
          const lock = client.query('select from tminus.run where id = $1 for update', [run]);
          if (
            !(await lock.then(
              () => true,
              () => false,
            ))
          )
            break;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await client.query('rollback');
      }
      await client.end();
    };
    const disturbing = Promise.all([disturb(), watch()]);
    return { isOver, end: async () => void (await disturbing) };
  }
});

/** Locks that cross those of the engine, for two seconds at least. */
interface Storm {
  isOver(): boolean;
  end(): Promise<void>;
}

async function nameOf(admin: Client): Promise<string> {
  const { rows } = await admin.query<{ name: string }>('select current_database() as name');
  return rows[0]!.name;
}
