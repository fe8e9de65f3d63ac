import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { declareCheck } from '../../src/core/check/declare-check.ts';
import { judge } from '../../src/core/check/judge.ts';
import { readSources } from '../../src/core/check/read-sources.ts';
import { actOnShift } from '../../src/engine/rollout/act-on-shift.ts';
import { httpKind } from '../../src/kinds/checks/http/kind.ts';
import { wayBackRunOf } from '../../src/engine/rollout/begin-way-back.ts';
import { loadRuns } from '../../src/store/run.ts';
import type { Shift } from '../../src/store/rollout.ts';
import { startHaproxy } from '../servers/start-haproxy.ts';
import { openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { startPacedLoad } from './paced-load.ts';
import type { PacedLoad } from './paced-load.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startArm } from './start-arms.ts';

const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const haproxy = await startHaproxy({ stable: stable.port, canary: canary.port });
const missing = haproxy.state === 'missing' ? haproxy.reason : null;
const time = 'minTime: 1s, maxTime: 10m, minRequests: 50, warmup: 0s';

/** One rollout, and of its fence only what differs: where to stop, what it waits for, which way it goes back. */
const textOf = (last: string, front = ''): string =>
  rolloutLaunch(
    {
      router:
        '{ kind: haproxy, socket: haproxy.sock, backend: app, stable: stable, canary: canary, state: haproxy.state, timeout: 30s }',
      metrics: { stable: stable.metrics, canary: canary.metrics },
    },
    {
      front,
      phases: [`{ weight: 50, ${time} }`, `{ weight: 100, ${time}${last} }`],
      rollout: '  retry: person\n  wayBack: go-back\n',
      body: '## Rollback: go back {#go-back}\n\n1. Tell the till {#tell role=lead}\n\n   ```sh\n   true\n   ```\n',
    },
  ).replace('exclude: 3 }', 'exclude: 3, cap: "20%" }');

const closed = (): string => {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  // Of the day after tomorrow: closed now, whatever the time of the test.
  const day = days[(new Date().getUTCDay() + 2) % 7]!;
  return `windows: [{ days: [${day}], from: "00:00", to: "24:00", zone: UTC }]\n`;
};

describe.skipIf(missing !== null)(
  `phases of a shift on HAProxy${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let stage: RolloutStage;
    let load: PacedLoad;
    const folder = haproxy.state === 'started' ? haproxy.folder : '';
    beforeAll(async () => {
      if (haproxy.state !== 'started') return;
      stage = await openRolloutStage(textOf(''), folder);
      stage.keep();
      load = startPacedLoad(haproxy.url, 400);
    });
    afterAll(async () => {
      await load?.stop();
      if (haproxy.state === 'started') await haproxy.stop();
      await stage?.drop();
      await Promise.all([stable.stop(), canary.stop()]);
    });
    /** Clients that ask without a pause for so long, as a check of a document does: what it says, and how many of their requests failed. */
    const probe = async (length: string): Promise<{ outcome: string; facts: unknown }> => {
      const spec = { url: haproxy.state === 'started' ? haproxy.url : '', probe: { for: length, every: '20ms' } };
      const at = { file: 'launch.md', line: 1, column: 1 };
      const read = declareCheck(httpKind, { form: 'mapping', spec, expectations: [] }, at);
      if (!read.ok) throw new Error(JSON.stringify(read.faults));
      const given = { signal: AbortSignal.timeout(60_000), workspace: folder, allow: ['127.0.0.1'], now: Date.now };
      const { sources } = await httpKind.observe(read.check.spec, given);
      const reading = readSources(httpKind, read.check.spec, sources);
      const { outcome } = judge(read.check.expectations, reading);
      return { outcome, facts: reading.state === 'readable' ? reading.facts['probes'] : reading.trouble };
    };
    const abort = async (id: string): Promise<Shift> => {
      const wish = { kind: 'abort', person: 'alice', reason: 'the test asks', seen: null } as const;
      return actOnShift(stage.store, (await stage.scene()).launch, id, wish);
    };

    it('O19 an unmet condition blocks precisely its phase: the one before it is walked, and its weight stays', async () => {
      await stage.rewrite(textOf(', conditions: [done]'));
      const { id } = await stage.start();
      const barred = await stage.until(
        id,
        ({ state }) => state.phase === 0 && state.bars.map(({ code }) => code).join() === 'condition_unmet',
      );
      // It is all that is missing: time, requests and verdicts are there.
      expect(barred.state.weight.asked).toBe(50);
      expect(barred.state.verdicts.map(({ verdict }) => verdict)).toEqual(['PASS']);
      await stage.until((await abort(id)).id, ({ endedAt }) => endedAt !== null);
    }, 300_000);

    it('T29 outside its window nothing begins', async () => {
      await stage.rewrite(textOf('', closed()));
      await expect(stage.start()).rejects.toMatchObject({
        code: 'rollout_refused',
        message: expect.stringMatching(/steps that write: expected/) as string,
      });
    });

    it('C17 O28 a bad candidate: weight 0 first, then the declared way back begins as a run, once', async () => {
      await stage.rewrite(textOf(''));
      canary.failEvery(2);
      const { id } = await stage.start();
      const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
      canary.failEvery(0);
      expect([ended.stands, ended.state.weight.asked]).toEqual(['rolled-back', 0]);
      const run = wayBackRunOf(id);
      const stored = (await loadRuns(stage.store, [run])).get(run);
      expect(stored?.run).toMatchObject({ id: run, mode: 'live' });
      expect(stored?.run.plan.id).toBe('go-back');
      const journal = await stage.journal(id);
      const numberOf = (test: (body: { [key: string]: unknown }) => boolean): number =>
        journal.find(({ kind, body }) => kind === 'done' && test(body))?.number ?? Number.NaN;
      expect(numberOf(({ kind, found }) => kind === 'set_weight' && found === 0)).toBeLessThan(
        numberOf(({ kind }) => kind === 'begin_way_back'),
      );
    }, 300_000);

    it('F09 negative control: what half of the customers get from an app that fails is seen by whoever asks all the while', async () => {
      if (haproxy.state !== 'started') return;
      // The shift before has drained it.
      await haproxy.ask('set server app/canary state ready');
      for (const arm of ['stable', 'canary']) await haproxy.ask(`set weight app/${arm} 50`);
      canary.failEvery(1);
      const seen = await probe('2s');
      canary.failEvery(0);
      await haproxy.ask('set weight app/canary 0');
      await haproxy.ask('set weight app/stable 100');
      expect(seen).toMatchObject({ outcome: 'fail', facts: { failures: { 500: expect.any(Number) as number } } });
    }, 300_000);

    it('O27 success is refused before the week is over, to a lead as well; what goes wrong meanwhile goes back', async () => {
      await stage.rewrite(textOf(', bake: 7d'));
      const { id } = await stage.start();
      const isBaked = ({ state }: Shift): boolean =>
        state.phase === 1 && state.bars.map(({ code }) => code).join() === 'bake';
      // All else is there: it has every customer, the time of the phase is over, and its measures have PASS.
      const full = await stage.until(id, isBaked);
      expect([full.stands, full.state.weight.asked, full.state.verdicts.map(({ verdict }) => verdict)]).toEqual([
        'watching',
        100,
        ['PASS'],
      ]);
      await expect(stage.act(id, 'promote')).rejects.toMatchObject({
        code: 'rollout_refused',
        message: expect.stringContaining('expected 7 days under watch') as string,
      });
      canary.failEvery(2);
      const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
      canary.failEvery(0);
      expect([ended.stands, ended.state.weight.asked]).toEqual(['rolled-back', 0]);
    }, 300_000);

    it('O27 F09 a good candidate goes up phase by phase by itself, each sealed, and the stable arm has nothing at the end', async () => {
      await stage.rewrite(textOf(', bake: 1s'));
      const seen = probe('4s');
      const { id } = await stage.start();
      const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
      expect(ended.stands).toBe('completed');
      expect(ended.state.reports.map(({ weight, ended: how }) => [weight, how])).toEqual([
        [50, 'passed'],
        [100, 'passed'],
      ]);
      // F09: none of the requests that were sent all the while failed.
      expect(await seen).toMatchObject({ outcome: 'pass', facts: { failed: 0, outageMs: 0 } });
      const journal = await stage.journal(id);
      expect(journal.filter(({ kind }) => kind === 'sealed').map(({ body }) => body['phase'])).toHaveLength(2);
      expect(readFileSync(join(folder, 'haproxy.state'), 'utf8')).toMatch(/canary/);
    }, 300_000);
  },
);
