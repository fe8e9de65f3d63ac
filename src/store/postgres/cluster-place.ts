import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

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
const socketPrefix = 'tminus-';

/**
 * Returns the place of the cluster, made if need be: inside the data directory, or, where the account cannot enter that
 * (root's home is 0700), in a fresh folder under `outside`, with a pointer file in the data directory and one back. A data directory that was removed
 * and made again must not meet the database of the old one, whose keys are gone; that stays where it is, since nobody said that it may go.
 */
export function preparePlace(dataDirectory: string, account: Account | null, outside: string): ClusterPlace {
  const found = findPlace(dataDirectory);
  if (found !== null && found.home !== toInside(dataDirectory)) return found;
  if (found !== null || canEnter(account, dataDirectory)) return makeHome(toInside(dataDirectory), account);
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
  const place = makeHome(mkdtempSync(join(outside, `${name}-`)), account);
  writeFileSync(join(place.home, 'belongs-to'), `${dataDirectory}\n`, { mode: 0o600 });
  writeFileSync(join(dataDirectory, pointerName), `${place.home}\n`, { mode: 0o600 });
  return place;
}

/** Returns the place that a data directory already has, or null; changes nothing. */
export function findPlace(dataDirectory: string): ClusterPlace | null {
  const pointer = join(dataDirectory, pointerName);
  if (existsSync(pointer)) return toPlace(readPointer(pointer));
  const inside = toPlace(toInside(dataDirectory));
  return existsSync(inside.data) ? inside : null;
}

function toInside(dataDirectory: string): string {
  return join(dataDirectory, 'postgres');
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
 * Returns a folder for the socket that only the account (and root) can enter: the cluster's home, or, where that path is too long for a socket
 * address, a folder of the system's temporary directory. The file `pointer` names that one, and every later server takes it again: processes
 * that are at work know the way to it.
 */
export function pickSocketDirectory(place: ClusterPlace, account: Account | null, pointer: string): string {
  if (Buffer.byteLength(join(place.home, socketName)) <= longestSocket) return place.home;
  const known = readSocketPointer(pointer);
  if (known !== null && takeAgain(known, account)) return known;
  const short = mkdtempSync(join(Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp', socketPrefix));
  if (account) chownSync(short, account.uid, account.gid);
  writeFileSync(pointer, `${short}\n`, { mode: 0o600 });
  return short;
}

/** Removes what `pickSocketDirectory` made outside of the cluster's home. Only for the last process in the data directory. */
export function removeSocketDirectory(pointer: string): void {
  const known = readSocketPointer(pointer);
  if (known !== null) rmSync(known, { recursive: true, force: true });
  rmSync(pointer, { force: true });
}

function readSocketPointer(pointer: string): string | null {
  const known = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : '';
  return basename(known).startsWith(socketPrefix) ? known : null;
}

/** A cleaner may have removed the folder, and anybody may have made another one of its name since: that one is not ours to use. */
function takeAgain(folder: string, account: Account | null): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (account) chownSync(folder, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === (account?.uid ?? process.getuid?.()) && (found.mode & 0o077) === 0;
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
