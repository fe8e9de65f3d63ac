import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readEntries } from '../../src/store/evidence-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { tryKernelLock } from '../../src/store/postgres/kernel-lock.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { findPostmasters, findServers, makeFolder, removeFolder } from './temporary-folder.ts';

/** A process that uses the store; see store-actor.ts. */
interface Actor extends Child {
  tell(word: string, number?: number): Promise<unknown>;
  wrote(): Written[];
}
interface Written {
  number: number;
  index: number;
  id: string;
}
interface Opened {
  pid: number;
  adopted: boolean;
  ms: number;
}

let seed: string;
let folder: string;
let data: string;
let actors: Actor[];

function start(name: string): Actor {
  const child = startChild('store-actor.ts', [data, name]);
  const written: Written[] = [];
  child.onLine((line) => {
    if (line.startsWith('wrote ')) written.push(JSON.parse(line.slice(6)) as Written);
  });
  const actor: Actor = {
    ...child,
    wrote: () => [...written],
    async tell(word, number = 0) {
      child.process.stdin?.write(`${word} ${number}\n`);
      const failed = child.said('failed').then((text) => Promise.reject(new Error(text)));
      return JSON.parse(await Promise.race([child.said(`${word}-${number}`), failed])) as unknown;
    },
  };
  actors.push(actor);
  return actor;
}

async function startOpen(name: string): Promise<[Actor, Opened]> {
  const actor = start(name);
  return [actor, (await actor.tell('open')) as Opened];
}

const servers = () => findPostmasters(folder);
const kill = async (actor: Actor) => {
  actor.process.kill('SIGKILL');
  await actor.ended;
};
const lockIsFree = (name: string) => {
  const lock = tryKernelLock(join(data, name), 'whole');
  lock?.release();
  return lock !== null;
};
/** Waits until an actor has had `count` more writes acknowledged. */
const wroteMore = async (actor: Actor, count: number) => {
  const before = actor.wrote().length;
  await expect
    .poll(() => actor.wrote().length - before, { timeout: 60_000, interval: 10 })
    .toBeGreaterThanOrEqual(count);
};

/** Every write that was acknowledged stands where it was said to stand, in a log that is whole. */
async function expectKept(store: Store, written: readonly Written[]): Promise<void> {
  expect(written.length).toBeGreaterThan(0);
  expect(new Set(written.map(({ index }) => index)).size).toBe(written.length);
  const { state, size } = (await verifyStoredLog(store, 'shared')) as { state: string; size: number };
  expect(state).toBe('whole');
  const entries = await readEntries(store, 'shared', { from: 0, to: size });
  expect(written.filter(({ index, id }) => entries[index]?.id !== id)).toEqual([]);
}

async function withStore<Value>(work: (store: Store) => Promise<Value>): Promise<Value> {
  const store = await openStore({ dataDirectory: data, command: 'vitest' });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  seed = makeFolder();
  const store = await openStore({ dataDirectory: join(seed, 'data'), command: 'vitest' });
  await store.close();
});
afterAll(() => removeFolder(seed));
beforeEach(() => {
  folder = makeFolder();
  data = join(folder, 'data');
  actors = [];
  execFileSync('cp', ['-a', join(seed, 'data'), data]);
});
afterEach(async () => {
  for (const actor of actors) {
    actor.process.kill('SIGCONT');
    await kill(actor);
  }
  const left = findServers(folder);
  for (const pid of left) process.kill(pid, 'SIGQUIT');
  removeFolder(folder);
  if (left.length > 0) throw new Error(`servers left behind: expected none, got ${left.join(', ')}`);
});

