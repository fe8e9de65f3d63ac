import { execFile } from 'node:child_process';

import type { ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import { openPostgresAt } from '../../../kinds/datastores/postgres/session.ts';
import { drillArchive } from '../archive/drill.ts';
import { datasetSubject, ownSubject } from '../archive/drill-subject.ts';
import { restoreRows } from '../archive/restore-rows.ts';
import { createScratch, nameScratch } from '../archive/scratch-server.ts';
import type { ScratchDatabase, ScratchGuard, ScratchServer } from '../archive/scratch-server.ts';
import { trySmoke } from '../archive/smoke-checks.ts';

/** An archive of a snapshot, in the clear. */
export interface ClonedArchive {
  file: string;
  sha256: string;
  manifest: ArchiveManifest;
}

/** Where a clone is made. */
export interface CloneGround {
  server: ScratchServer;
  guard: ScratchGuard;
  /** A command that has to end with 0, with the address of the clone in DATABASE_URL; null where only Tminus asks. */
  smoke: string | null;
  workspace: string;
  signal: AbortSignal;
}

/** Restores a snapshot into a database made for it, asks it, runs the command and drops it. Returns what is wrong; empty where the clone boots. */
export async function bootClone({ file, sha256 }: ClonedArchive, ground: CloneGround): Promise<string[]> {
  const { server, guard, signal } = ground;
  const ofDatasets = {
    ...datasetSubject,
    lastSmoke: async (url: string, restored: Parameters<typeof datasetSubject.lastSmoke>[1]) => {
      const read = await datasetSubject.lastSmoke(url, restored);
      return read.passed ? trySmoke('the smoke command passes', () => runSmoke(url, ground)) : read;
    },
  };
  const drill = await drillArchive({
    file,
    identities: [],
    signal,
    expectedSha256: sha256,
    environment: null,
    subject: ownSubject,
    ofDatasets,
    openServer: () => Promise.resolve(server),
    database: nameScratch(),
    guard,
    onPhase: () => undefined,
  });
  const failed = drill.smoke.filter(({ passed }) => !passed).map(({ name, detail }) => `${name}: ${detail}`);
  const differing = drill.entities
    .filter(({ expectedSha256, computedSha256 }) => expectedSha256 !== computedSha256)
    .map(({ entity }) => `${entity}: expected what was written, got other rows`);
  return [...(drill.stopped === null ? [] : [drill.stopped]), ...failed, ...(failed.length > 0 ? [] : differing)].map(
    (fault) => `clone: ${fault}`,
  );
}

/** Restores a snapshot into a new database that stays until it is dropped; dropped at once where anything goes wrong. */
export async function keepClone(
  { file, manifest }: ClonedArchive,
  { server, guard, signal }: CloneGround,
  name: string,
): Promise<ScratchDatabase> {
  const scratch = await createScratch(server, name, guard);
  try {
    await datasetSubject.makeSchema(scratch.url, manifest);
    const session = await openPostgresAt({ connectionString: scratch.url }, { signal, access: 'write' });
    try {
      await restoreRows({ file, identities: [], signal }, manifest, { session, ...datasetSubject });
    } finally {
      await session.close();
    }
    await datasetSubject.relate(scratch.url, manifest);
    return scratch;
  } catch (error) {
    await scratch.drop();
    throw error;
  }
}

/** Returns why a command did not pass, or null. What it prints is not told: it may hold rows. */
function runSmoke(url: string, { smoke, workspace, signal }: CloneGround): Promise<string | null> {
  if (smoke === null) return Promise.resolve(null);
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', DATABASE_URL: url };
  execFile('/bin/sh', ['-c', smoke], { cwd: workspace, env, signal, timeout: 300_000 }, (error) =>
    resolve(error === null ? null : `expected exit 0, got ${String(error.code ?? error.signal ?? 'none')}`),
  );
  return promise;
}
