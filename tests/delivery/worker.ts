import { once } from 'node:events';

import { sql } from 'kysely';

import type { Claim } from '../../src/engine/delivery.ts';
import { createLockKeeper } from '../../src/engine/delivery/keep-locks.ts';
import { openDelivery } from '../../src/engine/delivery/open-delivery.ts';
import { openStore } from '../../src/store/open-store.ts';
import { job, queue } from './start-delivery.ts';

// A worker in a process of its own, to be killed, stopped and starved. What a job does stands in its data; what it writes is one row in `effect`.
const [databaseUrl = '', dataDirectory = '', mode = 'jobs', slots = '1', leaseSeconds = '120'] = process.argv.slice(2);
const store = await openStore({ databaseUrl, dataDirectory });
const say = (word: string, value: unknown) => process.stdout.write(`${word} ${JSON.stringify(value)}\n`);

if (mode === 'lock') {
  const keeper = createLockKeeper(store, { leaseSeconds: 1, renewSeconds: 0.2, retrySeconds: 0.05 });
  const locks = await keeper.take({ keys: ['asset'], owner: 'child', waitSeconds: 10 });
  say('held', locks?.fences.get('asset'));
  await once(process.stdin, 'data');
  say('confirmed', await store.tables.transaction().execute(async (tx) => locks?.confirm(tx)));
} else {
  const delivery = await openDelivery(store, { queues: [queue], times: { leaseSeconds: Number(leaseSeconds) } });
  const handle = async (claim: Claim): Promise<void> => {
    const { act = 'write', more = 0, ms = 4000 } = claim.data as { act?: string; more?: number; ms?: number };
    if (act !== 'write') say('began', { token: claim.token, attempt: claim.attempt, job: claim.job });
    if (act === 'abort') process.abort();
    if (act === 'wait' && claim.attempt === 1) await once(process.stdin, 'data');
    if (act === 'block' && claim.attempt === 1) block(ms);
    const result = await delivery.settleAndSend(claim, async (tx) => {
      await sql`insert into effect (job, token, worker) values (${claim.job}, ${claim.token}, ${process.pid})`.execute(
        tx,
      );
      return more === 0 ? [] : [job(claim.key, { data: { more: more - 1 } })];
    });
    if (act !== 'write') say('result', result);
  };
  await delivery.work(queue.name, handle, { slots: Number(slots) });
  say('ready', process.pid);
}

/** Keeps the event loop busy: no timer, no answer of the database, no heartbeat. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
