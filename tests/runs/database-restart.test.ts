import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { replay } from '../../src/core/procedure/apply-changes.ts';
import type { Change } from '../../src/core/procedure/change.ts';
import { isLostConnection } from '../../src/store/database-error.ts';
import { readEvents } from '../../src/store/event.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import type { Supervisor } from '../../src/store/postgres/supervise.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';

const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;

describe('runs while their database is killed', () => {
  let folder: string;
  let store: Store;
  let engine: EngineUnderTest;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tminus-restart-'));
    chmodSync(folder, 0o711);
    const dataDirectory = join(folder, 'data');
    store = await openStore({ dataDirectory });
    const open = (): Promise<Store> => Promise.resolve(store);
    engine = await startEngine({ url: store.database.url, dataDirectory, open, drop: () => Promise.resolve() });
    await engine.work({ slots: 3, report: () => undefined });
  }, 400_000);

  afterAll(async () => {
    await engine.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }, 400_000);

  it(
    'F19 the postmaster is killed with SIGKILL in the middle: every run ends, each effect once, each event once',
    () =>
      proveRuns(async (reach) => {
        await reach(4);
        process.kill(supervisor().current().postmaster.pid, 'SIGKILL');
      }),
    400_000,
  );

  it(
    'F18 Postgres is shut down fast again and again, and started: every run ends, each effect once, each event once',
    () =>
      proveRuns(async (reach) => {
        const killed = new Set<number>();
        for (const effects of [3, 10, 17]) {
          await reach(effects);
          const { gone, postmaster: ending } = supervisor().current();
          killed.add(ending.pid);
          // Fast shutdown: the supervisor starts it again.
          process.kill(ending.pid, 'SIGINT');
          await gone;
        }
        expect(killed.size).toBe(3);
      }),
    400_000,
  );

  it(
    'F20 single backends are killed with SIGKILL, which resets all: every run ends, each effect once, each event once',
    () =>
      proveRuns(async (reach) => {
        const first = await bootedAt();
        for (const effects of [3, 10, 17]) {
          await reach(effects);
          await killBackend();
        }
        await reach(20);
        // All backends were thrown out, and the postmaster stayed.
        expect(await bootedAt()).toBe(first);
      }),
    400_000,
  );

  /** Lets runs go while something is done to their database, each time so many effects have been applied. */
  async function proveRuns(disturb: (reach: (effects: number) => Promise<void>) => Promise<void>): Promise<void> {
    const before = (await appliedKeys(engine)).length;
    const steps = () => ['a', 'b', 'c'].map((id) => ledgerStep(id, 'apply slow 0.3s', safe));
    const runs = await Promise.all(Array.from({ length: 9 }, () => engine.start(ledgerPlan(steps()))));
    let asked = 0;
    await disturb(async (effects) => {
      asked = effects;
      while (((await appliedKeys(engine).catch(() => null))?.length ?? 0) < before + effects) await pause(20);
    });
    // It was done in the middle.
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(runs.length * 3);
    const ended = await Promise.all(runs.map((run) => untilEnded(engine, run)));
    expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
    const applied = (await appliedKeys(engine)).slice(before);
    expect(applied.toSorted()).toEqual(runs.flatMap((run) => ['a', 'b', 'c'].map((id) => `${run}/${id}`)).toSorted());
    const events = await readEvents(store, 0, { limit: 10_000 });
    expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, place) => place + 1));
    for (const run of ended) {
      const own = events.filter((event) => event.run === run.id).map(({ body }) => body as unknown as Change);
      expect(replay(own)).toEqual(run);
    }
  }

  function supervisor(): Supervisor {
    return store.database.server!.supervisor;
  }

  /** Kills one backend that works for the engine; one that has just ended by itself is none. */
  async function killBackend(): Promise<void> {
    for (;;) {
      const { pid } = await ask<{ pid: number }>(
        `select pid from pg_stat_activity where application_name like 'tminus%' and pid <> pg_backend_pid() order by random() limit 1`,
      );
      try {
        process.kill(pid, 'SIGKILL');
        return;
      } catch {
        await pause(20);
      }
    }
  }

  async function bootedAt(): Promise<string> {
    return (await ask<{ at: string }>('select pg_postmaster_start_time()::text as at')).at;
  }

  /** Returns the first row; a server that is on its way back is asked again. */
  async function ask<Row extends object>(query: string): Promise<Row> {
    for (;;) {
      const row = await store.database.pool.query<Row>(query).then(
        ({ rows }) => rows[0] ?? null,
        (error: unknown) => {
          if (isLostConnection(error)) return null;
          throw error;
        },
      );
      if (row !== null) return row;
      await pause(50);
    }
  }
});
