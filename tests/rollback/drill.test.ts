import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { formatPersonKey, signStatement } from '@tminus/verify';
import type { Signed } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { judgeDrill } from '../../src/core/rollback/judge-drill.ts';
import { keepDrillAttestation, prepareDrillAttestation } from '../../src/engine/rollback/attest-drill.ts';
import { drillRollback } from '../../src/engine/rollback/drill.ts';
import type { EndedDrill } from '../../src/engine/rollback/drill.ts';
import { lowerAll, raiseAll } from '../../src/engine/rollback/raise-traffic.ts';
import { answerWayBack } from '../../src/engine/rollout/answer-way-back.ts';
import { planRun } from '../../src/engine/runs/plan-run.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { openDesk } from '../rehearsal/open-desk.ts';
import type { Desk } from '../rehearsal/open-desk.ts';
import { clearing, fillOrders, recoveryOfOrders, replaying } from './recovery-of-orders.ts';

/** A process that runs all the time, and looks at its flags as each question comes. */
let folder = '';
let delivering = true;
const app = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/stop') delivering = false;
  const { flags } = JSON.parse(readFileSync(join(folder, 'flags.json'), 'utf8')) as { flags: Flags };
  const share = flags.shop.targeting.fractional[0]?.[1] ?? 0;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ share, checkout: flags.checkout.defaultVariant === 'on', delivering }));
});
interface Flags {
  shop: { targeting: { fractional: [string, number][] } };
  checkout: { defaultVariant: string };
}
await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
const port = (app.address() as AddressInfo).port;

const flags = JSON.stringify({
  flags: {
    shop: {
      state: 'ENABLED',
      variants: { canary: 'new', stable: 'old' },
      defaultVariant: 'stable',
      targeting: {
        fractional: [
          ['canary', 0],
          ['stable', 100],
        ],
      },
    },
    checkout: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
  },
});

const look = (holds: string): string => `   \`\`\`yaml step
   kind: check
   check: { kind: http, url: "http://127.0.0.1:${port}/", expect: [status == 200, "${holds}"] }
   \`\`\`
`;
const lowerTo = (weight: number): string => `   \`\`\`yaml step
   kind: rollout
   rollout: new-shop
   do: take-back
   to: ${weight}
   \`\`\`
`;

const pairs = new Map(['dave', 'erin', 'bot'].map((id) => [id, generateKeyPairSync('ed25519')]));
const keyOf = (id: string): string => formatPersonKey(pairs.get(id)!.publicKey);
const signAs = <Statement extends { person: string }>(statement: Statement): Signed<Statement> => {
  const pem = pairs.get(statement.person)!.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return signStatement(statement, statement.person, pem);
};

const head = `---
tminus: launch
id: move
title: Move
environment: production
candidate: { commit: c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00, url: "{{ environment.url }}" }
environments:
  production: { url: "http://127.0.0.1:1", production: true }
  staging: { url: "http://127.0.0.1:2", production: false, allow: ["127.0.0.1:${port}"] }
people:
  dave: { name: Dave, key: "${keyOf('dave')}" }
  erin: { name: Erin, key: "${keyOf('erin')}" }
  bot: { name: Bot, automation: true, key: "${keyOf('bot')}" }
roles: { lead: [dave], watch: [dave, erin, bot] }
routers:
  edge: { kind: flag-file, file: flags.json, flag: shop, stable: stable, canary: canary }
metrics:
  pages: { kind: metrics-text, stable: "http://127.0.0.1:9/m", canary: "http://127.0.0.1:9/m" }
---

# Move
`;

const body = `## Gate: ready {#ready phase=T+0 fresh=1d}

- [ ] The immediate way back was drilled {#drilled}

  \`\`\`yaml check
  kind: drill
  procedure: at-once
  expect: [passed >= 1, last == passed, tookMs < 300000]
  \`\`\`

- [ ] The kill switch was drilled {#killed}

  \`\`\`yaml check
  kind: drill
  procedure: kill-checkout
  \`\`\`

## Rollout

- New shop {#new-shop}

  \`\`\`yaml rollout
  routers: [edge]
  interval: 1s
  phases: [{ weight: 50, warmup: 1s }, { weight: 100, warmup: 1s }]
  measures:
    errors: { source: pages, total: 'a{arm="$arm"}', bad: 'b{arm="$arm"}' }
  \`\`\`

## Rollback: at once {#at-once}

\`\`\`yaml rollback
kind: immediate
within: 5m
observer: watch
\`\`\`

1. No request any more {#zero}

${lowerTo(0)}
2. [HUMAN] Tell the desk {#tell role=lead}

3. The app says so {#seen}

${look('json.share == 0')}
## Rollback: step by step {#by-steps}

\`\`\`yaml rollback
kind: graceful
\`\`\`

1. Half {#half}

${lowerTo(50)}
2. A quarter {#quarter}

${lowerTo(25)}
3. None {#none}

${lowerTo(0)}
4. The app says so {#none-seen}

${look('json.share == 0')}
${recoveryOfOrders(port)}## Procedure: kill the checkout {#kill-checkout}

\`\`\`yaml rollback
kind: switch
\`\`\`

1. Off {#off}

   \`\`\`sh timeout=5s
   sed -i 's/"defaultVariant":"on"/"defaultVariant":"off"/' flags.json
   \`\`\`

2. The running process says so {#off-seen}

${look('json.checkout == false')}`;

