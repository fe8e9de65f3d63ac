import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Delivery } from '../../src/engine/delivery.ts';
import { readDeliveryHealth } from '../../src/engine/delivery/read-health.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { createDeliveries, createSignal, job, queue } from './start-delivery.ts';

let database: TestDatabase;
let store: Store;
const deliveries = createDeliveries();
const once = { ...queue, name: 'once', attempts: 1 };

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterEach(async () => {
  await deliveries.stopAll();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
});
afterAll(() => database.drop());

async function waitForDead(delivery: Delivery): Promise<void> {
  while ((await delivery.deadLetters.list(once.name)).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('health of delivery', () => {
  it('O17 every queue tells what waits and for how long, what is under way, dead and silent', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, once], times: { superviseSeconds: 60 } });
    const began = createSignal();
    const end = createSignal();
    await delivery.work(queue.name, async () => {
      began.reach();
      await end.reached;
    });
    await delivery.send([job('a')]);
    await began.reached;
    const [waits = ''] = await delivery.send([job('a'), job('b', { afterSeconds: 60 })]);
    await delivery.work(once.name, () => Promise.reject(new Error('broken')));
    await delivery.send([{ ...job('c'), queue: once.name }]);
    await waitForDead(delivery);
    await store.database.pool.query(
      `update tminus_delivery.job set created_on = now() - interval '90 seconds', start_after = now() - interval '90 seconds' where id = $1`,
      [waits],
    );
    const empty = { waiting: 0, delayed: 0, oldestSeconds: null, active: 0, dead: 0, stuck: 0 };
    const busy = { ...empty, queue: 'step', waiting: 1, delayed: 1, oldestSeconds: expect.closeTo(90, -1), active: 1 };
    expect(await delivery.health()).toEqual({
      state: 'known',
      queues: [busy, { ...empty, queue: 'once', dead: 1 }],
    });
    // Its worker lives, and may say so between the two.
    const silenced = async (): Promise<unknown> => {
      await store.database.pool.query(
        `update tminus_delivery.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`,
      );
      return readDeliveryHealth(store, ['step']);
    };
    await expect.poll(silenced).toMatchObject({ queues: [{ active: 1, stuck: 1 }] });
    end.reach();
  });

  it('O17 what cannot be read is unknown and not zero: no such queue, no database, no answer', async () => {
    await deliveries.open(store);
    expect(await readDeliveryHealth(store, ['step', 'typo'])).toEqual({
      state: 'unknown',
      reason: 'queue typo: expected it to have been opened, got none of that name',
    });
    const lock = await store.database.pool.connect();
    await lock.query('begin; lock table tminus_delivery.queue in access exclusive mode');
    expect(await readDeliveryHealth(store, ['step'])).toEqual({
      state: 'unknown',
      reason: 'expected an answer within 5000 ms, got none',
    });
    await lock.query('rollback');
    lock.release();
    const gone = await database.open();
    await gone.close();
    expect(await readDeliveryHealth(gone, ['step'])).toMatchObject({ state: 'unknown' });
  });
});

describe('what is kept of failures', () => {
  const secret = 'canary-7f3a9c51d2';

  it('O06 O11 the reason of a dead letter is masked before it is stored, and before it is cut', async () => {
    const mask = (text: string) => text.replaceAll(secret, '***');
    const delivery = await deliveries.open(store, { queues: [once], mask });
    await delivery.work(once.name, () => {
      throw new Error(`${'x'.repeat(1980)} password ${secret} refused`);
    });
    await delivery.send([{ ...job('run'), queue: once.name }]);
    await waitForDead(delivery);
    const [letter] = await delivery.deadLetters.list(once.name);
    expect(letter?.reason).toMatch(/x password/);
    await delivery.deadLetters.archive(
      { queue: once.name, ids: [letter?.id ?? ''] },
      { person: 'ada', reason: `saw ${secret}` },
    );
    const { rows } = await store.database.pool.query<{ text: string }>(
      `select string_agg(row_text, ' ') as text from (select job::text as row_text from tminus_delivery.job
        union all select noted::text from tminus.dead_letter_action as noted) as everything`,
    );
    expect(rows[0]?.text).toContain('saw ***');
    expect(rows[0]?.text).not.toContain('canary');
  });

  it('O06 a masker that breaks keeps nothing', async () => {
    const mask = (): string => {
      throw new Error('no dictionary');
    };
    const delivery = await deliveries.open(store, { queues: [once], mask });
    await delivery.work(once.name, () => Promise.reject(new Error(secret)));
    await delivery.send([{ ...job('run'), queue: once.name }]);
    await waitForDead(delivery);
    expect(await delivery.deadLetters.list(once.name)).toMatchObject([{ reason: 'withheld: it could not be masked' }]);
  });
});
