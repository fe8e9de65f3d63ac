import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { castVote } from '../../src/engine/access/cast-vote.ts';
import { actOnRun } from '../../src/engine/runs/act-on-run.ts';
import { orderLiveRun } from '../../src/engine/runs/order-live-run.ts';
import { planRun } from '../../src/engine/runs/plan-run.ts';
import { runChecks } from '../../src/engine/run-checks.ts';
import { tellVote } from '../../src/engine/runs/tell-vote.ts';
import { toRunSetting } from '../../src/engine/run-setting.ts';
import { toSigner } from '../../src/engine/sign/signer.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { findBrokenEntry } from '../../src/store/rollout-broken-entry.ts';
import type { ShiftEntry } from '../../src/store/rollout-entry.ts';
import { listShifts } from '../../src/store/rollout.ts';
import { loadRuns } from '../../src/store/run.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import type { CounterApp } from '../doubles/counter-app.ts';
import { createKeyPair } from '../e2e/run-desk.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import type { RolloutStage } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';
import { startRolloutWorker } from './start-rollout-worker.ts';

const bob = createKeyPair();
const fractional = [
  ['off', 100],
  ['on', 0],
];
const shop = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting: { fractional } };
const time = 'minTime: 1s, maxTime: 10m, minRequests: 50, warmup: 0s';

function textOf(stable: CounterApp, canary: CounterApp): string {
  return rolloutLaunch(
    {
      router: '{ kind: flag-file, file: flags.json, flag: shop }',
      metrics: { stable: stable.url, canary: canary.url },
    },
    {
      phases: [`{ weight: 20, ${time} }`, `{ weight: 100, ${time} }`],
      rollout: '  retry: person\n',
      body: `## Runbook

1. Shift the customers {#shift undo=back}

   \`\`\`yaml step interrupted=verify timeout=4m
   kind: rollout
   rollout: new-shop
   blind: the test has seconds
   \`\`\`

## Rollback

1. Give them back {#back}

   \`\`\`yaml step interrupted=rerun timeout=4m
   kind: rollout
   rollout: new-shop
   do: take-back
   \`\`\`
`,
    },
  )
    .replace('{ url: "https://shop.example" }', '{ production: yes, allow: ["127.0.0.1"] }')
    .replace('bob: Bob', `bob: { name: Bob, key: "${bob.publicKey}" }`)
    .replace('lead: [alice]', 'lead: [alice, bob]')
    .replace(
      '- [ ] [HUMAN] It is done {#done role=lead}',
      '- [ ] It is there {#done}\n\n  ```yaml check\n  kind: file\n  path: flags.json\n  expect: [exists == true]\n  ```',
    )
    .replace('interval: 1s', 'interval: 300ms')
    .replace('exclude: 3 }', 'exclude: 3, cap: "20%" }');
}

/** A run in production whose worker dies, with what is seen beside it. */
interface Scene {
  stage: RolloutStage;
  /** Weights that the file had, one after another. */
  weights: number[];
  run: string;
  read: () => Promise<Run>;
  until: (what: string, isSo: (run: Run) => boolean | Promise<boolean>) => Promise<Run>;
  journal: () => Promise<ShiftEntry[]>;
}

