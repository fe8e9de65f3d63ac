import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { drillArchive } from '../src/engine/data/archive/drill.ts';
import type { MeasuredDrill } from '../src/engine/data/archive/drill.ts';
import { datasetSubject, ownSubject } from '../src/engine/data/archive/drill-subject.ts';
import { exportOwn } from '../src/engine/data/archive/export-own.ts';
import { nameScratch, startScratchServer } from '../src/engine/data/archive/scratch-server.ts';
import { appendEntries } from '../src/store/evidence-log.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { evidence } from '../tests/store/sample-entries.ts';
import { describeMachine } from './describe-machine.ts';

/** R8: a restore drill of a store with so many rows and pieces of evidence, from the first byte of the archive to the last hash. */
export interface DrillBenchReport {
  name: 'data-drill';
  machine: string;
  setting: string;
  rows: number;
  evidence: number;
  archiveBytes: number;
  exportSeconds: number;
  drillSeconds: number;
  phases: { [name: string]: number };
  sameHashes: boolean;
  goals: { drillSeconds: number; atRows: number; met: boolean };
  samples: MeasuredDrill['phases'];
}

const rows = Number(process.env['DRILL_ROWS'] ?? 100_000);
const pieces = Number(process.env['DRILL_EVIDENCE'] ?? 1_000);

/** Makes a store, exports it, restores the archive on another server, and says how long each part took. */
export async function run(): Promise<DrillBenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-drill-'));
  chmodSync(folder, 0o711);
  const store = await openStore({ dataDirectory: join(folder, 'data') });
  try {
    await fill(store);
    const signal = AbortSignal.timeout(1_800_000);
    const origin = { environment: 'bench', appGitSha: null };
    const exportedAt = performance.now();
    const archive = await exportOwn(store, origin, join(folder, 'store.tar.gz'), { signal, recipients: [] });
    const drilledAt = performance.now();
    const drill = await drillOn(archive, signal);
    const endedAt = performance.now();
    return toReport(drill, {
      rows: Object.values(archive.manifest.entity_counts).reduce((sum, count) => sum + count, 0),
      archiveBytes: statSync(archive.file).size,
      exportSeconds: (drilledAt - exportedAt) / 1000,
      drillSeconds: (endedAt - drilledAt) / 1000,
    });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store): Promise<void> {
  for (let from = 0; from < pieces; from += 500) {
    const count = Math.min(500, pieces - from);
    const entries = Array.from({ length: count }, (_, nr) => evidence('shop', from + nr));
    await appendEntries(store, 'shop', entries);
  }
  await store.database.pool.query(
    `insert into tminus.step_log (run, step, attempt, part, stream, body)
      select 'run-' || n / 1000, 'step-' || n % 7, 1, n, 'out', 'line ' || n || ' of what a step said, copied 200 of 2000 rows of orders' from generate_series(1, $1::int) n`,
    [rows],
  );
}

async function drillOn(
  { file, sha256 }: { file: string; sha256: string },
  signal: AbortSignal,
): Promise<MeasuredDrill> {
  const server = await startScratchServer();
  try {
    return await drillArchive({
      file,
      signal,
      openServer: () => Promise.resolve(server),
      expectedSha256: sha256,
      identities: [],
      environment: null,
      subject: ownSubject,
      ofDatasets: datasetSubject,
      database: nameScratch(),
      guard: { forbidden: [], productionDatabases: [] },
      onPhase: () => undefined,
    });
  } finally {
    await server.close();
  }
}

type Measured = Pick<DrillBenchReport, 'rows' | 'archiveBytes' | 'exportSeconds' | 'drillSeconds'>;

function toReport(drill: MeasuredDrill, measured: Measured): DrillBenchReport {
  const goals = { drillSeconds: 120, atRows: 1_000_000 };
  const isSame = drill.entities.length > 0 && drill.entities.every((one) => one.expectedSha256 === one.computedSha256);
  const isWhole = isSame && drill.smoke.length === 7 && drill.smoke.every(({ passed }) => passed);
  return {
    name: 'data-drill',
    machine: describeMachine(),
    setting: 'a store of our own, restored on a second server; DRILL_ROWS and DRILL_EVIDENCE say how large',
    evidence: pieces,
    ...measured,
    phases: Object.fromEntries(drill.phases.map(({ name, ms }) => [name, ms / 1000])),
    sameHashes: isWhole,
    goals: { ...goals, met: isWhole && measured.rows >= goals.atRows && measured.drillSeconds <= goals.drillSeconds },
    samples: drill.phases,
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
