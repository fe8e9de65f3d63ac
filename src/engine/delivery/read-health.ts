import { setTimeout as pause } from 'node:timers/promises';

import { sql } from 'kysely';

import type { Store } from '../../store/open-store.ts';
import type { DeliveryHealth, QueueHealth } from '../delivery.ts';

const patienceMs = 5000;

/**
 * Returns how the queues are, for any process that can reach the database, whether or not it delivers. What cannot be read, or not within five seconds,
 * is `unknown` with the reason: a figure of zero always was counted.
 */
export async function readDeliveryHealth(store: Store, queues: readonly string[]): Promise<DeliveryHealth> {
  const timer = new AbortController();
  const late = pause(patienceMs, null, { signal: timer.signal }).then((): DeliveryHealth => ({
    state: 'unknown',
    reason: `expected an answer within ${patienceMs} ms, got none`,
  }));
  // The one that loses the race still ends, and nobody listens to it then.
  late.catch(() => undefined);
  try {
    return await Promise.race([countJobs(store, queues), late]);
  } catch (error) {
    return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    timer.abort();
  }
}

async function countJobs(store: Store, queues: readonly string[]): Promise<DeliveryHealth> {
  const { rows } = await sql<QueueHealth & { known: boolean }>`
    select q.name as queue, known.name is not null as known, c.* from unnest(${[...queues]}::text[]) with ordinality as q (name, place)
      left join tminus_delivery.queue as known on known.name = q.name
      cross join lateral (
        select count(*) filter (where state < 'active' and start_after <= now())::int as waiting,
            count(*) filter (where state < 'active' and start_after > now())::int as delayed,
            extract(epoch from now() - min(greatest(created_on, start_after)) filter (where state < 'active' and start_after <= now()))::float8
              as "oldestSeconds",
            count(*) filter (where state = 'active')::int as active,
            count(*) filter (where state = 'failed')::int as dead,
            count(*) filter (where state = 'active' and heartbeat_on + heartbeat_seconds * interval '1 second' < now())::int as stuck
          from tminus_delivery.job where name = q.name) as c
      order by q.place`.execute(store.tables);
  const missing = rows.find(({ known }) => !known);
  if (missing !== undefined)
    return {
      state: 'unknown',
      reason: `queue ${missing.queue}: expected it to have been opened, got none of that name`,
    };
  return { state: 'known', queues: rows.map(toQueueHealth) };
}

function toQueueHealth({ queue, waiting, delayed, oldestSeconds, active, dead, stuck }: QueueHealth): QueueHealth {
  return { queue, waiting, delayed, oldestSeconds, active, dead, stuck };
}
