import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { wayBackRunOf } from '../../src/engine/rollout/begin-way-back.ts';
import { loadRuns } from '../../src/store/run.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import type { CounterApp } from '../doubles/counter-app.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';

const fractional = [
  ['off', 100],
  ['on', 0],
];
const shop = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting: { fractional } };
const textOf = (stable: CounterApp, canary: CounterApp): string =>
  rolloutLaunch(
    {
      router: '{ kind: flag-file, file: flags.json, flag: shop }',
      metrics: { stable: stable.url, canary: canary.url },
    },
    {
      phases: [
        '{ weight: 20, minTime: 500ms, maxTime: 10m, minRequests: 50, warmup: 0s }',
        '{ weight: 100, warmup: 30m }',
      ],
      rollout: '  wayBack: go-back\n',
      body: '## Rollback: go back {#go-back}\n\n1. Tell the till {#tell role=lead}\n\n   ```sh\n   true\n   ```\n',
    },
  ).replace('interval: 1s', 'interval: 300ms');

describe('a canary that fails behind the point of no return', () => {
  let stage: RolloutStage;
  let stable: CounterApp;
  let canary: CounterApp;
  let timer: NodeJS.Timeout;
  beforeAll(async () => {
    [stable, canary] = [await startCounterApp('stable'), await startCounterApp('canary')];
    const folder = newFolder();
    writeFileSync(join(folder, 'flags.json'), JSON.stringify({ flags: { shop } }));
    stage = await openRolloutStage(textOf(stable, canary), folder);
    timer = setInterval(() => {
      stable.count({ code: '200' }, 80);
      stable.count({ code: '500' }, 1);
      canary.count({ code: '200' }, 10);
      canary.count({ code: '500' }, 10);
    }, 50);
    stage.keep();
  });
  afterAll(async () => {
    clearInterval(timer);
    await stage?.drop();
    await Promise.all([stable?.stop(), canary?.stop()]);
  });

  const weightIn = (): number => {
    const read = JSON.parse(readFileSync(join(stage.folder, 'flags.json'), 'utf8')) as { flags: { shop: typeof shop } };
    return new Map(read.flags.shop.targeting.fractional as [string, number][]).get('on') ?? 0;
  };

  /** What a live run of this candidate has seen of its point of no return. */
  const keepReturnPoint = async (state: string): Promise<void> => {
    const { planHash, candidateSha256 } = await stage.scene();
    const [setting, body] = [{ candidateSha256 }, { returnPoint: { state } }].map((one) => JSON.stringify(one));
    await sql`insert into tminus.run (id, launch, procedure, mode, environment, plan_hash, plan, setting, requested_by, state, body, ended_at)
      values (${`run-${state}`}, 'shop', 'cutover', 'live', 'staging', ${planHash}, '{}', ${setting}::jsonb, 'alice', 'completed', ${body}::jsonb, now())`.execute(
      stage.store.tables,
    );
  };

  it('C16 F12 keeps its weight: the way back is prepared, nothing of it is begun, and a person is called', async () => {
    await keepReturnPoint('crossed');
    const { id } = await stage.start();
    const held = await stage.until(id, ({ stands }) => stands === 'held');
    expect(held.state.hold).toMatchObject({ cause: 'past_return', by: null });
    expect(held.state.verdicts[0]).toMatchObject({ verdict: 'FAIL' });
    const settled = await stage.until(id, ({ pending }) => pending.length === 0);
    const journal = await stage.journal(id);
    const prepared = journal.find(({ kind, body }) => kind === 'done' && body['kind'] === 'prepare_way_back');
    expect(prepared?.body).toMatchObject({
      procedure: 'go-back',
      steps: 1,
      dryRunSha256: expect.any(String) as string,
    });
    expect(journal.some(({ body }) => body['kind'] === 'begin_way_back')).toBe(false);
    expect((await loadRuns(stage.engine.store, [wayBackRunOf(id)])).size).toBe(0);
    expect(journal.some(({ body }) => body['kind'] === 'notify' && body['urgency'] === 'page')).toBe(true);
    expect([settled.state.weight.asked, weightIn()]).toEqual([20, 20]);
    // The word of a person takes it no further by itself, either: where it went is theirs to undo.
    const aborted = await stage.act(id, 'abort');
    expect(aborted.state.hold?.cause).toBe('aborted_past_return');
    expect(weightIn()).toBe(20);
    // Forward is the other way.
    const onward = await stage.act(id, 'promote');
    expect(onward.state.weight.asked).toBe(100);
  }, 300_000);

  it('C16 negative control: with the point ahead the same canary goes back by itself', async () => {
    const [other] = await stage.list();
    await sql`update tminus.run set body = '{"returnPoint": {"state": "ahead"}}'`.execute(stage.store.tables);
    await stage.until(other!.id, ({ state }) => state.returnPoint === 'ahead');
    await stage.act(other!.id, 'abort');
    await stage.until(other!.id, ({ endedAt }) => endedAt !== null);
    expect(weightIn()).toBe(0);
    await stage.rewrite(textOf(stable, canary).replace('wayBack: go-back', 'wayBack: go-back\n  retry: person'));
    const { id } = await stage.start();
    const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
    expect([ended.stands, weightIn()]).toEqual(['rolled-back', 0]);
    expect((await stage.journal(id)).some(({ body }) => body['kind'] === 'begin_way_back')).toBe(true);
  }, 300_000);
});
