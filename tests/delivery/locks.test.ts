import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createLockKeeper } from '../../src/engine/delivery/keep-locks.ts';
import type { AssetLocks, LockKeeper, LockTimes } from '../../src/engine/delivery/keep-locks.ts';
import { createAsker, readLocks, releaseLocks, takeLocks } from '../../src/store/lock.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { SeveringProxy } from '../monitor/severing-proxy.ts';
import { behindProxy } from '../runs/wire-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { findViolations, runAskers } from './lock-history.ts';

let database: TestDatabase;
let store: Store;
let other: Store;
const keepers: LockKeeper[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  [store, other] = [await database.open(), await database.open()];
});
afterEach(() => Promise.all(keepers.splice(0).map((keeper) => keeper.close())));
afterAll(() => database.drop());

function open(times: Partial<LockTimes> = {}): LockKeeper {
  const keeper = createLockKeeper(store, times);
  keepers.push(keeper);
  return keeper;
}

async function take(keeper: LockKeeper, keys: string[], owner = 'run'): Promise<AssetLocks> {
  const locks = await keeper.take({ keys, owner, waitSeconds: 60 });
  if (locks === null) throw new Error(`${owner}: expected ${keys.join(', ')}`);
  return locks;
}

/** When the lease of an asset runs out. */
async function leaseOf(name: string): Promise<number> {
  return (await readLocks(store)).find((lock) => lock.key === name)?.leaseUntil?.getTime() ?? 0;
}

const key = fc.constantFrom('db', 'dns', 'proxy', 'queue');
const sets = fc.array(fc.uniqueArray(key, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 6 });

