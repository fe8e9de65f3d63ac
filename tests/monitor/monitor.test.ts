import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Component } from '../../src/core/metric/judge-health.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import { pause as pauseStep } from '../../src/core/procedure/runs.fixture.ts';
import { openProcessorMeter } from '../../src/engine/monitor/measure-machine.ts';
import { openMonitor, systemRun } from '../../src/engine/monitor/open-monitor.ts';
import type { Monitor } from '../../src/engine/monitor/open-monitor.ts';
import { readHealth } from '../../src/engine/monitor/read-health.ts';
import { readAlarms } from '../../src/store/alarm.ts';
import { readEvents } from '../../src/store/event.ts';
import { readMessages } from '../../src/store/message.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ledgerPlan, ledgerStep, startEngine } from '../runs/start-engine.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';
import { behindProxy } from '../runs/wire-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { SeveringProxy } from './severing-proxy.ts';

const hourMs = 3_600_000;

let database: TestDatabase;
let engine: EngineUnderTest;
let monitors: Monitor[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  engine = await startEngine(database);
});
afterEach(async () => {
  await Promise.all(monitors.map((monitor) => monitor.close()));
  monitors = [];
  await engine.close();
  await database.drop();
});

function watch(
  options: { everyMs?: number; withinMs?: number } = {},
  report: (error: unknown) => void = () => undefined,
): Monitor {
  const monitor = openMonitor(engine.store, { everyMs: hourMs, report, ...options });
  monitors.push(monitor);
  return monitor;
}

async function stateOf(component: Component): Promise<string> {
  const { components } = await readHealth({ store: engine.store, processors: openProcessorMeter(), withinMs: hourMs });
  return components.find((part) => part.component === component)!.state;
}

async function openSubjects(): Promise<string[]> {
  // Those of the machine hang on whatever else it does.
  return (await readAlarms(engine.store))
    .map(({ subject }) => subject)
    .filter((subject) => !/ of /u.test(subject))
    .toSorted();
}

describe('health of an installation', () => {
  it('O17 an empty installation is well, without a worker, too', async () => {
    const { state, components } = await readHealth({
      store: engine.store,
      processors: openProcessorMeter(),
      withinMs: hourMs,
    });
    expect([state, ...components.map((part) => part.state)]).toEqual(Array(6).fill('healthy'));
  });

  it('O17 work without a worker is unhealthy until one comes', async () => {
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]));
    expect(await stateOf('workers')).toBe('unhealthy');
    await engine.work();
    await engine.until(run, isFinal);
    expect(await stateOf('workers')).toBe('healthy');
  });

  it('O17 a run that is due and that nobody ticks is unhealthy until somebody keeps the time', async () => {
    const run = await engine.start(ledgerPlan([pauseStep('soak', { kind: 'for', ms: 500 }), ledgerStep('a', 'apply')]));
    expect(await stateOf('engine')).toBe('healthy');
    await engine.store.database.pool.query(
      `update tminus.run set due_at = due_at - interval '1 minute' where id = $1`,
      [run],
    );
    expect(await stateOf('engine')).toBe('unhealthy');
    await engine.work();
    await engine.until(run, isFinal);
    expect(await stateOf('engine')).toBe('healthy');
  });

  it('O17 a step that nobody begins for an hour is unhealthy although workers are there', async () => {
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply')]));
    const shift = (hours: number) =>
      engine.store.database.pool.query(
        `update tminus.step_run set body = jsonb_set(body, '{readyAtMs}', to_jsonb((body->>'readyAtMs')::bigint - $2::bigint)) where run = $1`,
        [run, hours * hourMs],
      );
    await shift(2);
    expect(await stateOf('engine')).toBe('unhealthy');
    await shift(-2);
    expect(await stateOf('engine')).toBe('healthy');
  });

  it('O17 a queue is degraded above a hundred and unhealthy above a thousand jobs', async () => {
    const send = (count: number, from: number) =>
      engine.delivery.send(
        Array.from({ length: count }, (_, place) => ({
          queue: 'chores',
          key: `k${from + place}`,
          data: { do: 'sweep', run: 'none' },
        })),
      );
    await send(100, 0);
    expect(await stateOf('queue')).toBe('healthy');
    await send(1, 100);
    expect(await stateOf('queue')).toBe('degraded');
    await send(900, 200);
    expect(await stateOf('queue')).toBe('unhealthy');
    await engine.delivery.cancelQueue('chores');
    expect(await stateOf('queue')).toBe('healthy');
  });
});

