import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { runAs } from './account.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { ClusterPlace } from './cluster-place.ts';
import { toStartError } from './start-error.ts';

/** Role, and database, of the store. */
export const storeName = 'tminus';

export interface ClusterRequest {
  place: ClusterPlace;
  binaries: Binaries;
  account: Account | null;
  password: string;
}

/** Returns the major version of the cluster in a place, or null where there is none; `store_damaged` for files that are not a cluster. */
export function readClusterMajor(place: ClusterPlace): number | null {
  if (!existsSync(place.data)) return null;
  const file = join(place.data, 'PG_VERSION');
  const major = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
  if (Number.isInteger(major)) return major;
  throw new ProductError(
    'store_damaged',
    `${file}: expected the major version of Postgres, got ${existsSync(file) ? 'something else' : 'no such file'}`,
    {
      hint: 'restore the data directory from a backup; nothing in it was changed',
    },
  );
}

/**
 * Makes the cluster of a place: checksums on, locale C, UTF-8, password needed even on the socket.
 * Everything happens in a draft that is renamed at the end, so that a killed first start leaves no half cluster; old drafts are removed.
 */
export async function createCluster({ place, binaries, account, password }: ClusterRequest): Promise<void> {
  for (const name of readdirSync(place.home))
    if (name.startsWith('draft-')) rmSync(join(place.home, name), { recursive: true, force: true });
  const draft = mkdtempSync(join(place.home, 'draft-'));
  try {
    const passwordFile = join(draft, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
    await initdb(binaries, account, ['--pgdata', join(draft, 'data'), '--pwfile', passwordFile]);
    renameSync(join(draft, 'data'), place.data);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initdb(binaries: Binaries, account: Account | null, where: string[]): Promise<void> {
  const settings = [
    '--username',
    storeName,
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--data-checksums',
    '--no-instructions',
  ];
  const child = spawn(join(binaries.directory, 'initdb'), [...where, ...settings], {
    ...runAs(account),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => output.push(piece));
  child.stderr.on('data', (piece: Buffer) => output.push(piece));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code === 0) return;
  const place = where[1] ?? '';
  throw tooLittleSpace(place) ?? toStartError('initdb', Buffer.concat(output).toString('utf8'), place);
}

/** What a new cluster takes while it is made, with the first log segment: about 45 MB (Postgres 18). */
const clusterBytes = 48_000_000;

/** A disk that runs full shows in what initdb says only now and then: its own crash can be the last line. */
function tooLittleSpace(place: string): ProductError | null {
  const { bavail, bsize } = statfsSync(dirname(dirname(place)));
  const free = bavail * bsize;
  if (free >= clusterBytes) return null;
  const megabytes = Math.floor(free / 1_000_000);
  return new ProductError(
    'disk_full',
    `initdb in ${place}: expected ${clusterBytes / 1_000_000} MB of free disk space for a new database, got ${megabytes} MB`,
    { hint: 'free some space and start again; nothing was half made' },
  );
}

/** Returns the password of the store's role, made once and kept beside the log key, outside the database. */
export function readOrCreatePassword(dataDirectory: string, hasCluster: boolean): string {
  const keys = join(dataDirectory, 'keys');
  const file = join(keys, 'database.password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (hasCluster) {
    throw new ProductError('store_damaged', `${file}: expected the password of the database, got no such file`, {
      hint: 'restore the keys folder from a backup; the database itself was not touched',
    });
  }
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}