describe('several processes on one data directory', { timeout: 300_000 }, () => {
  it('F15 write to one log at once, by one server; the last one out stops it', async () => {
    const [[first, one], [second, two]] = [await startOpen('first'), await startOpen('second')];
    expect([one.adopted, two]).toEqual([false, expect.objectContaining({ adopted: true, pid: one.pid })]);
    await Promise.all([first.tell('write'), second.tell('write')]);
    await Promise.all([wroteMore(first, 20), wroteMore(second, 20)]);
    expect(servers()).toEqual([one.pid]);
    await first.tell('close');
    expect(servers()).toEqual([one.pid]);
    await wroteMore(second, 5);
    await withStore((store) => expectKept(store, [...first.wrote(), ...second.wrote()]));
    await second.tell('close');
    expect(servers()).toEqual([]);
    expect(['store.lock', 'store.exit.lock'].map(lockIsFree)).toEqual([true, true]);
  });

  it('F3 F15 F19 the starter is killed while another writes: it writes on, and brings the server back when that is killed, too', async () => {
    const [first, { pid }] = await startOpen('first');
    const [second] = await startOpen('second');
    const [third] = await startOpen('third');
    await Promise.all([first.tell('write'), second.tell('write')]);
    await Promise.all([wroteMore(first, 10), wroteMore(second, 10)]);
    await kill(first);
    await wroteMore(second, 20);
    expect(servers()).toEqual([pid]);
    process.kill(pid, 'SIGKILL');
    await wroteMore(second, 20);
    expect(servers()).toHaveLength(1);
    expect(servers()).not.toContain(pid);
    await third.tell('write');
    await wroteMore(third, 5);
    await Promise.all([second.tell('close'), third.tell('close')]);
    expect(servers()).toEqual([]);
    await withStore((store) =>
      expectKept(
        store,
        actors.flatMap((actor) => actor.wrote()),
      ),
    );
  });

  it('F19 a starter that is frozen keeps nobody from bringing the server back, and goes on with that one', async () => {
    const [first, { pid }] = await startOpen('first');
    const [second] = await startOpen('second');
    first.process.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await second.tell('write');
    await wroteMore(second, 5);
    const [server] = servers();
    first.process.kill('SIGCONT');
    await first.tell('write');
    await wroteMore(first, 5);
    expect(servers()).toEqual([server]);
    await Promise.all([first.tell('close'), second.tell('close')]);
    expect(servers()).toEqual([]);
  });

  it('F3 a process that leaves without closing takes the server along only as the last one', async () => {
    const [first, { pid }] = await startOpen('first');
    const [second] = await startOpen('second');
    first.process.stdin?.write('leave\n');
    expect(await first.ended).toBe(0);
    expect(servers()).toEqual([pid]);
    await second.tell('write');
    await wroteMore(second, 5);
    second.process.stdin?.write('leave\n');
    expect(await second.ended).toBe(0);
    // A process that ends waits for its server for a while only.
    await expect.poll(servers, { timeout: 60_000 }).toEqual([]);
  });

  it('F2 make their first start at once: one cluster, one server, one database', async () => {
    execFileSync('rm', ['-rf', data]);
    const names = ['first', 'second', 'third', 'fourth'];
    const opened = await Promise.all(names.map((name) => startOpen(name)));
    expect(new Set(opened.map(([, { pid }]) => pid)).size).toBe(1);
    expect(opened.filter(([, { adopted }]) => !adopted)).toHaveLength(1);
    await Promise.all(actors.map((actor) => actor.tell('write')));
    await Promise.all(actors.map((actor) => wroteMore(actor, 3)));
    await Promise.all(actors.map((actor) => actor.tell('close')));
    expect(servers()).toEqual([]);
    await withStore((store) =>
      expectKept(
        store,
        actors.flatMap((actor) => actor.wrote()),
      ),
    );
  });

  it('share the short folder of a socket, which a restart keeps and only the last one removes', async () => {
    const long = join(folder, 'd'.repeat(120));
    execFileSync('mv', [data, long]);
    data = long;
    const [first, { pid }] = await startOpen('first');
    const [second] = await startOpen('second');
    const store = await openStore({ dataDirectory: data, command: 'vitest' });
    const socket = () => store.database.server?.supervisor.current().postmaster.socketDirectory ?? '';
    const before = socket();
    process.kill(pid, 'SIGKILL');
    await Promise.all([first.tell('write'), second.tell('write')]);
    await Promise.all([wroteMore(first, 3), wroteMore(second, 3)]);
    await store.database.ready();
    expect(socket()).toBe(before);
    await store.close();
    await first.tell('close');
    await wroteMore(second, 3);
    expect(existsSync(before)).toBe(true);
    await second.tell('close');
    expect(existsSync(before)).toBe(false);
  });

  it('F15 joining a running server is quick', async () => {
    await startOpen('first');
    const taken: number[] = [];
    // The quickest of several tells what joining costs; how many it takes until one is not held up is a matter of the machine.
    for (const giveUp = performance.now() + 60_000; performance.now() < giveUp;) {
      const before = performance.now();
      const store = await openStore({ dataDirectory: data, command: 'vitest' });
      taken.push(performance.now() - before);
      await store.close();
      if (taken.length >= 5 && Math.min(...taken) < 150) break;
    }
    expect(Math.min(...taken)).toBeLessThan(150);
    await actors[0]?.tell('close');
  });
});