describe('alarms of the monitor', () => {
  it('O17 O31 fire once, are told once by message and event, and end when it is well again', async () => {
    const monitor = watch();
    expect(await openSubjects()).toEqual([]);
    await engine.delivery.send(
      Array.from({ length: 101 }, (_, place) => ({
        queue: 'chores',
        key: `k${place}`,
        data: { do: 'sweep', run: 'none' },
      })),
    );
    await monitor.look();
    expect(await openSubjects()).toEqual(['alert queue', 'component workers']);
    await monitor.look();
    const others = watch();
    await Promise.all([others.look(), monitor.look()]);
    const told = async (): Promise<string[]> =>
      (await readMessages(engine.store, systemRun))
        .map(({ body }) => body)
        .filter((body) => body.includes('jobs that wait'));
    expect(await told()).toEqual([
      'alarm: jobs that wait: expected at most 100 count, got 101 (jobs of steps, chores, recheck, recurring, webhooks, notices)',
    ]);
    await engine.delivery.cancelQueue('chores');
    await monitor.look();
    expect(await openSubjects()).toEqual([]);
    expect((await told()).map((body) => body.split(':')[0])).toEqual(['alarm', 'over']);
    const events = await readEvents(engine.store, 0, { types: ['system.notice'] });
    expect(
      events
        .filter(({ run, body }) => run === null && body['subject'] === 'alert queue')
        .map(({ body }) => body['until'] === null),
    ).toEqual([true, false]);
  });

  it('O17 what cannot be told any more does not end an alarm, and only a good figure does', async () => {
    await engine.work();
    const failing = ledgerPlan([ledgerStep('a', 'fail', { onFail: 'fail' })]);
    await engine.until(await engine.start(failing), isFinal);
    await watch().look();
    expect(await openSubjects()).toEqual(expect.arrayContaining(['alert failures', 'metric error', 'metric success']));
    await pause(20);
    const blind = watch({ withinMs: 1 });
    await blind.look();
    expect(blind.newest?.alerts.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'ok']);
    expect(await openSubjects()).toEqual(expect.arrayContaining(['alert failures', 'metric error']));
    const fine = ledgerPlan(['a', 'b', 'c', 'd'].map((id) => ledgerStep(id, 'apply')));
    await engine.until(await engine.start(fine), isFinal);
    await watch().look();
    // One of five is not above twenty percent; above five percent it still is.
    expect(await openSubjects()).toEqual(['metric error', 'metric sla', 'metric success']);
  });

  it('F11 a database that is cut off flips health within the interval, is reported, and flips back', async () => {
    const { target, through } = behindProxy(database.url);
    const proxy = new SeveringProxy(target);
    const databaseUrl = through(await proxy.listen());
    const store = await openStore({ dataDirectory: database.dataDirectory, databaseUrl, connections: 4 });
    const reported: unknown[] = [];
    const everyMs = 500;
    const monitor = openMonitor(store, { everyMs, report: (error) => reported.push(error) });
    // In looks: how long each of them takes is what the machine has to do besides.
    const flips = async (wanted: string): Promise<number> => {
      const giveUpAt = performance.now() + 60_000;
      let [looks, seen] = [0, monitor.newest];
      while (monitor.newest?.components[0]?.state !== wanted) {
        if (performance.now() > giveUpAt)
          throw new Error(`expected ${wanted}, got ${JSON.stringify(monitor.newest?.components)}`);
        await pause(10);
        if (monitor.newest !== seen) looks += 1;
        seen = monitor.newest;
      }
      return looks;
    };
    await flips('healthy');
    proxy.shut();
    // The one that was under way, and the next.
    expect(await flips('unhealthy')).toBeLessThanOrEqual(2);
    expect(monitor.newest?.state).toBe('unhealthy');
    expect(monitor.newest?.components.map(({ state }) => state)).toEqual([
      'unhealthy',
      'unknown',
      'unknown',
      'unknown',
      'degraded',
    ]);
    while (reported.length === 0) await pause(10);
    proxy.isShut = false;
    expect(await flips('healthy')).toBeLessThanOrEqual(2);
    await monitor.close();
    await store.close();
    await proxy.close();
  });
});
