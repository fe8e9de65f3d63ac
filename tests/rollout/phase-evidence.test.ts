import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { canonicalize, toBundleSource, verifyBundle } from '@tminus/verify';
import type { EvidenceRecord } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exportBundle } from '../../src/engine/export-bundle.ts';
import { readLog } from '../../src/engine/read-log.ts';
import { recordPhase } from '../../src/engine/rollout/record-phase.ts';
import { productRules } from '../../src/verifier/recompute.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import type { CounterApp } from '../doubles/counter-app.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';

const fractional = [
  ['off', 100],
  ['on', 0],
];
const targeting = { fractional };
const shop = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting };
const files = ['shop.json', 'till.json'];

/** The weight that a file gives the canary, read beside the router. */
function weightIn(folder: string, file: string): number {
  const read = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { flags: { shop: typeof shop } };
  return new Map(read.flags.shop.targeting.fractional as [string, number][]).get('on') ?? 0;
}

const phase = (weight: number, more = ''): string =>
  `{ weight: ${weight}, minTime: 500ms, maxTime: 10m, minRequests: 50, warmup: 0s${more} }`;
const gate = `## Gate: watch at T+1h {#half fresh=1d}

- [ ] A fifth of the traffic was good {#fifth}

  \`\`\`yaml check
  kind: rollout
  rollout: new-shop
  phase: at-20
  expect: [last == passed, measures.errors.canary.share < 5%]
  \`\`\`

- [ ] All of the traffic was good {#all}

  \`\`\`yaml check
  kind: rollout
  rollout: new-shop
  phase: at-100
  \`\`\`
`;
const textOf = (stable: CounterApp, canary: CounterApp): string =>
  rolloutLaunch(
    {
      router:
        '{ kind: flag-file, file: shop.json, flag: shop }\n  till: { kind: flag-file, file: till.json, flag: shop }',
      metrics: { stable: stable.url, canary: canary.url },
    },
    {
      phases: [phase(20), phase(50), phase(100, ', conditions: [fifth]')],
      rollout: '  retry: person\n',
      body: gate,
    },
  )
    .replace('routers: [edge]', 'routers: [edge, till]')
    .replace('exclude: 3 }', 'exclude: 3, cap: "10%" }')
    .replace('interval: 1s', 'interval: 300ms');

