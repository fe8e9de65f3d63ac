import { afterEach, beforeEach, expect, it } from 'vitest';

import type { Delivery } from '../../src/engine/delivery.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { startChild } from '../store/child.ts';
import type { Child } from '../store/child.ts';
import { makeFolder, removeFolder } from '../store/temporary-folder.ts';
import { createDeliveries, job } from './start-delivery.ts';

const deliveries = createDeliveries();
const children: Child[] = [];
let folder = '';
let store: Store | null = null;

beforeEach(() => {
  folder = makeFolder();
});

afterEach(async () => {
  await deliveries.stopAll();
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL');
    await child.ended;
  }
  await store?.close();
  removeFolder(folder);
});

async function startWorker(url: string, directory: string): Promise<void> {
  const child = startChild('../delivery/worker.ts', [url, directory, 'jobs', '2']);
  children.push(child);
  await child.said('ready');
}

/** Resolves when so many rows are there; questions that the database does not answer are asked again. */
async function waitFor(open: Store, query: string, count: number): Promise<void> {
  for (;;) {
    const found = await open.database.pool.query<{ count: number }>(query).catch(() => null);
    if ((found?.rows[0]?.count ?? -1) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it(
  'F18 F19 R5 Postgres restarted, and killed: every chain goes on by itself, each job is done once, none is dead',
  { timeout: 400_000 },
  async () => {
    const open = await openStore({ dataDirectory: `${folder}/data`, command: 'vitest' });
    store = open;
    await open.database.pool.query('create table effect (job uuid, token bigint, worker int)');
    const delivery: Delivery = await deliveries.open(open);
    await startWorker(open.database.url, folder);
    await startWorker(open.database.url, folder);
    await delivery.send(Array.from({ length: 6 }, (_, nr) => job(`run-${nr}`, { data: { more: 99 } })));
    // SIGINT is Postgres' fast shutdown, SIGKILL leaves the recovery to the next start; the supervisor starts it again after both.
    for (const [signal, effects] of [
      ['SIGINT', 60],
      ['SIGKILL', 240],
    ] as const) {
      await waitFor(open, 'select count(*)::int from effect', effects);
      const pid = open.database.server?.supervisor.current().postmaster.pid;
      process.kill(pid ?? NaN, signal);
    }
    await waitFor(open, 'select count(*)::int from effect', 600);
    await waitFor(open, `select count(*)::int from tminus_delivery.job where state = 'completed'`, 600);
    const { rows } = await open.database.pool.query(
      'select count(distinct job)::int as jobs, count(*)::int as effects from effect',
    );
    expect(rows).toEqual([{ jobs: 600, effects: 600 }]);
    expect(await delivery.deadLetters.list('step')).toEqual([]);
  },
);
