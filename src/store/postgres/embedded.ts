import { realpathSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { pickAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { makeDataDirectory, preparePlace } from './cluster-place.ts';
import type { ClusterPlace } from './cluster-place.ts';
import { createCluster, readClusterMajor, readOrCreatePassword, storeName } from './create-cluster.ts';
import { lockStore } from './store-lock.ts';
import type { StoreLock } from './store-lock.ts';
import { supervise } from './supervise.ts';
import type { RestartPolicy, Supervisor } from './supervise.ts';

export interface EmbeddedOptions {
  dataDirectory: string;
  /** What is told to whoever finds the directory in use. */
  command: string;
  /** How long to wait for another process to leave the data directory. */
  waitMs: number;
  /** How long a start may take; a crash recovery counts into it. */
  readyMs?: number;
  restart?: RestartPolicy;
  /** Where root keeps clusters and binaries that the service account cannot reach in their own place. */
  outside?: string;
  packageDirectory?: string | null;
  systemDirectories?: readonly string[];
}

/** A Postgres of our own in a data directory, running until `close`. */
export interface EmbeddedServer {
  /** Connection string of a database of the cluster; the socket stands in `host`. */
  url(database: string): string;
  binaries: Binaries;
  place: ClusterPlace;
  supervisor: Supervisor;
  close(): Promise<void>;
}

/**
 * Returns the server of a data directory: locked for this process, made if it is not there, adopted if it still runs, else started.
 * Throws a ProductError that says what is wrong and leaves nothing half made.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  assertPlatform();
  const account = pickAccount();
  makeDataDirectory(resolve(options.dataDirectory), account);
  const dataDirectory = realpathSync(options.dataDirectory);
  const lock = await lockStore(dataDirectory, options.command, options.waitMs);
  try {
    return await openLocked({ ...options, dataDirectory }, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLocked(options: EmbeddedOptions, lock: StoreLock): Promise<EmbeddedServer> {
  const account = pickAccount();
  const outside = options.outside ?? (account ? '/var/lib/tminus' : join(homedir(), '.cache', 'tminus'));
  const place = preparePlace(options.dataDirectory, account, outside);
  const major = readClusterMajor(place);
  const binaries = findBinaries({ ...options, account, copyDirectory: outside, major });
  const password = readOrCreatePassword(options.dataDirectory, major !== null);
  if (major === null) await createCluster({ place, binaries, account, password });
  const logFile = join(options.dataDirectory, 'postgres.log');
  const supervisor = await supervise(
    { place, binaries, account, logFile, readyMs: options.readyMs ?? 60_000 },
    options.restart,
  );
  return {
    url: (database) => toUrl(supervisor.current().postmaster.socketDirectory, password, database),
    binaries,
    place,
    supervisor,
    async close() {
      const { socketDirectory } = supervisor.current().postmaster;
      await supervisor.stop();
      if (socketDirectory !== place.home) rmSync(socketDirectory, { recursive: true, force: true });
      lock.release();
    },
  };
}

function toUrl(socketDirectory: string, password: string, database: string): string {
  return `postgres://${storeName}:${password}@/${database}?host=${encodeURIComponent(socketDirectory)}&port=5432`;
}

function assertPlatform(): void {
  if (process.platform !== 'win32') return;
  throw new ProductError(
    'platform_unsupported',
    `embedded Postgres: expected Linux or macOS, got ${process.platform}`,
    {
      hint: 'set DATABASE_URL to a Postgres of version 15 or newer',
    },
  );
}
