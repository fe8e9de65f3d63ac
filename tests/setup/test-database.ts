import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { Pool } from 'pg';
import { inject } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { templateName } from './database-server.ts';
import type { ServerAnswer } from './database-server.ts';

/** A database of its own for one test file, with the schema of the store in it. */
export interface TestDatabase {
  url: string;
  /** A folder of its own, for keys; removed with the database. */
  dataDirectory: string;
  /** Opens a store on it; every store is closed by `drop`. */
  open(): Promise<Store>;
  drop(): Promise<void>;
}

/** Without FORCE: connections that are closing are waited for, longer than Postgres does by itself, and a test that left one open fails here. */
async function dropUnused(admin: Pool, name: string): Promise<void> {
  const inUse = '55006';
  for (const giveUp = performance.now() + 60_000; ;) {
    try {
      await admin.query(`drop database ${name}`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== inUse || performance.now() > giveUp) throw error;
    }
  }
}

/** Returns a fresh database, copied from the migrated template on the server of this test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const answer = JSON.parse(await text(connect(inject('databaseServer')))) as ServerAnswer;
  if (answer.url === undefined || answer.directory === undefined)
    throw new Error(`test database: expected a server, got ${answer.error}`);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new Pool({ connectionString: answer.url.replace(`/${templateName}?`, '/postgres?'), max: 1 });
  await admin.query(`create database ${name} template ${templateName} strategy file_copy`);
  const url = answer.url.replace(`/${templateName}?`, `/${name}?`);
  const dataDirectory = join(answer.directory, name);
  mkdirSync(dataDirectory);
  const stores: Store[] = [];
  return {
    url,
    dataDirectory,
    async open() {
      const store = await openStore({ dataDirectory, databaseUrl: url });
      stores.push(store);
      return store;
    },
    async drop() {
      await Promise.all(stores.map((store) => store.close()));
      await dropUnused(admin, name);
      await admin.end();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}
