import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { startPostgres } from '../servers/start-postgres.ts';
import { makeFolder, removeFolder } from '../store/temporary-folder.ts';
import { startHeldTarget } from './held-target.ts';
import type { HeldTarget } from './held-target.ts';
import { launchDocument } from './hostile-documents.ts';
import { readError, startTminus } from './start-tminus.ts';

const server = await startPostgres({ durable: true });
const missing = server.state === 'missing';
const why = missing ? ` (skipped: ${server.reason})` : '';
const { port, password } = server.state === 'missing' ? { port: 0, password: '' } : server;

let folder: string;
let target: HeldTarget;
let database = '';
let nr = 0;

const urlOf = (name: string, secret = password) => `postgres://postgres:${secret}@127.0.0.1:${port}/${name}`;
const start = (args: readonly string[], url = urlOf(database)) =>
  startTminus(folder, args, { env: { DATABASE_URL: url }, limitMs: 150_000 });

async function query(sql: string, name = 'postgres'): Promise<void> {
  const client = new Client({ connectionString: urlOf(name) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function checks(count: number): string {
  const one = (id: number) => `
- [ ] check ${id} {#check-${id}}

  \`\`\`http timeout=1m
  GET http://127.0.0.1:${target.port}/${id}

  expect status == 200
  \`\`\`
`;
  return Array.from({ length: count }, (_, id) => one(id)).join('');
}

beforeAll(async () => {
  folder = makeFolder();
  target = await startHeldTarget();
  const text = launchDocument({ text: checks(6) });
  writeFileSync(
    join(folder, 'launch.md'),
    text.replace('example" }', `example", allow: ["127.0.0.1:${target.port}"] }`),
  );
});
afterAll(async () => {
  if (server.state === 'started') await server.stop();
  await target.stop();
  removeFolder(folder);
});
beforeEach(async () => {
  if (missing) return;
  database = `store_${(nr += 1)}`;
  await query(`create database ${database}`);
  rmSync(join(folder, '.tminus'), { recursive: true, force: true });
});

describe.skipIf(missing)(`a database at DATABASE_URL${why}`, () => {
  it('F19 F21 may die between seal and append: a clear error, and the next run lands each entry once', async () => {
    target.hold();
    const run = start(['check']);
    await target.asked(4);
    if (server.state === 'started') await server.crash();
    target.release();
    const ended = await run.ended;
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toMatch(/error .*(?:database|log of shop).* got "/u);
    expect(ended.stderr).toContain('\nhint  ');
    expect(ended.stderr).not.toMatch(/ {4}at |test-password/u);
    if (server.state === 'started') await server.restart();
    expect((await start(['check']).ended).exit).toBe(0);
    const list = JSON.parse((await start(['evidence', 'list', '--json']).ended).stdout) as {
      entry: { criterion: string };
    }[];
    expect(list.map(({ entry }) => entry.criterion).toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((id) => `check-${id}`));
    const store = await openStore({ dataDirectory: join(folder, '.tminus'), databaseUrl: urlOf(database) });
    const verified = await verifyStoredLog(store, 'shop');
    await store.close();
    expect(verified).toMatchObject({ state: 'whole', size: 6 });
  }, 180_000);

  it.each([
    ['of a host that nobody knows', () => `postgres://postgres:${password}@host.invalid/x`, 'host.invalid'],
    [
      'behind a port where nothing listens',
      // The first port is nobody's: one that was free a moment ago may be taken by whatever is tested beside this.
      () => `postgres://u:${password}@127.0.0.1:1/x`,
      'ECONNREFUSED',
    ],
    ['with a wrong password', () => urlOf(database, 'wrong-password'), 'password authentication failed'],
    ['that is not there', () => urlOf('nowhere'), 'does not exist'],
    ['in another form', () => `mysql://u:${password}@127.0.0.1/x`, 'a text of another form'],
    ['that is no URL', () => `u ${password}`, 'a text of another form'],
  ])('%s is a clear error that keeps the password', async (_, toUrl, got) => {
    const url = toUrl();
    const [plain, json] = await Promise.all([start(['decide'], url).ended, start(['decide', '--json'], url).ended]);
    for (const { exit, stdout, stderr } of [plain, json]) {
      expect([exit, stdout]).toEqual([1, '']);
      expect(stderr).toContain(got);
      expect(stderr).not.toMatch(/test-password|wrong-password/u);
    }
    const error = readError(json);
    expect(error).toMatchObject({ code: 'store_unavailable', hint: expect.stringContaining('DATABASE_URL') as string });
  });

  it('that acknowledges before the disk does is refused, and nothing is written to it', async () => {
    await query(`alter database ${database} set synchronous_commit = off`);
    const error = readError(await start(['check', '--json']).ended);
    expect(error).toMatchObject({ code: 'store_unavailable' });
    expect(error.message).toContain('expected fsync and synchronous_commit on, got on and off');
    await expect(query('select from tminus.log_entry', database)).rejects.toThrow('does not exist');
  });

  it('with a newer schema than this version knows is refused and left as it is', async () => {
    expect((await start(['evidence', 'list']).ended).exit).toBe(0);
    const future = "(999, 'of_a_later_version', decode(repeat('00', 32), 'hex'))";
    await query(`insert into tminus.schema_migration (number, name, sha256) values ${future}`, database);
    const error = readError(await start(['evidence', 'list', '--json']).ended);
    expect(error.code).toBe('store_version');
    expect(error.message).toContain('got 999 (of_a_later_version)');
    expect(error.hint).toMatch(/^[a-z].{5,}/u);
  });

  it('leaves nothing of a cluster in the data directory: keys only', async () => {
    expect((await start(['evidence', 'list']).ended).exit).toBe(0);
    expect(readdirSync(join(folder, '.tminus')).filter((name) => name.startsWith('postgres'))).toEqual([]);
  });
});
