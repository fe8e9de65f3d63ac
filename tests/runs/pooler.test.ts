import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import { launchDocument } from '../e2e/hostile-documents.ts';
import { startTminus } from '../e2e/start-tminus.ts';
import { installDebianPackages } from '../servers/install-debian-packages.ts';
import { findAccount, startPostgres } from '../servers/start-postgres.ts';
import { findFreePort, startServerProcess } from '../servers/server-process.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { makeFolder, removeFolder } from '../store/temporary-folder.ts';

const program = await installDebianPackages({ packages: ['pgbouncer'], programs: ['pgbouncer'] });
const server = program.state === 'installed' ? await startPostgres({ durable: true }) : program;
const why = server.state === 'missing' ? ` (skipped: ${server.reason})` : '';

describe.skipIf(server.state === 'missing')(`a pooler before the database${why}`, () => {
  const folder = makeFolder();
  const poolers: ServerProcess[] = [];

  afterAll(async () => {
    for (const pooler of poolers) await pooler.stop();
    if (server.state !== 'missing') await server.stop();
    removeFolder(folder);
  });

  it.each([
    ['transaction', ''],
    ['transaction', 'server_round_robin = 1'],
    ['statement', ''],
  ])('F35 in %s mode %s it is refused at the start, and the error says what to do', async (mode, more) => {
    const url = await startPooler(mode, more);
    await expect(openStore({ dataDirectory: join(folder, 'data'), databaseUrl: url })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: /got a pooler that shares them between transactions/,
    });
  });

  it('F35 a process of the command line behind it ends with that error, and has written nothing', async () => {
    const url = await startPooler('transaction', '');
    writeFileSync(join(folder, 'launch.md'), launchDocument({ text: '' }));
    const { ended } = startTminus(folder, ['evidence', 'list'], { env: { DATABASE_URL: url } });
    const { exit, stderr } = await ended;
    expect(exit).toBe(1);
    expect(stderr).toMatch(/a pool in session mode/);
    expect(await ask(url, `select from pg_namespace where nspname = 'tminus'`)).toHaveLength(0);
  });

  it('F35 in session mode the store opens, as it does without one', async () => {
    const url = await startPooler('session', '');
    const store = await openStore({ dataDirectory: join(folder, 'data'), databaseUrl: url });
    await store.close();
    expect(await ask(url, `select from pg_namespace where nspname = 'tminus'`)).toHaveLength(1);
  });

  async function startPooler(mode: string, more: string): Promise<string> {
    if (program.state === 'missing' || server.state === 'missing') throw new Error('expected a skipped test');
    const port = await findFreePort();
    const ini = join(folder, `${port}.ini`);
    const users = join(folder, `${port}.txt`);
    const account = findAccount();
    writeFileSync(users, `"${server.user}" "${server.password}"\n`);
    writeFileSync(
      ini,
      `[databases]\n* = host=${server.host} port=${server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${users}\npool_mode = ${mode}\n${more}\n`,
    );
    for (const file of [ini, users]) if (account) chownSync(file, account.uid, account.gid);
    const url = `postgres://${server.user}:${server.password}@127.0.0.1:${port}/${server.database}`;
    const isReady = async (): Promise<boolean> => (await ask(url, 'select 1')).length === 1;
    poolers.push(
      await startServerProcess({
        binary: program.binaries[0]!,
        args: [ini],
        cwd: '/',
        stopSignal: 'SIGINT',
        ...account,
        isReady,
      }),
    );
    return url;
  }
});

async function ask(url: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}
