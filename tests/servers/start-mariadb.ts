import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import mysql from 'mysql2/promise';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerMissing, TestDatabase } from './start-postgres.ts';

const password = 'test-password-mariadb';

/** A MariaDB of its own on a loopback port, installed from Debian where it is missing and can be. */
export async function startMariaDb(): Promise<TestDatabase | ServerMissing> {
  // The core packages hold the server without a service: nothing of it is started by the installation.
  const packages = ['mariadb-server-core', 'mariadb-client-core'];
  const installed = await installDebianPackages({
    packages,
    programs: ['mariadbd', 'mariadb-install-db', 'my_print_defaults'],
  });
  if (installed.state === 'missing') return installed;
  const [daemon = '', initializer = ''] = installed.binaries;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-mariadb-'));
  const data = join(folder, 'data');
  initialize(initializer, data);
  const port = await findFreePort();
  const server = await startServerProcess({
    binary: daemon,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--character-set-server=utf8mb4',
      ...asUser(),
    ],
    isReady: () => setPassword(port),
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { state: 'started', host: '127.0.0.1', port, user: 'root', password, database: 'shop', stop };
}

/** mariadbd refuses root unless it is told so. */
function asUser(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

function initialize(binary: string, data: string): void {
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asUser(),
  ];
  const run = spawnSync(binary, args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`mariadb-install-db ended with ${run.status}: ${run.stdout}${run.stderr}`);
}

async function setPassword(port: number): Promise<boolean> {
  const connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
  try {
    await connection.query('create database if not exists shop');
    await connection.query(`alter user root@localhost identified by '${password}'`);
    return true;
  } finally {
    await connection.end();
  }
}
