import { guardSubmission } from '../src/store/idempotency.ts';
import type { Store } from '../src/store/open-store.ts';
import { createLockKeeper } from '../src/engine/delivery/keep-locks.ts';
import { findViolations } from '../tests/delivery/lock-history.ts';
import type { Held } from '../tests/delivery/lock-history.ts';

/** Submissions per second by 64 callers, every second one a repetition of the one before. */
export async function measureSubmissions(store: Store, count: number): Promise<number> {
  let next = 0;
  const tenant = `tenant-${performance.now()}`;
  const before = performance.now();
  await runSideBySide(64, async () => {
    for (let nr = next++; nr < count; nr = next++) {
      const plan = { launch: 'bench', nr: nr - (nr % 2), steps: [{ id: 'freeze' }, { id: 'copy' }] };
      await guardSubmission(store, { tenant, plan, key: null, run: `run-${nr}` });
    }
  });
  const seconds = (performance.now() - before) / 1000;
  const { rows } = await store.database.pool.query<{ count: number }>(
    'select count(*)::int from tminus.submission where tenant = $1',
    [tenant],
  );
  if (rows[0]?.count !== count / 2) throw new Error(`submissions: expected ${count / 2} runs, got ${rows[0]?.count}`);
  return count / seconds;
}

/** Takes and releases per second by 8 askers of one process over 17 assets, as runs do it, with what the checker of histories found. */
export async function measureLocks(store: Store, count: number): Promise<{ perSecond: number; violations: number }> {
  let next = 0;
  const history: Held[] = [];
  const keeper = createLockKeeper(store);
  const before = performance.now();
  await runSideBySide(8, async (place) => {
    for (let nr = next++; nr < count; nr = next++) {
      // Each asker mostly has assets of its own, as runs do; every eighth take is of one that all want.
      const key = nr % 8 === 0 ? 'shared' : `asset-${place}-${nr % 2}`;
      const locks = await keeper.take({ keys: [key], owner: `asker-${place}`, waitSeconds: 60 });
      if (locks === null) throw new Error(`asset ${key}: expected it within 60 s, got none`);
      const from = performance.now();
      history.push({ owner: locks.owner, key, fence: locks.fences.get(key) ?? 0, from, until: performance.now() });
      await locks.release();
    }
  });
  const perSecond = (count / (performance.now() - before)) * 1000;
  await keeper.close();
  return { perSecond, violations: findViolations(history).length };
}

/** The limit of the same minute: two updates of one row each, committed one after the other, by as many clients. */
export async function measureCommitPairs(store: Store, count: number): Promise<number> {
  await store.database.pool.query('create table if not exists pair (place int primary key, nr int)');
  await store.database.pool.query(
    'insert into pair select place, 0 from generate_series(0, 7) as place on conflict do nothing',
  );
  let next = 0;
  const before = performance.now();
  await runSideBySide(8, async (place) => {
    for (let nr = next++; nr < count; nr = next++) {
      await store.database.pool.query('update pair set nr = nr + 1 where place = $1', [place]);
      await store.database.pool.query('update pair set nr = nr + 1 where place = $1', [place]);
    }
  });
  return (count / (performance.now() - before)) * 1000;
}

/** Lets 100 askers want one asset at the same time, and returns how long each waited, in the order of being served. */
export async function measureFairness(store: Store): Promise<{ waitsMs: number[]; outOfOrder: number }> {
  const keeper = createLockKeeper(store, { retrySeconds: 0.2 });
  const first = await keeper.take({ keys: ['fair'], owner: 'first', waitSeconds: 0 });
  const before = performance.now();
  const served: { place: number; wait: number }[] = [];
  const waiting = Array.from({ length: 100 }, async (_, place) => {
    const locks = await keeper.take({ keys: ['fair'], owner: `asker-${place}`, waitSeconds: 60 });
    served.push({ place, wait: performance.now() - before });
    await locks?.release();
  });
  for (;;) {
    const { rows } = await store.database.pool.query<{ count: number }>(
      `select count(*)::int from tminus.asset_lock_wait where key = 'fair'`,
    );
    if (rows[0]?.count === 100) break;
  }
  const { rows } = await store.database.pool.query<{ owner: string }>(
    `select owner from tminus.asset_lock_wait where key = 'fair' order by place`,
  );
  await first?.release();
  await Promise.all(waiting);
  await keeper.close();
  const outOfOrder = served.filter(({ place }, turn) => rows[turn]?.owner !== `asker-${place}`).length;
  return { waitsMs: served.map(({ wait }) => wait), outOfOrder };
}

async function runSideBySide(count: number, work: (place: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, place) => work(place)));
}