describe('locks of assets', { timeout: 300_000 }, () => {
  it('O04 P2 askers with crossed sets never hold one asset at once, none starves or deadlocks, fences rise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sets, { minLength: 4, maxLength: 8 }), async (askers) => {
        const history = await runAskers([store, other], askers);
        expect(history).toHaveLength(askers.flat(2).length);
        expect(findViolations(history)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('O04 an asset can be locked again after its release, each time with a greater fence', async () => {
    const keeper = open();
    const fences: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const locks = await take(keeper, ['again']);
      fences.push(locks.fences.get('again') ?? 0);
      await locks.release();
      await locks.release();
    }
    expect(fences).toEqual([1, 2, 3, 4, 5]);
  });

  it('O04 of several assets all or none are taken: the free one of a set stays free for others', async () => {
    const keeper = open({ retrySeconds: 0.02 });
    const db = await take(keeper, ['set-db']);
    expect(await keeper.take({ keys: ['set-db', 'set-dns'], owner: 'both', waitSeconds: 0 })).toBeNull();
    const dns = await take(keeper, ['set-dns', 'set-dns']);
    expect([...dns.fences.keys()]).toEqual(['set-dns']);
    expect((await readLocks(store)).filter(({ key: name }) => name.startsWith('set-'))).toMatchObject([
      { key: 'set-db', owner: 'run', waiting: [] },
      { key: 'set-dns', owner: 'run', waiting: [] },
    ]);
    await Promise.all([db.release(), dns.release()]);
  });

  it('O04 who waits is served in the order of asking', async () => {
    const keeper = open({ retrySeconds: 0.05 });
    const first = await take(keeper, ['fifo']);
    const served: string[] = [];
    const waiting: Promise<void>[] = [];
    for (const owner of ['one', 'two', 'three', 'four']) {
      waiting.push(take(keeper, ['fifo'], owner).then((locks) => (served.push(owner), locks.release())));
      while (!(await readLocks(store)).some((lock) => lock.waiting.includes(owner))) await new Promise(setImmediate);
    }
    await first.release();
    await Promise.all(waiting);
    expect(served).toEqual(['one', 'two', 'three', 'four']);
  });

  it('O04 a release wakes those who wait in this process, each in turn, although nobody asks again for 100 s', async () => {
    const keeper = open({ retrySeconds: 100 });
    const first = await take(keeper, ['woken', 'other']);
    const before = performance.now();
    const waiting = ['one', 'two', 'three'].map(async (owner) => (await take(keeper, ['woken'], owner)).release());
    while ((await readLocks(store)).find((lock) => lock.key === 'woken')?.waiting.length !== 3)
      await new Promise(setImmediate);
    await first.release();
    await Promise.all(waiting);
    expect(performance.now() - before).toBeLessThan(55_000);
  });

  it('O04 a place in the row whose asker went away is passed over', async () => {
    const keeper = open({ retrySeconds: 0.05 });
    const first = await take(keeper, ['gone']);
    const request = { keys: ['gone'], owner: 'crashed', leaseSeconds: 300, patienceSeconds: 0.2 };
    expect(await takeLocks(store, { ...request, asker: createAsker() })).toBeNull();
    await first.release();
    await (await take(keeper, ['gone'], 'next')).release();
  });

  it('O04 the lease of a crashed holder runs out, a living one is renewed, and a release by the crashed one frees nothing', async () => {
    const keeper = open({ leaseSeconds: 60, renewSeconds: 0.1, retrySeconds: 0.05 });
    const living = await take(keeper, ['living']);
    const until = await leaseOf('living');
    const crashed = createAsker();
    const request = { keys: ['crashed'], owner: 'crashed', leaseSeconds: 0.6, patienceSeconds: 1 };
    const lost = await takeLocks(store, { ...request, asker: crashed });
    const taken = await take(keeper, ['crashed'], 'heir');
    expect(taken.fences.get('crashed')).toBeGreaterThan(lost?.fences.get('crashed') ?? Infinity);
    await releaseLocks(store, { ...request, asker: crashed });
    await expect.poll(() => leaseOf('living')).toBeGreaterThan(until);
    await store.tables.transaction().execute(async (tx) => {
      expect(await taken.confirm(tx)).toBe(true);
      expect(await living.confirm(tx)).toBe(true);
    });
    expect(living.signal.aborted).toBe(false);
  });

  it('O04 a holder that was taken over is told, and may not write', async () => {
    const keeper = open({ leaseSeconds: 300, renewSeconds: 0.05 });
    const locks = await take(keeper, ['told', 'kept']);
    await store.database.pool.query(
      `update tminus.asset_lock set lease_until = clock_timestamp() - interval '1 second' where key = 'told'`,
    );
    await new Promise((resolve) => locks.signal.addEventListener('abort', resolve, { once: true }));
    expect((locks.signal.reason as Error).message).toBe(
      'locks of run: expected the lease to be held, got that it ran out',
    );
    expect(await store.tables.transaction().execute((tx) => locks.confirm(tx))).toBe(false);
  });

  it('O04 a holder that is cut off from the database stops by itself, long before its lease ends', async () => {
    const { target, through } = behindProxy(database.url);
    const proxy = new SeveringProxy(target);
    const databaseUrl = through(await proxy.listen());
    const cut = await openStore({ dataDirectory: database.dataDirectory, databaseUrl });
    const keeper = createLockKeeper(cut, { lookSeconds: 0.1, silentSeconds: 5 });
    try {
      const locks = await take(keeper, ['cut-off']);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(locks.signal.aborted).toBe(false);
      proxy.shut();
      const shutAt = performance.now();
      await expect.poll(() => locks.signal.aborted, { timeout: 60_000, interval: 20 }).toBe(true);
      expect(performance.now() - shutAt).toBeGreaterThan(3_000);
      expect(String(locks.signal.reason)).toContain('expected an answer of the database, got none');
      expect(await readLocks(store)).toContainEqual(expect.objectContaining({ key: 'cut-off', owner: 'run' }));
      proxy.isShut = false;
    } finally {
      await keeper.close();
      await cut.close();
      await proxy.close();
    }
  });

  it('O04 a holder whose event loop stood still for longer than that goes on (negative control)', async () => {
    const keeper = open({ lookSeconds: 0.05, silentSeconds: 3 });
    let blocked = 0;
    const block = (): void => {
      if ((blocked += 1) <= 2) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
    };
    // Of the same length, so that it comes right behind a look: the question is out, and the next look is due before anybody can read the answer.
    const timer = setInterval(() => setImmediate(block), 50);
    const locks = await take(keeper, ['blocked']);
    await expect.poll(() => blocked, { timeout: 60_000 }).toBeGreaterThan(6);
    clearInterval(timer);
    expect(locks.signal.aborted).toBe(false);
    await locks.release();
  });

  it('O04 who has the answer to a take lost on the way asks again and has it', async () => {
    const request = { asker: createAsker(), keys: ['echo'], owner: 'run', leaseSeconds: 300, patienceSeconds: 1 };
    const first = await takeLocks(store, request);
    const again = await takeLocks(store, request);
    expect(again?.fences.get('echo')).toBeGreaterThan(first?.fences.get('echo') ?? Infinity);
    await releaseLocks(store, request);
  });
});

describe('the checker of histories (negative control)', { timeout: 300_000 }, () => {
  const line = { owner: 'a', key: 'db', fence: 1, from: 0, until: 2 };

  it('O04 names two holders at once and a fence that does not rise, and nothing else', () => {
    expect(findViolations([line, { ...line, owner: 'b', from: 2, until: 3, fence: 2 }])).toEqual([]);
    expect(findViolations([line, { ...line, owner: 'b', from: 1, fence: 2 }])).toEqual(['db: a and b at once']);
    expect(findViolations([line, { ...line, owner: 'b', from: 2, until: 3 }])).toEqual(['db: fence 1 after 1']);
  });

  const faults: [string, string, string][] = [
    ['looks at no holder', 'l.lease_until > clock_timestamp()', 'false'],
    ['locks no row while it looks', `order by l.key collate "C" for update`, `and pg_sleep(0.01) is not null`],
    ['takes an asset whose holder it does not know', 'l.holder <> asked', `l.holder <> asked and l.owner = who`],
    ['does not raise the fence', 'set fence = l.fence + 1', 'set fence = l.fence'],
    ['sets every fence to one', 'set fence = l.fence + 1', 'set fence = 1'],
  ];

  it.each(faults)('O04 R7 a lock that %s is caught', async (_name, text, fault) => {
    const { rows } = await store.database.pool.query<{ sql: string }>(
      `select pg_get_functiondef('tminus.take_asset_locks'::regproc) as sql`,
    );
    const right = rows[0]?.sql ?? '';
    expect(right).toContain(text);
    try {
      await store.database.pool.query(right.replaceAll(text, fault));
      const askers = Array.from({ length: 6 }, () => Array.from({ length: 6 }, () => ['db', 'dns']));
      // A keeper for each asker: those of one keeper wake each other in turn, and would hardly ever look at the same moment.
      const stores = askers.map((_, nr) => (nr % 2 === 0 ? store : other));
      // Two that look at the same moment are chance: one history may be free of it on a machine that is busy.
      let found: string[] = [];
      for (let tries = 0; tries < 30 && found.length === 0; tries += 1)
        found = findViolations(await runAskers(stores, askers));
      expect(found).not.toEqual([]);
    } finally {
      await store.database.pool.query(right);
    }
  });
});