describe('what a rollout leaves as evidence', () => {
  let stage: RolloutStage;
  let stable: CounterApp;
  let canary: CounterApp;
  let timer: NodeJS.Timeout;
  let isBadAtHalf = false;
  beforeAll(async () => {
    [stable, canary] = [await startCounterApp('stable'), await startCounterApp('canary')];
    const folder = newFolder();
    for (const file of files) writeFileSync(join(folder, file), JSON.stringify({ flags: { shop } }));
    stage = await openRolloutStage(textOf(stable, canary), folder);
    // Requests come as the routers send them, one in a hundred bad, but where the canary fails with half of the traffic.
    timer = setInterval(() => {
      const weight = weightIn(folder, 'shop.json');
      for (const [app, share, failing] of [
        [stable, 100 - weight, 1],
        [canary, weight, isBadAtHalf && weight === 50 ? 60 : 1],
      ] as const) {
        app.count({ code: '200' }, Math.round((400 * share * (100 - failing)) / 10_000));
        app.count({ code: '500' }, Math.round((400 * share * failing) / 10_000));
      }
    }, 50);
  });
  afterAll(async () => {
    clearInterval(timer);
    await stage?.drop();
    await Promise.all([stable?.stop(), canary?.stop()]);
  });

  const records = async (): Promise<EvidenceRecord[]> =>
    (await readLog(stage.store, 'shop')).entries.flatMap(({ entry }) =>
      entry.format === 'tminus/evidence/1' ? [entry] : [],
    );

  it('C21 each phase that passed is evidence, gates what comes two phases later, and two routers go by one decision', async () => {
    stage.keep();
    const { id } = await stage.start();
    const half = await stage.until(id, ({ state }) => state.weight.asked === 50 && state.stands === 'watching');
    expect(files.map((file) => weightIn(stage.folder, file))).toEqual([50, 50]);
    expect(half.state.routers.map(({ weight }) => weight)).toEqual([50, 50]);
    const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
    expect([ended.stands, ...files.map((file) => weightIn(stage.folder, file))]).toEqual(['completed', 100, 100]);
    const all = await records();
    const own = all.filter(({ criterion }) => criterion.startsWith('rollout:'));
    expect(own.map(({ criterion, judgement }) => [criterion, judgement.outcome])).toEqual([
      ['rollout:new-shop/at-20', 'pass'],
      ['rollout:new-shop/at-50', 'pass'],
      ['rollout:new-shop/at-100', 'pass'],
    ]);
    expect(
      own.every(
        ({ candidateSha256, environment }) => candidateSha256 === ended.candidateSha256 && environment === 'staging',
      ),
    ).toBe(true);
    expect(all.findLast(({ criterion }) => criterion === 'fifth')).toMatchObject({ judgement: { outcome: 'pass' } });
    // Before it was over, the last phase was unknown and no pass.
    const last = all.filter(({ criterion }) => criterion === 'all').map(({ judgement }) => judgement.outcome);
    expect([last[0], last.at(-1)]).toEqual(['unknown', 'pass']);
  }, 300_000);

  it('T32 a stranger judges the phases of a bundle again, and finds one byte that was changed', async () => {
    const { files: made } = await exportBundle(stage.store, await stage.scene(), { gate: 'half' });
    const verify = (bundle: ReadonlyMap<string, Uint8Array>) =>
      verifyBundle(toBundleSource(bundle), { pinnedKey: null, foreignCheckpoints: [] }, productRules);
    expect(verify(made).ok).toBe(true);
    const digest = (await records()).find(({ criterion }) => criterion === 'rollout:new-shop/at-20')!.sources[0]!
      .sha256;
    const path = [...made.keys()].find((name) => name.includes(digest))!;
    const bytes = Buffer.from(made.get(path)!);
    bytes[bytes.length >> 1]! ^= 1;
    expect(verify(new Map([...made, [path, bytes]])).ok).toBe(false);
  });

  it('T28 a phase that ends by going back is evidence that it failed, and takes the word of the phases before it back', async () => {
    for (const file of files) writeFileSync(join(stage.folder, file), JSON.stringify({ flags: { shop } }));
    isBadAtHalf = true;
    const { id } = await stage.start();
    const ended = await stage.until(id, ({ endedAt }) => endedAt !== null);
    isBadAtHalf = false;
    expect([ended.stands, ...files.map((file) => weightIn(stage.folder, file))]).toEqual(['rolled-back', 0, 0]);
    const all = await records();
    const newest = (criterion: string) => all.findLast((record) => record.criterion === criterion);
    expect(newest('rollout:new-shop/at-50')).toMatchObject({ facts: { last: 'left' }, judgement: { outcome: 'fail' } });
    // It passed at 20 % and was taken back at 50 %: what asked for 20 % has to ask again.
    expect(newest('fifth')).toMatchObject({ facts: { last: 'left', leftAt: 'at-50' }, judgement: { outcome: 'fail' } });
  }, 300_000);

  it('T7 a phase that is recorded again after a crash stands in the log once', async () => {
    const phases = async (): Promise<string> =>
      canonicalize((await records()).filter(({ criterion }) => criterion.startsWith('rollout:')));
    const before = await phases();
    const shift = (await stage.list()).at(-1)!;
    const parts = {
      engine: stage.engine,
      scene: await stage.scene(),
      now: Date.now,
      signal: AbortSignal.timeout(60_000),
    };
    const { evidence } = await recordPhase(parts, shift, {
      kind: 'record_phase',
      number: 1,
      phase: 'at-20',
      report: 0,
    });
    expect(await phases()).toBe(before);
    expect((await readLog(stage.store, 'shop')).entries.find(({ id }) => id === evidence)?.entry).toMatchObject({
      criterion: 'rollout:new-shop/at-20',
    });
    const missing = { kind: 'record_phase', number: 1, phase: 'at-20', report: 7 } as const;
    await expect(recordPhase(parts, shift, missing)).rejects.toThrow(/expected its sealed report/u);
  });
});
