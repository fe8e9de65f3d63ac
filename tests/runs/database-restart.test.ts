import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { replay } from '../../src/core/procedure/apply-changes.ts';
import type { Change } from '../../src/core/procedure/change.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import { readEvents } from '../../src/store/event.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

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
  }, 60_000);

  afterAll(async () => {
    await engine.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('F19 F18 the postmaster is killed with SIGKILL in the middle: every run ends, each effect once, each event once', async () => {
    const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;
    const steps = () => ['a', 'b', 'c'].map((id) => ledgerStep(id, 'apply slow 0.2s', safe));
    const runs = await Promise.all(Array.from({ length: 9 }, () => engine.start(ledgerPlan(steps()))));
    await engine.until(runs[0]!, ({ steps: now }) => now['a']?.state === 'running');
    const place = store.database.server!.place;
    const pid = Number(readFileSync(join(place.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await store.database.ready();
    const ended = await Promise.all(runs.map((run) => untilThere(run)));
    expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
    const applied = (await engine.ledger.effects()).filter((effect) => effect.applied).map(({ key }) => key);
    expect(applied.toSorted()).toEqual(runs.flatMap((run) => ['a', 'b', 'c'].map((id) => `${run}/${id}`)).toSorted());
    const events = await readEvents(store, 0, { limit: 10_000 });
    expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, place_) => place_ + 1));
    for (const run of ended) {
      const own = events.filter((event) => event.run === run.id).map(({ body }) => body as unknown as Change);
      expect(replay(own)).toEqual(run);
    }
  }, 120_000);

  /** The database may be away for a moment: then it is asked again. */
  async function untilThere(run: string): ReturnType<EngineUnderTest['until']> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await engine.until(run, isFinal);
      } catch (error) {
        if (tries === 30 || (error as Error).message.startsWith('run ')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
});
