import { setTimeout as pause } from 'node:timers/promises';

import { openDelivery } from '../src/engine/delivery/open-delivery.ts';
import type { Store } from '../src/store/open-store.ts';
import { startChild } from '../tests/store/child.ts';
import type { Child } from '../tests/store/child.ts';
import { job, queue } from '../tests/delivery/start-delivery.ts';

/** Kills in one round; the workers of a round run side by side. */
const perRound = 5;
/** A worker is killed at a random moment between two of its heartbeats, which are 5 s apart. */
const spreadMs = 5000;

/** Seconds from SIGKILL of a worker in the middle of a job until another worker has begun that job, default settings. */
export async function measureTakeover(store: Store, dataDirectory: string, kills: number): Promise<number[]> {
  await store.database.pool.query('create table if not exists effect (job uuid, token bigint, worker int)');
  const samples: number[] = [];
  while (samples.length < kills) samples.push(...(await runRound(store, dataDirectory)));
  return samples;
}

async function runRound(store: Store, dataDirectory: string): Promise<number[]> {
  const url = store.database.url;
  const victims: { child: Child; job: string; killedAt: number }[] = [];
  const heir = await openDelivery(store, { queues: [queue] });
  try {
    for (let nr = 0; nr < perRound; nr += 1) {
      const child = startChild('../delivery/worker.ts', [url, dataDirectory, 'jobs', '1']);
      victims.push({ child, job: '', killedAt: 0 });
      await child.said('ready');
      // One job at a time, so that each victim holds exactly one: an idle one takes it, a busy one has its batch under way.
      await heir.send([job(`run-${nr}-${performance.now()}`, { data: { act: 'wait' } })]);
      const began = JSON.parse(await child.said('began')) as { job: string };
      Object.assign(victims[nr] as object, { job: began.job });
    }
    const began = new Map<string, PromiseWithResolvers<number>>(
      victims.map((victim) => [victim.job, Promise.withResolvers<number>()]),
    );
    await heir.work(queue.name, (claim) => Promise.resolve(began.get(claim.job)?.resolve(performance.now())), {
      slots: 2,
    });
    return await Promise.all(
      victims.map(async (victim) => {
        await pause(Math.random() * spreadMs);
        const killedAt = performance.now();
        victim.child.process.kill('SIGKILL');
        return (((await began.get(victim.job)?.promise) ?? NaN) - killedAt) / 1000;
      }),
    );
  } finally {
    for (const { child } of victims) {
      child.process.kill('SIGKILL');
      await child.ended;
    }
    await heir.stop();
  }
}
