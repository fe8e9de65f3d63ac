import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';

import { isLostConnection } from '../../src/store/database-error.ts';
import { openStore } from '../../src/store/open-store.ts';
import { behindProxy } from '../runs/wire-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { proveTakeover } from './cut-one-way.ts';
import { ImpairedLink } from './impaired-link.ts';
import { openPlace } from './place.ts';
import type { Place } from './place.ts';
import { orderSteps, safeStep, seeThrough, untilCalled } from './see-through.ts';

/** Ends what the tests opened, also where one of them failed; all of them go on at once. */
const opened: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(opened.map((close) => close())), 300_000);

describe('a worker behind a bad link', () => {
  it.concurrent.each(['up', 'down'] as const)(
    'F48 what goes %s is lost: its step goes to another, it is fenced out, and it works on once the way is open',
    async (direction) => {
      const { place, link, url } = await openLinked();
      const way = link[direction];
      const other = link[direction === 'up' ? 'down' : 'up'];
      let before = NaN;
      const cut = (): void => {
        before = other.passedBytes;
        way.cut();
      };
      const { catchUpMs } = await proveTakeover(place, {
        way: { url },
        cut,
        heal: () => {
          // The one direction was gone, and not the link.
          expect(other.passedBytes).toBeGreaterThan(before);
          way.heal();
        },
        lost: () => way.heldPieces,
      });
      // Half a second on a machine that does nothing else, where five are promised; here it is only told from a way that stays shut.
      expect(catchUpMs).toBeLessThan(30_000);
    },
    400_000,
  );

  it.concurrent('F48 in the middle of a transaction: what it had locked is free again before its steps go to others', async () => {
    const { place, link, url } = await openLinked();
    const cutOff = await openStore({ databaseUrl: url, dataDirectory: place.database.dataDirectory });
    const lock = sql`select pg_advisory_xact_lock(48)`;
    const locked = Promise.withResolvers<void>();
    const setting = sql<{ limit: string }>`select current_setting('idle_in_transaction_session_timeout') as limit`;
    expect((await setting.execute(cutOff.tables)).rows).toEqual([{ limit: '10s' }]);
    const stuck = cutOff.tables.transaction().execute(async (tx) => {
      await lock.execute(tx);
      link.up.cut();
      locked.resolve();
      await sql`select 1`.execute(tx);
    });
    await locked.promise;
    const began = performance.now();
    await place.engine.store.tables.transaction().execute((tx) => lock.execute(tx));
    const waitedMs = performance.now() - began;
    expect(waitedMs).toBeGreaterThan(5_000);
    expect(waitedMs).toBeLessThan(60_000);
    link.up.heal();
    // Whoever comes back is told that nothing of it was done, in a way that is tried again.
    const told: unknown = await stuck.catch((error: unknown) => error);
    expect([told instanceof Error, isLostConnection(told)]).toEqual([true, true]);
    await cutOff.close();
  }, 400_000);

  it.concurrent('F52 200 ms more each way, jitter, and connections that overtake each other: no lease is lost to a worker nearby', async () => {
    let isFar = false;
    const { place, link, url } = await openLinked(() => (isFar ? 100 + 200 * Math.random() : 0));
    const far = place.start('worker', null, { url });
    expect(await far.ready).toBe(true);
    isFar = true;
    // Longer than a worker may be silent.
    const steps = [safeStep('a', 'once slow 12000'), safeStep('b', 'once'), safeStep('c', 'once')];
    const run = await orderSteps(place, 'far', steps);
    expect((await untilCalled(place, run.id, 'a')).pid).toBe(far.pid);
    place.start('worker');
    const { run: ended, calls, violations } = await seeThrough(place, run);
    expect([ended.state, violations]).toEqual(['completed', []]);
    expect(calls.map(({ step, attempt }) => [step, attempt])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    const lengths = await measureRoundTrips(url);
    expect(Math.min(...lengths)).toBeGreaterThan(200);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeGreaterThan(20);
    expect(link.overtaken).toBeGreaterThan(0);
  }, 400_000);
});

async function openLinked(delayMs?: () => number): Promise<{ place: Place; link: ImpairedLink; url: string }> {
  const place = await openPlace(await createTestDatabase());
  const { target, through } = behindProxy(place.database.url);
  const link = new ImpairedLink(target, delayMs);
  const url = through(await link.listen());
  opened.push(async () => {
    for (const child of place.children) if (child.ended() === null) child.signal('SIGKILL');
    await Promise.all(place.children.map(({ exited }) => exited));
    await link.close();
    await place.close();
  });
  return { place, link, url };
}

async function measureRoundTrips(url: string): Promise<number[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const lengths: number[] = [];
  for (let nr = 0; nr < 8; nr += 1) {
    const began = performance.now();
    await client.query('select 1');
    lengths.push(performance.now() - began);
  }
  await client.end();
  return lengths;
}