describe('a data directory that cannot be shared', { timeout: 300_000 }, () => {
  it('F15 is store_in_use while an older version has it whole, with pid and command; that one is kept out in turn', async () => {
    const older = tryKernelLock(join(data, 'store.lock'), 'whole');
    const holder = { pid: 4711, command: 'tminus decide', startedAt: '2026-11-01T00:00:00.000Z' };
    writeFileSync(join(data, 'store.holder.json'), JSON.stringify(holder));
    await expect(openStore({ dataDirectory: data, waitMs: 60 })).rejects.toMatchObject({
      code: 'store_in_use',
      message: expect.stringContaining('process 4711 ("tminus decide"') as string,
    });
    older?.release();
    await withStore(async () => {
      expect(await Promise.resolve(lockIsFree('store.lock'))).toBe(false);
    });
    expect(lockIsFree('store.lock')).toBe(true);
  });

  it('F15 is store_in_use while another makes the server for longer than we wait', async () => {
    const maker = tryKernelLock(join(data, 'store.lock'), 'single');
    await expect(openStore({ dataDirectory: data, waitMs: 60 })).rejects.toMatchObject({ code: 'store_in_use' });
    maker?.release();
    expect(servers()).toEqual([]);
    await withStore((store) => store.database.ready());
  });
});

describe('leaving', { timeout: 300_000 }, () => {
  it('F15 goes one by one: two that leave at once cannot each take the other for one who stays', async () => {
    const [first] = await startOpen('first');
    const another = tryKernelLock(join(data, 'store.exit.lock'), 'whole');
    let closed = false;
    const closing = first.tell('close').then(() => (closed = true));
    await pause(400);
    expect([closed, servers().length]).toEqual([false, 1]);
    another?.release();
    await closing;
    expect(servers()).toEqual([]);
  });

  it('F15 keeps the door shut until the server is gone: who comes meanwhile is not let in to a server that stops', async () => {
    const [first, { pid }] = await startOpen('first');
    process.kill(pid, 'SIGSTOP');
    const closing = first.tell('close');
    await expect.poll(() => lockIsFree('store.exit.lock'), { timeout: 60_000 }).toBe(false);
    await pause(200);
    const refused = openStore({ dataDirectory: data, command: 'vitest', waitMs: 100 });
    await expect(refused).rejects.toMatchObject({ code: 'store_in_use', message: /\("first"/ });
    process.kill(pid, 'SIGCONT');
    await closing;
    expect(await withStore(async (store) => Promise.resolve(store.database.server?.supervisor.current().adopted))).toBe(
      false,
    );
  });

  it('F3 an opener that fails stops the server when nobody else is there', async () => {
    const [first, { pid }] = await startOpen('first');
    await kill(first);
    expect(servers()).toEqual([pid]);
    rmSync(join(data, 'keys', 'database.password'));
    await expect(openStore({ dataDirectory: data, command: 'vitest' })).rejects.toMatchObject({
      code: 'store_damaged',
    });
    expect(servers()).toEqual([]);
  });
});

describe('coming and going', () => {
  it('F15 ten processes open and close at random: each gets in, and at the end no server and no lock is left', async () => {
    const rounds = fc.sample(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 8, maxLength: 8 }), {
      numRuns: 10,
      seed: 20261121,
    });
    await Promise.all(
      rounds.map(async (pauses, at) => {
        const actor = start(`actor ${at}`);
        for (const [round, ms] of pauses.entries()) {
          await pause(ms);
          await actor.tell('open', round);
          if (round % 2 === 0) await actor.tell('write', round);
          await pause(ms / 2);
          await actor.tell('close', round);
        }
      }),
    );
    expect(servers()).toEqual([]);
    expect(['store.lock', 'store.exit.lock'].map(lockIsFree)).toEqual([true, true]);
    await withStore((store) =>
      expectKept(
        store,
        actors.flatMap((actor) => actor.wrote()),
      ),
    );
  }, 400_000);

  it('F15 who joins while the last one leaves never loses the server', async () => {
    const delays = fc.sample(fc.integer({ min: -5, max: 15 }), { numRuns: 30, seed: 20261121 });
    const actor = start('leaver');
    for (const [round, delay] of delays.entries()) {
      await actor.tell('open', round);
      const closed = pause(Math.max(0, -delay)).then(() => actor.tell('close', round));
      await pause(Math.max(0, delay));
      const store = await openStore({ dataDirectory: data, command: 'vitest' });
      const server = store.database.server?.supervisor.current();
      await closed;
      const { rows } = await store.database.pool.query(`select pg_postmaster_start_time() < clock_timestamp() as up`);
      expect(rows).toEqual([{ up: true }]);
      expect(servers()).toEqual([server?.postmaster.pid]);
      await store.close();
      expect(servers()).toEqual([]);
    }
  }, 400_000);
});
