import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { StepOutcome } from '../../src/core/step/step-kind.ts';
import { findSwitch } from '../../src/engine/data/archive/resolve-window.ts';
import { openDataDeeds } from '../../src/engine/data/deeds/open-data-deeds.ts';
import { beginLower } from '../../src/engine/rollback/begin-lower.ts';
import { answerWayBack } from '../../src/engine/rollout/answer-way-back.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { exportStepKind } from '../../src/kinds/steps/export/kind.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { stepContext } from '../contract/step-context.ts';
import type { Surroundings } from '../contract/step-context.ts';
import { startCounterApp } from '../doubles/counter-app.ts';
import type { CounterApp } from '../doubles/counter-app.ts';
import { newFolder, openRolloutStage } from '../rollout/open-stage.ts';
import type { RolloutStage } from '../rollout/open-stage.ts';
import { rolloutLaunch } from '../rollout/rollout-launch.ts';

const flagsAt = (weight: number): string => {
  const fractional = [
    ['off', 100 - weight],
    ['on', weight],
  ];
  const shop = {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: { fractional },
  };
  return JSON.stringify({ flags: { shop } });
};

/** A launch of which users write orders to a file of SQLite. */
function textOf(stable: CounterApp, canary: CounterApp): string {
  return rolloutLaunch(
    {
      router: '{ kind: flag-file, file: flags.json, flag: shop }',
      metrics: { stable: stable.url, canary: canary.url },
    },
    {
      phases: ['{ weight: 20, minTime: 500ms, maxTime: 1h, minRequests: 50, warmup: 0s }', '{ weight: 100 }'],
      front: 'datastores:\n  old: { kind: csv, url: "file:old/" }\n  new: { kind: sqlite, url: "sqlite:new.db" }\n',
      body: `## Data

- Orders {#orders}

  \`\`\`yaml dataset
  source: { on: old, table: orders }
  target: { on: new, table: orders }
  key: id
  partial: { by: created_at }
  \`\`\`
`,
    },
  );
}

