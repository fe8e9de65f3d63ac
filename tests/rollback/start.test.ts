import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { approvalLevel } from '../../src/core/procedure/authority.ts';
import { beginRollback, findRollback } from '../../src/engine/rollback/begin-rollback.ts';
import type { BegunRollback } from '../../src/engine/rollback/begin-rollback.ts';
import { answerWayBack } from '../../src/engine/rollout/answer-way-back.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { openDesk, until } from '../rehearsal/open-desk.ts';
import type { Desk } from '../rehearsal/open-desk.ts';

const head = `---
tminus: launch
id: move
title: Move
environment: staging
candidate: { commit: c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00, url: "{{ environment.url }}" }
environments:
  production: { url: "http://127.0.0.1:1", production: true }
  staging: { url: "http://127.0.0.1:2", production: false }
people: { dave: Dave, vera: Vera }
roles: { lead: [dave] }
routers:
  edge: { kind: flag-file, file: flags.json, flag: shop, stable: stable, canary: canary }
metrics:
  pages: { kind: metrics-text, stable: "http://127.0.0.1:9/m", canary: "http://127.0.0.1:9/m" }
---

# Move
`;

const body = `## Rollout

- New shop {#new-shop}

  \`\`\`yaml rollout
  routers: [edge]
  interval: 1s
  phases: [{ weight: 50, warmup: 1s }, { weight: 100, warmup: 1s }]
  measures:
    errors: { source: pages, total: 'a{arm="$arm"}', bad: 'b{arm="$arm"}' }
  \`\`\`

> **Point of no return:** the first order on the new side
>
> \`\`\`sql url=sqlite:new.db
> select count(*) as value from orders
> -- expect value >= 1
> \`\`\`

## Rollback: step by step {#by-steps}

\`\`\`yaml rollback
kind: graceful
\`\`\`

1. Half {#half}

   \`\`\`yaml step
   kind: rollout
   rollout: new-shop
   do: take-back
   to: 50
   \`\`\`

2. None {#none}

   \`\`\`yaml step
   kind: rollout
   rollout: new-shop
   do: take-back
   \`\`\`

## Rollback: keep the orders {#keep-orders}

1. Keep {#keep}

   \`\`\`sh timeout=10s
   touch kept
   \`\`\`
`;

function flags(weight: number): string {
  const split = {
    fractional: [
      ['canary', weight],
      ['stable', 100 - weight],
    ],
  };
  const shop = {
    state: 'ENABLED',
    variants: { canary: 'new', stable: 'old' },
    defaultVariant: 'stable',
    targeting: split,
  };
  return JSON.stringify({ flags: { shop } });
}

describe('a way back that is begun', { timeout: 180_000 }, () => {
  let desk: Desk;
  let orders: DatabaseSync;
  const shareNow = (): unknown => /"canary",(\d+)/.exec(readFileSync(join(desk.directory, 'flags.json'), 'utf8'))?.[1];
  const begin = async (person = 'dave', reason = 'the till does not print'): Promise<BegunRollback> =>
    beginRollback(desk.engine, await desk.scene('staging'), {
      procedure: 'by-steps',
      person,
      reason,
      kinds: stepReaders,
      checks: checkKinds,
    });
  beforeAll(async () => {
    desk = await openDesk(body, { head });
    writeFileSync(join(desk.directory, 'flags.json'), flags(100));
    orders = new DatabaseSync(join(desk.directory, 'new.db'), { timeout: 30_000 });
    orders.exec('create table orders (id integer)');
  });
  afterAll(async () => {
    orders.close();
    await desk.close();
  });

  it('O29 is refused to whoever may not, and without a reason, and nothing is moved', async () => {
    await expect(begin('vera')).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(begin('dave', ' ')).rejects.toMatchObject({ code: 'usage' });
    expect(shareNow()).toBe('100');
    const scene = await desk.scene('staging');
    expect([
      findRollback(scene, 'graceful')?.id,
      findRollback(scene, 'immediate'),
      findRollback(scene, 'keep-orders'),
    ]).toEqual(['by-steps', null, null]);
  });

  it('O29 traffic of a shift that ended long ago goes back in steps, each with its length, and the answer shows the clock', async () => {
    const { id, pastReturn } = await begin();
    const kinds = { steps: stepReaders, checks: checkKinds, keptMs: 0 };
    const { rollbacks } = await answerWayBack(desk.engine.store, await desk.scene('staging'), kinds);
    expect(rollbacks).toMatchObject([{ procedure: 'by-steps', withinMs: 1_800_000, drills: [] }]);
    // A quick machine may be through by now.
    expect([id, undefined]).toContain(rollbacks[0]?.running?.run);
    await until('the way back to end', async () => isFinal(await desk.run(id)));
    const run = await desk.run(id);
    expect([pastReturn, run.state, shareNow()]).toEqual([false, 'completed', '0']);
    expect(run.steps['half']?.detail).toMatch(/every router says that the canary has 50 %/);
    expect(run.steps['none']!.startedAtMs!).toBeGreaterThanOrEqual(run.steps['half']!.endedAtMs!);
  });

  it('C16 behind the point of no return, by the data, it is refused where nothing is declared for there, and is another procedure where it is', async () => {
    orders.exec('insert into orders values (1)');
    await expect(begin()).rejects.toMatchObject({ code: 'run_refused' });
    const file = join(desk.directory, 'launch.md');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('kind: graceful', 'kind: graceful\nafterReturn: keep-orders'),
    );
    const begun = await begin();
    expect(begun).toMatchObject({ procedure: 'keep-orders', pastReturn: true });
    const { plan } = await desk.run(begun.id);
    const live = { ...plan, environment: { id: 'production', production: true } };
    const { pastReturn: _, ...before } = live;
    expect([approvalLevel(before), approvalLevel(live)]).toEqual([1, 2]);
  });
});
