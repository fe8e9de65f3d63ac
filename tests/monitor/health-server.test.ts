import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTminus } from '../e2e/start-tminus.ts';
import { behindProxy } from '../runs/wire-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { SeveringProxy } from './severing-proxy.ts';

/** The lock under which delivery is opened: whoever holds it keeps every worker from becoming ready. */
const deliveryLock = '8390876194216';

const document = `---
tminus: launch
id: small
title: Small
environment: staging
candidate: { commit: "0123456789abcdef0123456789abcdef01234567" }
environments:
  staging: { url: "http://127.0.0.1:19", production: false }
people:
  alice: { name: Alice }
roles:
  lead: [alice]
---

# Small
`;

describe('the health of a worker, as whoever keeps it running asks for it', () => {
  let database: TestDatabase;
  let proxy: SeveringProxy;
  let through: string;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const behind = behindProxy(database.url);
    proxy = new SeveringProxy(behind.target);
    through = behind.through(await proxy.listen());
    folder = mkdtempSync(join(tmpdir(), 'tminus-health-'));
    mkdirSync(join(folder, '.data'));
    writeFileSync(join(folder, 'launch.md'), document);
  });

  afterAll(async () => {
    await proxy.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('C27 F11 lives before it is ready, is ready once its stores are open, and not while the database is cut off', async () => {
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('select pg_advisory_lock($1)', [deliveryLock]);
    const args = ['worker', '--health', '127.0.0.1:0', '--data', join(folder, '.data'), '--grace', '1'];
    const worker = startTminus(folder, args, { env: { DATABASE_URL: through }, limitMs: 280_000 });
    const port = await portOf(() => worker.stderrSoFar());
    expect(await ask(port, 'livez')).toMatchObject({ status: 200 });
    expect(await ask(port, 'readyz')).toEqual({
      status: 503,
      body: { ready: false, reason: 'the store is being opened' },
    });
    expect(await ask(port, 'metrics')).toMatchObject({ status: 404 });
    await holder.query('select pg_advisory_unlock($1)', [deliveryLock]);
    await holder.end();
    await becomes(port, 200);
    proxy.shut();
    await becomes(port, 503);
    expect(await ask(port, 'livez')).toMatchObject({ status: 200 });
    proxy.isShut = false;
    await becomes(port, 200);
    worker.process.kill('SIGTERM');
    expect((await worker.ended).exit).toBe(0);
  }, 300_000);

  it('an address that is none, or is taken, is refused before anything is opened', async () => {
    const { exit, stderr } = await startTminus(folder, ['worker', '--health', 'nowhere'], {}).ended;
    expect([exit, stderr]).toEqual([2, expect.stringContaining('--health: expected HOST:PORT, got nowhere') as string]);
  }, 180_000);
});

async function portOf(printed: () => string): Promise<number> {
  for (const giveUp = performance.now() + 90_000; performance.now() < giveUp; await pause(20)) {
    const port = /health on port (\d+)/u.exec(printed())?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`expected a port, got ${printed()}`);
}

async function ask(port: number, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${port}/${path}`);
  return { status: response.status, body: await response.json() };
}

async function becomes(port: number, status: number): Promise<void> {
  let last: unknown = null;
  for (const giveUp = performance.now() + 90_000; performance.now() < giveUp; await pause(100)) {
    const seen = await ask(port, 'readyz');
    if (seen.status === status) return;
    last = seen.body;
  }
  throw new Error(`readyz: expected ${status}, got ${JSON.stringify(last)}`);
}
