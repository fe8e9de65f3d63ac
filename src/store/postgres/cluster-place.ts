import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { canEnter } from './account.ts';
import type { Account } from './account.ts';

/** Where one data directory keeps its Postgres. */
export interface ClusterPlace {
  /** Owned by the account, mode 0700; holds nothing but `data` and drafts of it. */
  home: string;
  /** What Postgres calls the data directory. */
  data: string;
}

/** Name of the file in the data directory that says where the cluster lies, where that is not inside it. */
const pointerName = 'postgres-is-at';
/** sun_path holds 104 bytes on macOS and 108 on Linux, with the NUL. */
const longestSocket = 103;
const socketName = '.s.PGSQL.5432';

/**
 * Returns the place of the cluster, made if need be: inside the data directory, or, where the account cannot enter that
 * (root's home is 0700), in a fresh folder under `outside`, with a pointer file in the data directory and one back. A data directory that was removed
 * and made again must not meet the database of the old one, whose keys are gone; that stays where it is, since nobody said that it may go.
 */
export function preparePlace(dataDirectory: string, account: Account | null, outside: string): ClusterPlace {
  const pointer = join(dataDirectory, pointerName);
  if (existsSync(pointer)) return toPlace(readPointer(pointer));
  const inside = join(dataDirectory, 'postgres');
  if (existsSync(join(inside, 'data')) || canEnter(account, dataDirectory)) return makeHome(inside, account);
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
  const place = makeHome(mkdtempSync(join(outside, `${name}-`)), account);
  writeFileSync(join(place.home, 'belongs-to'), `${dataDirectory}\n`, { mode: 0o600 });
  writeFileSync(pointer, `${place.home}\n`, { mode: 0o600 });
  return place;
}

function readPointer(pointer: string): string {
  const home = readFileSync(pointer, 'utf8').trim();
  if (existsSync(home)) return home;
  throw new ProductError('store_damaged', `${pointer}: expected the database at ${home}, got nothing there`, {
    hint: 'restore that folder from a backup, or remove the pointer file to begin with an empty store',
  });
}

function toPlace(home: string): ClusterPlace {
  return { home, data: join(home, 'data') };
}

function makeHome(home: string, account: Account | null): ClusterPlace {
  mkdirSync(home, { recursive: true, mode: 0o755 });
  chmodSync(home, 0o700);
  if (account) chownSync(home, account.uid, account.gid);
  return toPlace(home);
}

/**
 * Returns a folder for the socket that only the account (and root) can enter: the cluster's home, or, where that path is
 * too long for a socket address, a fresh folder of the system's temporary directory. Postgres records it in postmaster.pid.
 */
export function pickSocketDirectory(place: ClusterPlace, account: Account | null): string {
  if (Buffer.byteLength(join(place.home, socketName)) <= longestSocket) return place.home;
  const short = mkdtempSync(join(Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp', 'tminus-'));
  if (account) chownSync(short, account.uid, account.gid);
  return short;
}

/** Makes the data directory itself; a service account may pass through it, but not list it. */
export function makeDataDirectory(dataDirectory: string, account: Account | null): void {
  if (!existsSync(dataDirectory)) mkdirSync(dataDirectory, { recursive: true, mode: account ? 0o711 : 0o700 });
  if (!lstatSync(dataDirectory).isDirectory()) {
    throw new ProductError('store_unavailable', `${dataDirectory}: expected a folder, got something else`, {
      hint: 'name another data directory',
    });
  }
}
