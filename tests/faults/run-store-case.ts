import { Pool } from 'pg';

import { appendEntries } from '../../src/store/evidence-log.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { evidence } from '../store/sample-entries.ts';
import { startChild } from './child.ts';
import type { FaultDatabase } from './place.ts';
import type { FaultPoint } from './points.ts';
import { createRandom, hashText } from './random-plan.ts';
import type { CaseResult } from './run-case.ts';

/** Lets a process die while it appends evidence, or while it migrates an empty database; the next one has to go on as if nothing had been. */
export async function runStoreCase(
  database: FaultDatabase,
  { name: point, role }: FaultPoint,
  seed: number,
): Promise<CaseResult> {
  const began = performance.now();
  const passage = 1 + Math.floor(createRandom(hashText(point) ^ seed)() * 5);
  const { url, dataDirectory } = database;
  const child = startChild({ url, dataDirectory, role, die: { point, passage } });
  const acknowledged: string[] = [];
  child.onMessage((message) => message.say === 'appended' && acknowledged.push(message.id));
  child.onMessage((message) => message.say === 'done' && child.signal('SIGTERM'));
  const killed = (await child.exited) === 'SIGKILL';
  const violations = role === 'migrator' ? await migrateAgain(url) : await appendAgain(database, acknowledged);
  await database.drop();
  return { point, role, seed, killed, violations, slow: [], ms: performance.now() - began };
}

async function migrateAgain(url: string): Promise<string[]> {
  const pool = new Pool({ connectionString: url, max: 2 });
  await migrate(pool);
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from tminus.schema_migration');
  await pool.end();
  const wanted = readMigrations().length;
  return rows[0]?.count === wanted ? [] : [`I1 the schema is whole: ${rows[0]?.count} of ${wanted}`];
}

async function appendAgain({ url, dataDirectory }: FaultDatabase, acknowledged: readonly string[]): Promise<string[]> {
  const store = await openStore({ databaseUrl: url, dataDirectory });
  const all = [0, 1, 2, 3, 4].map((nr) => evidence('test', nr));
  const places = await appendEntries(store, 'test', all);
  const verified = await verifyStoredLog(store, 'test');
  await store.close();
  const ids = new Set(places.map(({ id }) => id));
  return [
    ...acknowledged.filter((id) => !ids.has(id)).map((id) => `I1 what was acknowledged is in the log: ${id}`),
    ...(ids.size === 5 && new Set(places.map(({ index }) => index)).size === 5 ? [] : ['I2 every entry once']),
    ...(verified.state === 'whole' ? [] : [`I4 the log verifies: ${JSON.stringify(verified)}`]),
  ];
}
