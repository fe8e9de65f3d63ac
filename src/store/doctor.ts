import { statfsSync, statSync } from 'node:fs';

import { readLatestCheckpoint } from './evidence-log.ts';
import type { Store } from './open-store.ts';
import { readHolder } from './postgres/store-lock.ts';
import type { Holder } from './postgres/store-lock.ts';
import { examineShifts } from './rollout-broken-entry.ts';
import type { ExaminedShift } from './rollout-broken-entry.ts';
import { verifyStoredLog } from './verify-stored-log.ts';
import type { ForeignCheckpoint, LogVerification } from './verify-stored-log.ts';

/** What `tminus doctor` tells about the store. Facts only: what of them is bad is for the reader of the report to judge. */
export interface StoreFacts {
  kind: 'embedded' | 'external';
  dataDirectory: string;
  /** User id that owns the data directory. */
  owner: number;
  /** Where the database files lie and which binaries run them; null for a foreign server. */
  cluster: {
    directory: string;
    binaries: string;
    origin: 'package' | 'copy' | 'system';
    version: string;
    adopted: boolean;
    pid: number;
  } | null;
  serverVersion: string;
  settings: { fsync: string; synchronousCommit: string; fullPageWrites: string; dataChecksums: string };
  freeBytes: { dataDirectory: number; cluster: number | null };
  databaseBytes: number;
  clock: ClockOffset;
  holder: Holder | null;
  logs: { launch: string; checkpoint: { size: number; root: string } | null; verification: LogVerification }[];
  shifts: ExaminedShift[];
}

/** Difference of two clocks by the midpoint method: the truth lies within `uncertaintyMs` of `offsetMs`. */
export interface ClockOffset {
  /** Database minus process; positive where the database is ahead. */
  offsetMs: number;
  uncertaintyMs: number;
}

/** Returns the facts about an open store; reads every log and every journal of a shift from its first byte. `foreign` holds checkpoints kept elsewhere, by launch. */
export async function examineStore(
  store: Store,
  foreign: ReadonlyMap<string, readonly ForeignCheckpoint[]> = new Map(),
): Promise<StoreFacts> {
  const { server } = store.database;
  const current = server?.supervisor.current();
  const launches = await store.tables.selectFrom('log').select('launch').orderBy('launch').execute();
  const logs: StoreFacts['logs'] = [];
  for (const { launch } of launches) logs.push(await examineLog(store, launch, foreign.get(launch) ?? []));
  return {
    kind: store.database.kind,
    dataDirectory: store.dataDirectory,
    owner: statSync(store.dataDirectory).uid,
    cluster:
      server && current
        ? {
            directory: server.place.data,
            binaries: server.binaries.directory,
            origin: server.binaries.origin,
            version: server.binaries.version,
            adopted: current.adopted,
            pid: current.postmaster.pid,
          }
        : null,
    ...(await readServer(store)),
    freeBytes: { dataDirectory: readFree(store.dataDirectory), cluster: server ? readFree(server.place.home) : null },
    clock: await measureClock(store),
    holder: readHolder(store.dataDirectory),
    logs,
    shifts: await examineShifts(store),
  };
}

async function examineLog(
  store: Store,
  launch: string,
  foreign: readonly ForeignCheckpoint[],
): Promise<StoreFacts['logs'][number]> {
  const verification = await verifyStoredLog(store, launch, foreign);
  // A checkpoint that is forged makes the reading of it fail; the verification above has said so.
  const checkpoint = await readLatestCheckpoint(store, launch).catch(() => null);
  return { launch, checkpoint: checkpoint && { size: checkpoint.size, root: checkpoint.root }, verification };
}

async function readServer(store: Store): Promise<Pick<StoreFacts, 'serverVersion' | 'settings' | 'databaseBytes'>> {
  const { rows } = await store.database.pool.query<{
    version: string;
    fsync: string;
    commit: string;
    pages: string;
    checksums: string;
    bytes: string;
  }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('full_page_writes') as pages, current_setting('data_checksums') as checksums, pg_database_size(current_database()) as bytes`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('settings of the server: expected one row, got none');
  const settings = {
    fsync: row.fsync,
    synchronousCommit: row.commit,
    fullPageWrites: row.pages,
    dataChecksums: row.checksums,
  };
  return { serverVersion: row.version, settings, databaseBytes: Number(row.bytes) };
}

function readFree(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Asks a few times and keeps the quickest answer: the shortest round trip leaves the least room for error. */
async function measureClock(store: Store): Promise<ClockOffset> {
  let best: ClockOffset = { offsetMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY };
  for (let ask = 0; ask < 5; ask += 1) {
    const before = performance.timeOrigin + performance.now();
    const { rows } = await store.database.pool.query<{ ms: string }>(
      `select extract(epoch from clock_timestamp()) * 1000 as ms`,
    );
    const after = performance.timeOrigin + performance.now();
    const uncertaintyMs = (after - before) / 2;
    if (uncertaintyMs < best.uncertaintyMs)
      best = { offsetMs: Number(rows[0]?.ms) - (before + after) / 2, uncertaintyMs };
  }
  return best;
}
