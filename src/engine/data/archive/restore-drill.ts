import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { judgeRestore, storeSubject } from '../../../core/dataset/archive/restore-report.ts';
import type { DrillPhase, RestoreReport } from '../../../core/dataset/archive/restore-report.ts';
import { toDrillFile } from '../../../kinds/checks/restore-drill/report-file.ts';
import { openLog } from '../../../store/log.ts';
import { readNow } from '../../../store/open-store.ts';
import type { Store } from '../../../store/open-store.ts';
import { readGitHead } from '../../read-git-head.ts';
import { resolveEverywhere } from '../../rehearsal/resolve-everywhere.ts';
import type { Scene } from '../../scene.ts';
import { drillArchive } from './drill.ts';
import type { MeasuredDrill } from './drill.ts';
import { datasetSubject, ownSubject } from './drill-subject.ts';
import { nameScratch, startScratchServer } from './scratch-server.ts';
import type { ScratchServer } from './scratch-server.ts';

/** Which archive is restored, and where. */
export interface RestoreWish {
  file: string;
  /** What the report calls it: its name, or where in a store of objects it lies. */
  uri: string;
  /** Recorded when the archive was written; null where nobody kept it, and then the drill cannot pass. */
  expectedSha256: string | null;
  identities: readonly string[];
  /** Null starts one of its own, in a new folder. */
  server: ScratchServer | null;
  /** Hosts and databases of production. */
  forbidden: readonly string[];
  productionDatabases: readonly string[];
  signal: AbortSignal;
  onPhase: (phase: DrillPhase['name'], detail: string) => void;
}

/** A drill that has ended, and the signed file that a `restore-drill` check reads. */
export interface EndedDrill {
  report: RestoreReport;
  findings: string[];
  file: string;
}

/** Where the report of a drill is written, and where a `restore-drill` check looks for it. */
export function drillReportPath(directory: string, id: string): string {
  return join(directory, 'reports', 'restore-drills', `${id}.json`);
}

/** Restores an archive into a database that is made for it and dropped, and signs what was measured. Throws `drill_refused` for a place of production. */
export async function restoreDrill(store: Store, scene: Scene, wish: RestoreWish): Promise<EndedDrill> {
  const { key } = await openLog(store, scene.launch.id);
  const beganAt = await readNow(store);
  let own: ScratchServer | null = null;
  const openServer = async (): Promise<ScratchServer> => wish.server ?? (own ??= await startScratchServer());
  const database = nameScratch();
  try {
    const { file, expectedSha256, identities, signal, onPhase, forbidden, productionDatabases } = wish;
    const guard = { forbidden, productionDatabases };
    const asked = { file, expectedSha256, identities, signal, onPhase, environment: null, guard };
    const measured = await drillArchive({
      ...asked,
      subject: ownSubject,
      ofDatasets: datasetSubject,
      openServer,
      database,
    });
    const draft = {
      ...toMeasured(measured, wish, database),
      launch: scene.launch.id,
      planHash: scene.planHash,
      candidates: await resolveEverywhere(scene),
      appGitSha: await readGitHead(scene.directory),
      beganAt,
      endedAt: await readNow(store),
      signedBy: key.text,
    };
    const findings = judgeRestore(draft);
    const report = { ...draft, passed: findings.length === 0 };
    return { report, findings, file: toDrillFile(report, key) };
  } finally {
    await (own as ScratchServer | null)?.close();
  }
}

type OfMeasured = Omit<
  RestoreReport,
  'launch' | 'planHash' | 'candidates' | 'appGitSha' | 'beganAt' | 'endedAt' | 'signedBy' | 'passed'
>;

function toMeasured(
  measured: MeasuredDrill,
  { uri, expectedSha256, server: named }: RestoreWish,
  database: string,
): OfMeasured {
  const { archive, validation, entities, smoke, phases, rtoMs, server, wasEmpty, dropped, stopped } = measured;
  const { manifest, sha256: computedSha256 } = archive;
  const where =
    named === null
      ? 'on a server that was started for it, in a new folder'
      : 'on a server that no environment of production declares';
  return {
    format: 'tminus/restore-drill/1',
    id: `restore-drill-${randomBytes(5).toString('hex')}`,
    subject: manifest === null ? ['unknown'] : subjectOf(manifest),
    archive: {
      uri,
      expectedSha256,
      computedSha256,
      generatedAt: manifest?.generated_at ?? null,
      environment: manifest?.source.environment ?? null,
      launch: manifest?.source.launch ?? null,
      appGitSha: manifest?.app_git_sha ?? null,
      formatVersion: manifest?.export_format_version ?? null,
    },
    validation,
    entities,
    smoke,
    target: { environment: 'scratch', server, database, wasEmpty, dropped },
    phases,
    rtoMs,
    productionWrites: `none: restored into ${database}, made for it ${where}, and dropped; no connection to any other place was opened`,
    stopped,
  };
}

function subjectOf({ source, entities }: NonNullable<MeasuredDrill['archive']['manifest']>): string[] {
  return source.launch === null ? [storeSubject] : entities.map(({ name }) => name);
}
