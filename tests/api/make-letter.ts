import { setTimeout as pause } from 'node:timers/promises';

import { stepQueue } from '../../src/engine/advance/work-queues.ts';
import type { TestApi } from './open-api.ts';

/** Makes a dead letter of a step of a run: a job whose only try fails. Returns the id of the letter. */
export async function makeLetter({ store, engine }: TestApi, run: string, step: string): Promise<string> {
  const { delivery } = engine;
  const known = new Set((await delivery.deadLetters.list(stepQueue.name)).map(({ id }) => id));
  const data = { do: 'run', run, step, attempt: 1, readyAtMs: Date.now() };
  const [job] = await delivery.send([{ queue: stepQueue.name, key: run, data }]);
  await store.database.pool.query('update tminus_delivery.job set retry_limit = 0 where id = $1', [job]);
  const workers = await delivery.work(stepQueue.name, () =>
    Promise.reject(new Error('disk of the target: expected room, got none')),
  );
  let made: string | undefined;
  for (let tries = 0; tries < 1_000 && made === undefined; tries += 1) {
    await pause(200);
    made = (await delivery.deadLetters.list(stepQueue.name)).find(({ id }) => !known.has(id))?.id;
  }
  await workers.drain();
  if (made !== undefined) return made;
  throw new Error(`${step} of ${run}: expected a dead letter, got none`);
}

/** Orders a run in staging, which nobody carries out where no worker is; returns its id. */
export async function orderRun(api: TestApi): Promise<string> {
  const path = '/api/launches/shop-cutover';
  const plan = await api.send('carol', 'GET', `${path}/procedures/runbook/plan?environment=staging`);
  const { version } = plan.body as { version: string };
  const t0 = new Date(Date.now() + 7_200_000).toISOString();
  const body = { procedure: 'runbook', expectedVersion: version, reason: 'a test', t0 };
  const ordered = await api.send('carol', 'POST', `${path}/runs?environment=staging`, { body });
  if (ordered.status === 201) return (ordered.body as { run: string }).run;
  throw new Error(`order: expected 201, got ${ordered.status} ${JSON.stringify(ordered.body)}`);
}