describe('what users wrote on the new side', { timeout: 300_000 }, () => {
  let stage: RolloutStage;
  let apps: CounterApp[] = [];
  let orders: DatabaseSync;
  let files = 0;
  beforeAll(async () => {
    apps = [await startCounterApp('stable'), await startCounterApp('canary')];
    const folder = newFolder();
    mkdirSync(join(folder, 'old'));
    writeFileSync(join(folder, 'old', 'orders.csv'), 'id,created_at\n1,2026-01-01T00:00:00Z\n');
    writeFileSync(join(folder, 'flags.json'), flagsAt(0));
    orders = new DatabaseSync(join(folder, 'new.db'), { timeout: 30_000 });
    orders.exec('create table orders (id integer primary key, created_at timestamptz)');
    orders.exec(`insert into orders values (1, '2026-01-01T00:00:00Z')`);
    stage = await openRolloutStage(textOf(apps[0]!, apps[1]!), folder);
  });
  afterAll(async () => {
    orders.close();
    await stage?.drop();
    await Promise.all(apps.map((app) => app.stop()));
  });

  const keepOrders = async (since: string, more: Surroundings = {}): Promise<StepOutcome> => {
    files += 1;
    const read = exportStepKind.readSpec({ datasets: ['orders'], since, file: `kept/${files}.tar.gz` });
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const deeds = openDataDeeds({ store: stage.store, scene: await stage.scene(), executor: 'alice' });
    const { context } = stepContext({ workspace: stage.folder, deeds, idempotencyKey: `run/${files}`, ...more });
    return exportStepKind.run(read.spec, context);
  };
  const lost = async (): Promise<string[]> => {
    const kinds = { steps: stepReaders, checks: checkKinds, keptMs: 0 };
    return (await answerWayBack(stage.store, await stage.scene(), kinds)).lost;
  };
  const keepRun = async (mode: string, body: object): Promise<void> => {
    const { planHash, candidateSha256 } = await stage.scene();
    const [setting, written] = [{ candidateSha256 }, body].map((one) => JSON.stringify(one));
    await sql`insert into tminus.run (id, launch, procedure, mode, environment, plan_hash, plan, setting, requested_by, state, body, ended_at)
      values (${`run-${mode}`}, 'shop', 'cutover', ${mode}, 'staging', ${planHash}, '{}', ${setting}::jsonb, 'alice', 'completed', ${written}::jsonb, now())`.execute(
      stage.store.tables,
    );
  };

  it('C17 before any user can have been there nobody knows a switch: the export is refused in words, and nothing is told to be lost', async () => {
    expect(await findSwitch(stage.store, await stage.scene())).toBeNull();
    const refused = await keepOrders('switch');
    expect(refused).toMatchObject({ outcome: 'failed', facts: { trouble: 'export_refused' } });
    expect(refused.detail).toMatch(/^switch: expected a shift of candidate \w+ in staging .*say the instant yourself/);
    expect(await lost()).toEqual([]);
    expect(await keepOrders('2126-01-01T00:00:00Z')).toMatchObject({ outcome: 'failed', facts: { trouble: 'usage' } });
  });

  it('C17 T31 a rehearsal has no users: its first run stands for the switch, and a live step never takes that', async () => {
    await keepRun('rehearsal', { createdAtMs: Date.parse('2026-11-22T00:00:00Z'), returnPoint: { state: 'ahead' } });
    expect(await keepOrders('switch', { mode: 'rehearsal' })).toMatchObject({
      outcome: 'done',
      detail: expect.stringContaining('the rehearsal began then') as string,
    });
    expect(await keepOrders('switch')).toMatchObject({ outcome: 'failed', facts: { trouble: 'export_refused' } });
  });

  it('C16 C17 since the first weight above 0 that a shift asked for, a step keeps it, and the answer says how', async () => {
    stage.keep();
    const { id } = await stage.start();
    await stage.until(id, ({ state }) => state.weight.asked === 20);
    const asked = (await stage.journal(id)).find(
      ({ kind, body }) => kind === 'asked' && body['kind'] === 'set_weight' && Number(body['weight']) > 0,
    );
    orders.exec(`insert into orders values (2, '${new Date().toISOString()}'), (3, null)`);
    const found = await findSwitch(stage.store, await stage.scene());
    expect(found).toEqual({ since: asked?.at, because: 'the first weight above 0 was asked for then' });
    const kept = await keepOrders('switch');
    expect(kept).toMatchObject({ outcome: 'done', facts: { counts: { orders: 1 }, since: asked?.at, until: null } });
    expect(kept.detail).toContain('1 of orders without a created_at, which are not in it');
    expect(await lost()).toContain(
      `records of orders by created_at since ${asked?.at} (the first weight above 0 was asked for then): keep them with "tminus export orders --since switch"`,
    );
  });

  it('C16 the point of no return that a run saw behind counts where it was first', async () => {
    const atMs = Date.parse('2026-11-22T00:30:00Z');
    await keepRun('live', { createdAtMs: atMs, returnPoint: { state: 'crossed', atMs } });
    expect(await findSwitch(stage.store, await stage.scene())).toEqual({
      since: '2026-11-22T00:30:00.000Z',
      because: 'a run saw the point of no return behind then',
    });
    await sql`update tminus.run set body = '{"returnPoint": {"state": "unknown"}}' where mode = 'live'`.execute(
      stage.store.tables,
    );
    const found = await findSwitch(stage.store, await stage.scene());
    expect(found?.because).toBe('the first weight above 0 was asked for then');
  });

  it('C17 (negative control) where the canary had traffic before anybody looked, no moment is made up', async () => {
    const [shift] = await stage.list();
    await sql`update tminus.run set body = '{"returnPoint": {"state": "ahead"}}'`.execute(stage.store.tables);
    await stage.until(shift!.id, ({ state }) => state.returnPoint === 'ahead');
    await stage.act(shift!.id, 'abort');
    await stage.until(shift!.id, ({ endedAt }) => endedAt !== null);
    // Another candidate, whose share somebody had set by hand.
    writeFileSync(join(stage.folder, 'flags.json'), flagsAt(30));
    await stage.rewrite(textOf(apps[0]!, apps[1]!).replace('0123456789012', '1123456789012'));
    const scene = await stage.scene();
    const lowered = { rollout: 'new-shop', weight: 10, person: 'alice', reason: 'less of it' };
    const id = await beginLower(stage.store, scene, lowered);
    await stage.until(id, ({ state }) => state.seen !== null && state.routers[0]?.weight === 10);
    expect(await findSwitch(stage.store, scene)).toBeNull();
    expect(await keepOrders('switch')).toMatchObject({ outcome: 'failed', facts: { trouble: 'export_refused' } });
    expect(await lost()).toEqual([
      'records of orders by created_at since the switch, of which nobody knows when it was: keep them with "tminus export orders --since MOMENT"',
    ]);
  });
});
