import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { workQueues } from '../../src/engine/advance/work-queues.ts';
import { openDelivery } from '../../src/engine/delivery/open-delivery.ts';
import type { Delivery } from '../../src/engine/delivery.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { behindProxy, openWireProxy } from './wire-proxy.ts';
import type { Frame, Link, Verdict, WireProxy } from './wire-proxy.ts';

/** What becomes of the way from the server to whoever listens. */
type Way = 'open' | 'black hole' | 'deaf';

/** Knows which connections listen, and what passes by. */
class Listening {
  way: Way = 'open';
  /** Connections that said LISTEN, in their order. */
  readonly links: number[] = [];
  heard = 0;
  lost = 0;

  /** A black hole swallows what is on its connection for good, without a word; the deaf hear everything but notifications. */
  judge({ from, type, bytes }: Frame, link: Link): Verdict {
    if (from === 'client' && type === 'Q' && bytes.includes('LISTEN ')) this.links.push(link.id);
    const isNotice = from === 'server' && type === 'A';
    const isSwallowed = (this.way === 'black hole' && this.links[0] === link.id) || (this.way === 'deaf' && isNotice);
    if (isNotice && isSwallowed) this.lost += 1;
    if (isNotice && !isSwallowed) this.heard += 1;
    return isSwallowed ? 'drop' : 'pass';
  }
}

describe('a worker that is not told of new jobs', () => {
  let database: TestDatabase;
  let proxy: WireProxy;
  let store: Store;
  let direct: Store;
  let sender: Delivery;
  let worker: Delivery;
  const listening = new Listening();
  const began = new Map<string, number>();

  beforeAll(async () => {
    database = await createTestDatabase();
    const { target, through } = behindProxy(database.url);
    proxy = await openWireProxy(target, (frame, link) => listening.judge(frame, link));
    store = await openStore({ dataDirectory: database.dataDirectory, databaseUrl: through(proxy.port) });
    direct = await database.open();
    sender = await openDelivery(direct, { queues: workQueues });
    worker = await openDelivery(store, { queues: workQueues });
    await worker.work(workQueues[0]!.name, (claim) => {
      began.set(claim.key, performance.now());
      return Promise.resolve();
    });
  });

  afterAll(async () => {
    await worker.stop({ graceSeconds: 1 });
    await sender.stop({ graceSeconds: 1 });
    await store.close();
    proxy.close();
    await database.drop();
  });

  it('F33 notifications are lost: each job is found by looking, within two seconds', async () => {
    await untilHeard('told');
    listening.way = 'deaf';
    const waits = await measure('deaf', 6);
    await expect.poll(() => listening.lost).toBeGreaterThanOrEqual(6);
    expect(Math.max(...waits)).toBeLessThan(2_000);
    listening.way = 'open';
  });

  it(
    'F32 the connection of the listener is half-open: the same, and it listens on another one before long',
    { timeout: 300_000 },
    async () => {
      const { lost } = listening;
      listening.way = 'black hole';
      const waits = await measure('hole', 6);
      await expect.poll(() => listening.lost - lost).toBeGreaterThanOrEqual(6);
      expect(Math.max(...waits)).toBeLessThan(2_000);
      await expect.poll(() => listening.links.length, { timeout: 90_000 }).toBe(2);
      await untilHeard('again');
    },
  );

  /** Sends jobs until a notification of one has come. */
  async function untilHeard(name: string): Promise<void> {
    const { heard } = listening;
    for (let nr = 0; listening.heard === heard && nr < 30; nr += 1) await measure(`${name}-${nr}`, 1);
    expect(listening.heard).toBeGreaterThan(heard);
  }

  /**
   * Sends jobs one after the other, each at another moment of the second, and returns how long each waited to begin, milliseconds. By how much this
   * process and the database answered late meanwhile is a matter of the machine, and does not count.
   */
  async function measure(name: string, count: number): Promise<number[]> {
    const waits: number[] = [];
    for (let nr = 0; nr < count; nr += 1) {
      await pause(370);
      const key = `${name}-${nr}`;
      await sender.send([{ queue: workQueues[0]!.name, key, data: {} }]);
      const sentAt = performance.now();
      let lateMs = 0;
      for (const giveUp = sentAt + 60_000; !began.has(key) && performance.now() < giveUp;) lateMs += await lateness();
      waits.push((began.get(key) ?? Infinity) - sentAt - lateMs);
    }
    return waits;
  }

  /** Rests for a moment, asks the database something that costs nothing, and returns how much longer that took than the rest. */
  async function lateness(): Promise<number> {
    const restMs = 25;
    const turn = performance.now();
    await pause(restMs);
    await direct.database.pool.query('select 1');
    return Math.max(0, performance.now() - turn - restMs);
  }
});
