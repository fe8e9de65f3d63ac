import { setTimeout as pause } from 'node:timers/promises';

import type { Demo } from './open-demo.ts';

const launch = '/api/launches/shop-cutover';

/** A run as far as whoever sets the stage looks at it. */
export interface StagedRun {
  state: string;
  version: string;
  holds: { id: string }[];
}

/** Runs every check of the launch, and resolves when all that they saw is sealed. */
export async function runChecks(demo: Demo): Promise<void> {
  const begun = await demo.send('carol', 'POST', `${launch}/checks`, {});
  if (begun.status !== 202) throw new Error(`checks: expected 202, got ${begun.status} ${JSON.stringify(begun.body)}`);
  await until('the checks to be through', async () => {
    const { body } = await demo.send<{ round: { endedAtMs: number | null } | null }>(
      'carol',
      'GET',
      `${launch}/checks`,
    );
    return typeof body.round?.endedAtMs === 'number';
  });
}

/** Orders the runbook in staging and resolves with the id of the run when it waits for a person. */
export async function startRun(demo: Demo): Promise<string> {
  const path = `${launch}/procedures/runbook/plan?environment=staging`;
  const plan = await demo.send<{ version: string }>('dave', 'GET', path);
  const ordered = await demo.send<{ run: string }>('carol', 'POST', `${launch}/runs?environment=staging`, {
    procedure: 'runbook',
    expectedVersion: plan.body.version,
    reason: 'the stage of a test',
    t0: new Date(Date.now() + 3_601_000).toISOString(),
  });
  if (ordered.status !== 201) {
    throw new Error(`run: expected 201, got ${ordered.status} ${JSON.stringify(ordered.body)}`);
  }
  const { run } = ordered.body;
  await until('the run to wait for a person', async () => (await readRun(demo, run)).state === 'waiting_human');
  return run;
}

/** A run as the API tells it. */
export async function readRun(demo: Demo, run: string): Promise<StagedRun> {
  const { status, body } = await demo.send<StagedRun>('alice', 'GET', `/api/runs/${run}`);
  if (status !== 200) throw new Error(`run ${run}: expected 200, got ${status} ${JSON.stringify(body)}`);
  return body;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    if (await isSo()) return;
    await pause(200);
  }
  throw new Error(`expected ${what} in time, got something else`);
}
