import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ProductError } from '../../core/error/product-error.ts';
import { pickAccount } from './account.ts';
import type { Account } from './account.ts';
import { findBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { findPlace, makeDataDirectory, preparePlace, removeSocketDirectory } from './cluster-place.ts';
import type { ClusterPlace } from './cluster-place.ts';
import { createCluster, readClusterMajor, readOrCreatePassword, storeName } from './create-cluster.ts';
import { findServer, startOrAdopt } from './postmaster.ts';
import type { Server, ServerRequest } from './postmaster.ts';
import { joinStore } from './store-lock.ts';
import type { Membership } from './store-lock.ts';
import { defaultRestartPolicy, stopLast, supervise } from './supervise.ts';
import type { RestartPolicy, Supervisor } from './supervise.ts';

const pollMs = 5;

export interface EmbeddedOptions {
  dataDirectory: string;
  /** What is told to whoever waits in vain for us to start or stop the server. */
  command: string;
  /** How long to wait for another process that makes, starts or stops the server. */
  waitMs: number;
  /** How long a start may take; a crash recovery counts into it. */
  readyMs?: number;
  restart?: RestartPolicy;
  /** Where root keeps clusters and binaries that the service account cannot reach in their own place. */
  outside?: string;
  packageDirectory?: string | null;
  systemDirectories?: readonly string[];
}

/** A Postgres of our own in a data directory, running at least until `close`. */
export interface EmbeddedServer {
  /** Connection string of a database of the cluster; the socket stands in `host`. */
  url(database: string): string;
  binaries: Binaries;
  place: ClusterPlace;
  supervisor: Supervisor;
  close(): Promise<void>;
}

/** What every step of opening needs to know. */
interface Site extends EmbeddedOptions {
  account: Account | null;
  outside: string;
}

/**
 * Returns the server of a data directory for this process, beside any others that use it: made if it is not there, found if it runs, else started.
 * Throws a ProductError that says what is wrong and leaves nothing half made.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  assertPlatform();
  const account = pickAccount();
  makeDataDirectory(resolve(options.dataDirectory), account);
  const dataDirectory = realpathSync(options.dataDirectory);
  const outside = options.outside ?? (account ? '/var/lib/tminus' : join(homedir(), '.cache', 'tminus'));
  const site: Site = { ...options, dataDirectory, account, outside };
  const membership = await joinStore(dataDirectory, options.command, options.waitMs);
  try {
    const { place, server } = await findOrStart(site, membership);
    return toEmbedded(site, { membership, place, server });
  } catch (error) {
    // The last of the others may have left meanwhile and counted on us to stop the server.
    await membership.leave(() => stopFound(site)).catch(() => undefined);
    throw error;
  }
}

interface Found {
  place: ClusterPlace;
  server: Server;
}

/** While we have a share, nobody stops a server that we find. One that is not there is started by whoever has the right to; the others wait for it. */
async function findOrStart(site: Site, membership: Membership): Promise<Found> {
  const deadline = performance.now() + site.waitMs;
  for (;;) {
    const place = findPlace(site.dataDirectory);
    const server = place && findServer(place.data);
    if (place !== null && server !== null) return { place, server };
    const started = await startIfFree(site, membership);
    if (started !== null) return started;
    if (performance.now() >= deadline) throw membership.inUse(site.waitMs);
    await pause(pollMs);
  }
}

async function startIfFree(site: Site, membership: Membership): Promise<Found | null> {
  const right = membership.tryStart();
  if (right === null) return null;
  try {
    const place = preparePlace(site.dataDirectory, site.account, site.outside);
    const request = toRequest(site, place);
    const major = readClusterMajor(place);
    if (major === null) await makeCluster(site, request);
    else readOrCreatePassword(site.dataDirectory, true);
    return { place, server: await startOrAdopt(request) };
  } finally {
    right.release();
  }
}

/** The binaries come first: where there are none, not even a password is left behind. */
async function makeCluster({ account, dataDirectory }: Site, { place, binaries }: ServerRequest): Promise<void> {
  await createCluster({ place, binaries, account, password: readOrCreatePassword(dataDirectory, false) });
}

function toRequest(site: Site, place: ClusterPlace): ServerRequest {
  let binaries: Binaries | null = null;
  return {
    place,
    // Found when they are needed: whoever joins a running server need not ask for the version of its program.
    get binaries() {
      return (binaries ??= findBinaries({ ...site, copyDirectory: site.outside, major: readClusterMajor(place) }));
    },
    account: site.account,
    logFile: join(site.dataDirectory, 'postgres.log'),
    socketPointer: toSocketPointer(site),
    readyMs: site.readyMs ?? 60_000,
  };
}

function toEmbedded(site: Site, { membership, place, server }: Found & { membership: Membership }): EmbeddedServer {
  const password = readOrCreatePassword(site.dataDirectory, true);
  const request = toRequest(site, place);
  const policy = site.restart ?? defaultRestartPolicy;
  const tidy = () => removeSocketDirectory(toSocketPointer(site));
  const supervisor = supervise({ membership, request, policy, tidy }, server);
  return {
    url: (database) => toUrl(supervisor.current().postmaster.socketDirectory, password, database),
    get binaries() {
      return request.binaries;
    },
    place,
    supervisor,
    close: () => supervisor.leave(),
  };
}

async function stopFound(site: Site): Promise<void> {
  const place = findPlace(site.dataDirectory);
  if (place !== null) await stopLast(place.data, () => removeSocketDirectory(toSocketPointer(site)));
}

function toSocketPointer({ dataDirectory }: Site): string {
  return join(dataDirectory, 'socket-is-at');
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
