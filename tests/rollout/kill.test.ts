import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findBrokenEntry } from '../../src/store/rollout-broken-entry.ts';
import type { ShiftEntry } from '../../src/store/rollout-entry.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import type { CounterApp } from '../doubles/counter-app.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';

/** Around each look, decision and write of a weight; the second passage of a write is that of the way back. */
const points: readonly (readonly [point: string, nth: number])[] = [
  ['rollout.looked', 3],
  ['rollout.decide.before-commit', 1],
  ['rollout.decided', 1],
  ['rollout.weight.set', 1],
  ['rollout.act.before', 2],
  ['rollout.weight.set', 2],
];

const flags = {
  flags: {
    shop: {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        fractional: [
          ['off', 100],
          ['on', 0],
        ],
      },
    },
  },
};

/** The weight that the file gives the canary, read beside the router. */
function weightIn(folder: string): number {
  const { flags: read } = JSON.parse(readFileSync(join(folder, 'flags.json'), 'utf8')) as typeof flags;
  return new Map(read.shop.targeting.fractional as [string, number][]).get('on') ?? 0;
}

describe('a controller that dies', () => {
  const [apps, stages]: [CounterApp[], RolloutStage[]] = [[], []];
  let stable: CounterApp;
  let canary: CounterApp;
  let timer: NodeJS.Timeout;
  beforeAll(async () => {
    stable = await startCounterApp('stable');
    canary = await startCounterApp('canary');
    apps.push(stable, canary);
    // Half of what the canary answers is bad, whichever stage is served.
    timer = setInterval(() => {
      stable.count({ code: '200' }, 80);
      stable.count({ code: '500' }, 1);
      canary.count({ code: '200' }, 10);
      canary.count({ code: '500' }, 10);
    }, 50);
  });
  afterAll(async () => {
    clearInterval(timer);
    await Promise.all(stages.map((stage) => stage.drop()));
    await Promise.all(apps.map((app) => app.stop()));
  });

  const dieAt = async (point: string, nth: number): Promise<void> => {
    const folder = newFolder();
    writeFileSync(join(folder, 'flags.json'), JSON.stringify(flags));
    const text = rolloutLaunch(
      {
        router: '{ kind: flag-file, file: flags.json, flag: shop }',
        metrics: { stable: stable.url, canary: canary.url },
      },
      {
        phases: [
          '{ weight: 20, minTime: 500ms, maxTime: 10m, minRequests: 50, warmup: 0s }',
          '{ weight: 100, minTime: 500ms, maxTime: 10m, minRequests: 50, warmup: 0s }',
        ],
      },
    );
    const stage = await openRolloutStage(text.replace('interval: 1s', 'interval: 300ms'), folder);
    stages.push(stage);
    const { id } = await stage.start();
    const carrier = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'carrier-process.ts'),
        stage.url,
        stage.dataDirectory,
        folder,
        point,
        String(nth),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const [, signal] = (await once(carrier, 'exit')) as [number | null, string | null];
    expect(signal, `${point} ${nth} was passed`).toBe('SIGKILL');
    const left = weightIn(folder);
    stage.keep({ leaseSeconds: 2 });
    const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
    const journal = await stage.journal(id);
    expect([ended.stands, weightIn(folder)]).toEqual(['rolled-back', 0]);
    expect(await findBrokenEntry(stage.store, ended)).toBeNull();
    expect(journal.filter(({ kind, body }) => kind === 'phase_ended' && body['how'] === 'passed')).toEqual([]);
    expect(unasked(journal)).toEqual([]);
    // A dead controller leaves traffic where it was asked to be.
    expect([0, 20]).toContain(left);
  };

  it('T7 at every point of the journal the next one goes on: never PASS, never a stuck weight, and no weight that was not journaled before', async () => {
    const queue = [...points];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) await dieAt(...next);
    };
    await Promise.all([work(), work(), work()]);
  }, 300_000);
});

/** Outcomes of actions that no entry before them asked for. */
function unasked(journal: readonly ShiftEntry[]): ShiftEntry[] {
  const asked = new Set<unknown>();
  return journal.filter(({ kind, body }) => {
    if (kind === 'asked') asked.add(body['number']);
    return (kind === 'done' || kind === 'not-done') && !asked.has(body['number']);
  });
}