describe('a worker that dies in the middle of a step that shifts traffic in production', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });
  const dieAt = async (candidate: 'good' | 'bad', point: string, nth: number): Promise<Scene> => {
    const [stable, canary] = [await startCounterApp('stable'), await startCounterApp('canary')];
    const folder = newFolder();
    const file = join(folder, 'flags.json');
    writeFileSync(file, JSON.stringify({ flags: { shop } }));
    const stage = await openRolloutStage(textOf(stable, canary), folder);
    ends.push(() => stage.drop());
    // Who wrote it has to be known: nobody approves a change of their own.
    for (const args of [
      ['init', '-q'],
      ['add', 'launch.md'],
      ['commit', '-q', '-m', 'the launch'],
    ])
      execFileSync('git', ['-c', 'user.name=otto', '-c', 'user.email=otto@example.org', ...args], { cwd: folder });
    const weights = watchWeights(file);
    const traffic = setInterval(() => {
      const share = weights.seen.at(-1) ?? 0;
      stable.count({ code: '200' }, 100 - share);
      canary.count({ code: candidate === 'good' ? '200' : '500' }, share);
    }, 50);
    ends.push(async () => {
      for (const timer of [weights.timer, traffic]) clearInterval(timer);
      await Promise.all([stable.stop(), canary.stop()]);
    });
    const run = await orderApproved(stage);
    const args = [stage.url, stage.dataDirectory, folder, point, String(nth)];
    const worker = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'worker-process.ts'), ...args],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    ends.push(async () => worker.kill('SIGKILL'));
    const [, signal] = (await once(worker, 'exit')) as [number | null, string | null];
    expect(signal, `${point} ${nth} was passed`).toBe('SIGKILL');
    const read = async (): Promise<Run> => (await loadRuns(stage.store, [run])).get(run)!.run;
    return {
      stage,
      run,
      read,
      weights: weights.seen,
      async until(what, isSo) {
        for (const giveUp = performance.now() + 200_000; ; await pause(100)) {
          const now = await read();
          if (await isSo(now)) return now;
          if (performance.now() > giveUp) throw new Error(`expected ${what}, got ${JSON.stringify(now.steps)}`);
        }
      },
      journal: async () => {
        const [own] = await listShifts(stage.store, { launch: 'shop', environment: 'production', rollout: null });
        return own === undefined ? [] : stage.journal(own.id);
      },
    };
  };

  const goOn = async ({ stage }: Scene): Promise<void> => {
    const worker = await startRolloutWorker(stage.store, stage.folder);
    ends.push(() => worker.stop());
  };

  /** Whatever happened: the journal holds, nothing was done unasked or twice, no phase passed unsealed. */
  const expectWhole = async ({ stage }: Scene): Promise<void> => {
    const shifts = await listShifts(stage.store, { launch: 'shop', environment: 'production', rollout: null });
    for (const shift of shifts) {
      const journal = await stage.journal(shift.id);
      expect(await findBrokenEntry(stage.store, shift)).toBeNull();
      expect(shift.endedAt).not.toBeNull();
      const numbers = (wanted: string): unknown[] =>
        journal
          .filter(({ kind, body }) => kind === wanted && body['kind'] === 'set_weight')
          .map(({ body }) => body['number']);
      expect(numbers('done')).toEqual(numbers('asked'));
    }
  };

  it.concurrent.each([
    ['before it writes a weight', 'rollout.act.before'],
    ['between writing a weight and reading it back', 'rollout.weight.set'],
  ] as const)(
    'T28 F09 %s: another one goes on with the same shift, and the run is done at 100 %%',
    async (_, point) => {
      const scene = await dieAt('good', point, 1);
      await goOn(scene);
      const ended = await scene.until('the end of the run', isFinal);
      expect([ended.state, ended.steps['shift']!.detail]).toEqual([
        'completed',
        expect.stringContaining('all traffic'),
      ]);
      await expectWhole(scene);
      expect(scene.weights).toEqual([0, 20, 100]);
      const passed = (await scene.journal()).filter(
        ({ kind, body }) => kind === 'phase_ended' && body['how'] === 'passed',
      );
      expect(passed).toHaveLength(2);
    },
    300_000,
  );

  it.concurrent('T7 C17 on the way to 0, between writing and reading back: the next one sets it, and the run stands with the step failed, never PASS', async () => {
    const scene = await dieAt('bad', 'rollout.weight.set', 2);
    await goOn(scene);
    const held = await scene.until(
      'a step that failed',
      ({ state, steps }) => state === 'held' && steps['shift']!.state === 'failed',
    );
    expect([held.state, held.steps['shift']!.detail]).toEqual(['held', expect.stringContaining('is rolled-back')]);
    await expectWhole(scene);
    expect(scene.weights).toEqual([0, 20, 0]);
    expect(
      (await scene.journal()).filter(({ kind, body }) => kind === 'phase_ended' && body['how'] === 'passed'),
    ).toEqual([]);
  }, 300_000);

  it.concurrent('F71 C17 a run that is taken back while no worker lives gives the customers back, though nobody could say how far the shift was', async () => {
    const scene = await dieAt('good', 'rollout.looked', 3);
    await scene.until('a weight of 20', () => scene.weights.at(-1) === 20);
    const at = await scene.stage.scene('production');
    const { run, setting } = (await loadRuns(scene.stage.store, [scene.run])).get(scene.run)!;
    const by = { person: 'alice', role: 'lead' };
    const input = { kind: 'undo', approval: null, by, reason: 'the till does not print' } as const;
    await actOnRun(scene.stage.engine, {
      run,
      launch: at.launch,
      setting: toRunSetting(setting),
      person: 'alice',
      input,
    });
    await goOn(scene);
    const ended = await scene.until('the end of the run', isFinal);
    expect([ended.state, ended.steps['back']?.state]).toEqual(['rolled_back', 'done']);
    await expectWhole(scene);
    expect(scene.weights).toEqual([0, 20, 0]);
  }, 300_000);
});

/** Looks at the file as a reader of flags does, and keeps each weight that is another than the one before it. */
function watchWeights(file: string): { seen: number[]; timer: NodeJS.Timeout } {
  const seen: number[] = [];
  const look = (): void => {
    const read = JSON.parse(readFileSync(file, 'utf8')) as { flags: { shop: typeof shop } };
    const weight = new Map(read.flags.shop.targeting.fractional as [string, number][]).get('on') ?? 0;
    if (seen.at(-1) !== weight) seen.push(weight);
  };
  look();
  return { seen, timer: setInterval(look, 20) };
}

/** Orders the runbook in production, with its gate looked at and the approval that it wants. */
async function orderApproved(stage: RolloutStage): Promise<string> {
  const { store, engine } = stage;
  const at = await stage.scene('production');
  await runChecks({ store, scene: at, kinds: checkKinds, signal: AbortSignal.timeout(60_000), force: true });
  const wish = { person: 'alice', reason: 'the evening', labels: [], t0Ms: null, key: null, kinds: stepKinds };
  const { id, request } = await orderLiveRun(engine, at, { ...wish, plan: planRun(at, null, stepKinds) });
  const vote = { request: request!.id, vote: 'go', reason: 'I have read it', role: null, sourceIp: null } as const;
  const cast = await castVote(store, at, toSigner(at.launch, 'bob', bob.privateKeyPem), vote);
  await tellVote(engine, (await loadRuns(store, [id])).get(id)!.run, cast);
  return id;
}