describe('a drill of one way back', { timeout: 300_000 }, () => {
  let desk: Desk;
  const keep = (id: string, file: string): void => desk.write(`reports/drills/${id}.json`, file);
  beforeAll(async () => {
    desk = await openDesk(body, { head });
    folder = desk.directory;
    desk.write('flags.json', flags);
    fillOrders(join(folder, 'orders.db'));
  });
  afterAll(async () => {
    await desk.close();
    app.close();
  });
  const drill = async (procedure: string, inPlace = false): Promise<EndedDrill> => {
    const signal = AbortSignal.timeout(120_000);
    const wish = { procedure, requester: 'dave', inPlace, kinds: stepReaders, signal };
    return drillRollback(desk.engine, await desk.scene('staging'), wish);
  };
  const shareNow = async (): Promise<unknown> =>
    ((await (await fetch(`http://127.0.0.1:${port}/`)).json()) as { share: number }).share;

  it('O28 T31 immediate: traffic is given to the canary, taken back by the clock of events, and seen in the running app', async () => {
    expect(await desk.check('drilled')).toMatchObject({ judgement: { outcome: 'unknown' } });
    const { report, judgement, file } = await drill('at-once');
    expect(judgement).toMatchObject({ partial: null, findings: [], passed: true });
    expect(judgement.tookMs).toBeGreaterThan(judgement.changedMs!);
    expect(report.controls.map(({ step, run }) => [step, run.state])).toEqual([['seen', 'failed']]);
    expect(report.back.stoodIn).toEqual(['tell']);
    expect(await shareNow()).toBe(0);
    keep('one', file);
    expect(await desk.check('drilled')).toMatchObject({
      judgement: { outcome: 'unknown' },
      trouble: { message: expect.stringContaining(`nobody who watched ${report.id} has attested it: watch has to`) },
    });
    await attestAsErin(report.id);
    const record = await desk.check('drilled');
    expect(record).toMatchObject({ judgement: { outcome: 'pass' }, control: { outcome: 'fail' } });
    expect(record.facts).toMatchObject({
      passed: 1,
      tookMs: judgement.tookMs,
      kind: 'immediate',
      stoodIn: 1,
      observedBy: 'erin',
    });
  });

  /** All that speaks against a word is tried first; then the word that counts, twice. */
  const attestAsErin = async (id: string): Promise<void> => {
    const { store } = desk.engine;
    const scene = await desk.scene('production');
    const say = (person: string, drilled = id) =>
      prepareDrillAttestation(store, scene, person, { drill: drilled, comment: 'seen' });
    await expect(say('dave')).rejects.toThrow(/dave ran the drill/);
    await expect(say('bot')).rejects.toThrow(/bot is an automation/);
    await expect(say('erin', 'drill-0000000000')).rejects.toThrow(/drill-0000000000: expected one of drill-/);
    const { statement } = await say('erin');
    const other = { ...statement, reportSha256: 'f'.repeat(64) };
    await expect(keepDrillAttestation(store, scene, signAs(other))).rejects.toThrow(/record of the drill is another/);
    const forged = {
      ...signAs(statement),
      signature: { ...signAs(statement).signature, value: 'A'.repeat(86) + '==' },
    };
    await expect(keepDrillAttestation(store, scene, forged)).rejects.toThrow(/the word of erin does not count/);
    expect(await waiting()).toEqual([null, ['erin']]);
    const kept = await keepDrillAttestation(store, scene, signAs(statement));
    expect(await keepDrillAttestation(store, scene, signAs((await say('erin')).statement))).toMatchObject({
      file: kept.file,
    });
    expect(await waiting()).toEqual(['erin', []]);
  };
  const waiting = async (): Promise<unknown> => {
    const asked = { steps: stepReaders, checks: checkKinds };
    const { rollbacks } = await answerWayBack(desk.engine.store, await desk.scene('production'), asked);
    const [newest] = rollbacks.find(({ procedure }) => procedure === 'at-once')!.drills;
    return [newest?.observedBy, newest?.waitsFor];
  };

  it('O29 graceful: each step is measured, and each weight was read back', async () => {
    const { judgement, report } = await drill('by-steps');
    expect(judgement).toMatchObject({ findings: [], passed: true });
    const lengths = judgement.steps.map(({ step, beganMs, endedMs }) => [step, endedMs! >= beganMs!]);
    expect(lengths).toEqual(['half', 'quarter', 'none', 'none-seen'].map((step) => [step, true]));
    const told = report.back.log.flatMap((change) =>
      change.kind === 'step_moved' && change.set.detail?.includes('every router says') ? [change.set.detail] : [],
    );
    expect(told.map((line) => /has (\d+) %/.exec(line)?.[1])).toEqual(['50', '25']);
  });

  it('O30 recovery: writers are stopped, dead letters delivered; the count before and after is the same, and what is doubled or lost fails', async () => {
    expect(delivering).toBe(true);
    const { judgement, report } = await drill('data');
    expect(judgement).toMatchObject({ findings: [], passed: true });
    expect(delivering).toBe(false);
    const order = report.back.log.flatMap((change) =>
      change.kind === 'step_moved' && change.move === 'begin' ? [change.step] : [],
    );
    expect(order).toEqual(['stop', 'whole', 'restore', 'replay', 'clear', 'worth', 'count']);

    const document = readFileSync(join(folder, 'launch.md'), 'utf8');
    const findingsWith = async (replay: string, clear = clearing): Promise<string[]> => {
      desk.write('launch.md', document.replace(replaying, replay).replace(clearing, clear));
      return (await drill('data')).judgement.findings;
    };
    expect(await findingsWith(replaying.replace(' where id not in (select id from orders)', ''))).toEqual([
      expect.stringMatching(/^ledger count: expected .*got 5.*, got .*got 6/),
    ]);
    expect(await findingsWith('select 1', 'delete from dead_letters')).toEqual([
      expect.stringMatching(/^ledger count: expected .*got 5.*, got .*got 3/),
    ]);
    // They still wait where they were, so that nothing is lost; and nothing is delivered either.
    expect((await findingsWith('select 1')).join()).toMatch(/failed/);
    desk.write('launch.md', document);
  });

  it('O28 a canary that may have kept the traffic of a drill is named, and is taken back once its router can be told', async () => {
    const scene = await desk.scene('staging');
    const plan = planRun(scene, 'at-once', stepReaders);
    const wish = { requester: 'dave', kinds: stepReaders, signal: AbortSignal.timeout(120_000) };
    const raising = { engine: desk.engine, scene, plan, wish };
    const raised = await raiseAll(raising);
    expect(await shareNow()).toBe(100);
    const file = join(folder, 'flags.json');
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    await expect(lowerAll(raising, raised, 1_500)).rejects.toThrow(
      /expected no traffic for the canary when it is over, got new-shop: edge /,
    );
    rmdirSync(file);
    renameSync(`${file}.away`, file);
    await lowerAll(raising, raised);
    expect(await shareNow()).toBe(0);
  });

  it('F16 a kill switch takes effect in the running process within its five seconds; one that is off already proves nothing', async () => {
    const { judgement, report, file } = await drill('kill-checkout', true);
    expect([judgement.findings, report.withinMs]).toEqual([[], 5_000]);
    expect(judgement.tookMs).toBeLessThan(5_000);
    keep('kill', file);
    expect((await desk.check('killed')).judgement.outcome).toBe('pass');
    const again = await drill('kill-checkout', true);
    expect(again.judgement.findings).toEqual([
      'off-seen was content before anything was taken back: it cannot tell whether it was',
    ]);
    keep('kill-again', again.file);
    expect((await desk.check('killed')).judgement.outcome).toBe('fail');
  });

  it('F16 a drill of a simulated environment, or of another plan, is unknown and never pass', async () => {
    const { report } = await drill('by-steps');
    expect(judgeDrill({ ...report, simulated: true })).toMatchObject({
      passed: false,
      partial: 'its environment is simulated',
    });
    const text = readFileSync(join(folder, 'launch.md'), 'utf8');
    writeFileSync(join(folder, 'launch.md'), text.replace('within: 5m', 'within: 4m'));
    const record = await desk.check('drilled');
    expect([record.judgement.outcome, record.trouble?.message]).toEqual([
      'unknown',
      expect.stringContaining('of another plan'),
    ]);
  });

  it('O28 one that takes longer than it says fails, and events that were changed contradict it', async () => {
    const { report, judgement } = await drill('by-steps');
    const late = judgeDrill({ ...report, withinMs: 1 });
    expect(late.findings).toEqual([`expected it within 1 ms, got ${judgement.tookMs} ms`]);
    const log = report.back.log.map((change) => ({ ...change, atMs: report.back.log[0]!.atMs }));
    expect(() => judgeDrill({ ...report, back: { ...report.back, log } })).toThrow('the events of its digest');
    const unseen = judgeDrill({ ...report, controls: [] });
    expect([unseen.passed, unseen.partial]).toEqual([
      false,
      'no step that looks was tried before anything was taken back',
    ]);
  });
});
