import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, describe, expect, it } from 'vitest';

import { readEvents } from '../../src/store/event.ts';
import type { TestPostgres } from '../servers/start-postgres.ts';
import { ledgerPlan, ledgerStep } from './start-engine.ts';
import { ask, startPair } from './start-pair.ts';
import type { Pair } from './start-pair.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';

const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;
const wentBack = { code: 'store_went_back' };
const steps = ['a', 'b', 'c'];

const countEvents = async (server: TestPostgres): Promise<number | undefined> =>
  (await ask<{ count: number }>(server, 'select count(*)::int as count from tminus.event'))[0]?.count;

const start = ({ engine }: Pair, text = 'apply slow 0.2s'): Promise<string> =>
  engine.start(ledgerPlan(steps.map((id) => ledgerStep(id, text, safe))));

const synchronous = await startPair('synchronous');
const why = synchronous.state === 'missing' ? ` (skipped: ${synchronous.reason})` : '';

describe.skipIf(synchronous.state === 'missing')(
  `a primary with a synchronous standby${why}`,
  { timeout: 400_000 },
  () => {
    const pair = synchronous as Pair;
    const { engine, primary, standby } = pair;
    afterAll(() => pair.close());

    it('F31 R13 nothing is read from a replica: a process does not start on one, and one that comes to it holds until the primary is back', async () => {
      await expect(pair.open(standby)).rejects.toMatchObject({ code: 'store_unavailable', message: /got a replica/ });
      const run = await start(pair);
      await expect(engine.read(run)).resolves.toBeDefined();
      expect((await ask(standby, `select from tminus.run where id = '${run}'`)).length).toBe(1);
      await pair.turnTo(standby);
      await expect(engine.read(run)).rejects.toMatchObject({ code: 'store_unavailable', message: /got a replica/ });
      await pair.turnTo(primary);
      await engine.work({ slots: 4, report: () => undefined });
      expect((await untilEnded(engine, run)).state).toBe('completed');
    });

    it('F28 the primary is killed and the standby promoted: everything acknowledged is there, every run ends, each effect once', async () => {
      const before = (await appliedKeys(engine)).length;
      const runs = await Promise.all(Array.from({ length: 8 }, () => start(pair)));
      const acknowledged = await Promise.all(runs.map((run) => engine.read(run)));
      await engine.until(runs[0]!, ({ steps: now }) => now['a']?.state === 'done');
      await primary.crash();
      await pair.promote(standby);
      await pair.turnTo(standby);
      const ended = await Promise.all(runs.map((run) => untilEnded(engine, run)));
      expect(ended.map(({ id, state }) => [id, state])).toEqual(acknowledged.map(({ id }) => [id, 'completed']));
      const applied = (await appliedKeys(engine)).slice(before);
      expect(applied.toSorted()).toEqual(runs.flatMap((run) => steps.map((id) => `${run}/${id}`)).toSorted());
      const events = await readEvents(pair.store, 0, { limit: 10_000 });
      expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, place) => place + 1));
    });

    it('F30 the old primary comes back beside the new one: it is refused by its timeline, nothing is written to it', async () => {
      await primary.restart();
      await ask(primary, 'alter system reset synchronous_standby_names');
      await ask(primary, 'select pg_reload_conf()');
      const count = await countEvents(primary);
      await pair.turnTo(primary);
      await expect(start(pair)).rejects.toMatchObject({ ...wentBack, message: /timeline 2 or later, got 1/ });
      await pause(1_500);
      expect(await countEvents(primary)).toBe(count);
      await pair.turnTo(standby);
      expect((await untilEnded(engine, await start(pair))).state).toBe('completed');
    });
  },
);

const asynchronous = why === '' ? await startPair('asynchronous') : synchronous;

describe.skipIf(asynchronous.state === 'missing')(
  `a primary with an asynchronous standby${why}`,
  { timeout: 400_000 },
  () => {
    const pair = asynchronous as Pair;
    const { engine, primary, standby } = pair;
    afterAll(() => pair.close());

    it('F29 the standby that takes over lacks the tail: the loss is found, the runs are held, and whoever starts anew goes on', async () => {
      await engine.work({ slots: 2, report: () => undefined });
      // So long that the standby is gone before the step ends, also where it is noticed late that it began.
      const run = await start(pair, 'apply slow 4s');
      await engine.until(run, ({ steps: now }) => now['a']?.state === 'running');
      await standby.crash();
      await engine.until(run, ({ steps: now }) => now['b']?.state === 'running');
      const acknowledged = await countEvents(primary);
      await primary.crash();
      await standby.restart();
      await pair.promote(standby);
      const kept = await countEvents(standby);
      expect(kept).toBeLessThan(acknowledged!);
      await pair.turnTo(standby);
      const lost = new RegExp(`event \\d+ of run ${run}, which it acknowledged, got another history`);
      await expect(engine.read(run)).rejects.toMatchObject({ ...wentBack, message: lost });
      await expect(start(pair)).rejects.toMatchObject(wentBack);
      await pause(3_000);
      await expect(start(pair)).rejects.toMatchObject(wentBack);
      expect(await countEvents(standby)).toBe(kept);
      const anew = await pair.open(standby);
      expect((await readEvents(anew, 0)).length).toBe(kept);
      await anew.close();
    });
  },
);
