import type { JsonObject } from '@tminus/verify';

import type { ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import { renderFinding } from '../../../core/dataset/archive/archive-rules.ts';
import type { DrillPhase, RestoredEntity, SmokeCheck } from '../../../core/dataset/archive/restore-report.ts';
import { openPostgresAt } from '../../../kinds/datastores/postgres/session.ts';
import type { DrillSubject } from './drill-subject.ts';
import { restoreRows } from './restore-rows.ts';
import { createScratch } from './scratch-server.ts';
import type { ScratchDatabase, ScratchGuard, ScratchServer } from './scratch-server.ts';
import { askSmoke } from './smoke-checks.ts';
import { spoolEntity } from './spool-entity.ts';
import { verifyArchive } from './verify-archive.ts';
import type { ArchiveVerifying, VerifiedArchive } from './verify-archive.ts';

/** What is restored, and where. */
export interface DrillWish extends ArchiveVerifying {
  /** For the data of Tminus itself. */
  subject: DrillSubject;
  /** For anybody else's. */
  ofDatasets: DrillSubject;
  /** Asked for once the archive is known to be whole: one that is damaged starts no server. */
  openServer: () => Promise<ScratchServer>;
  database: string;
  guard: ScratchGuard;
  onPhase: (phase: DrillPhase['name'], detail: string) => void;
}

/** What was measured; what it amounts to is judged elsewhere. */
export interface MeasuredDrill {
  archive: VerifiedArchive;
  validation: string[];
  entities: RestoredEntity[];
  smoke: SmokeCheck[];
  phases: DrillPhase[];
  rtoMs: number | null;
  server: JsonObject;
  wasEmpty: boolean;
  dropped: boolean;
  /** Why it ended early. */
  stopped: string | null;
}

/**
 * Really restores an archive: validates it, makes an empty database, restores every row, asks it, exports it again and hashes what comes out. An archive with
 * a finding is not restored; the database is dropped, whatever happens.
 */
export async function drillArchive(wish: DrillWish): Promise<MeasuredDrill> {
  const phases: DrillPhase[] = [];
  const timed = async <T>(name: DrillPhase['name'], work: () => Promise<T>): Promise<T> => {
    wish.signal.throwIfAborted();
    wish.onPhase(name, '');
    const beganAt = performance.now();
    const result = await work();
    phases.push({ name, ms: Math.round(performance.now() - beganAt) });
    return result;
  };
  const archive = await timed('validate', () => verifyArchive(wish));
  const validation = archive.findings.slice(0, 20).map(renderFinding);
  const drill: MeasuredDrill = { ...unmeasured(), archive, validation, phases };
  const { manifest } = archive;
  if (manifest === null || validation.length > 0)
    return { ...drill, stopped: 'archive: expected one without findings' };
  const server = await wish.openServer();
  const scratch = await timed('create', () => createScratch(server, wish.database, wish.guard));
  drill.wasEmpty = scratch.wasEmpty;
  drill.dropped = false;
  try {
    await restoreAndAsk(drill, { wish, manifest, scratch, timed });
  } catch (error) {
    wish.signal.throwIfAborted();
    drill.stopped = error instanceof Error ? error.message : String(error);
  } finally {
    await scratch.drop();
    drill.dropped = true;
  }
  return drill;
}

/** What is known before a server was opened. */
function unmeasured(): Omit<MeasuredDrill, 'archive' | 'validation' | 'phases'> {
  return { entities: [], smoke: [], rtoMs: null, server: {}, wasEmpty: true, dropped: true, stopped: null };
}

interface DrillGround {
  wish: DrillWish;
  manifest: ArchiveManifest;
  scratch: ScratchDatabase;
  timed: <T>(name: DrillPhase['name'], work: () => Promise<T>) => Promise<T>;
}

async function restoreAndAsk(drill: MeasuredDrill, { wish, manifest, scratch, timed }: DrillGround): Promise<void> {
  const { signal } = wish;
  const subject = pickSubject(wish, manifest);
  const { tableOf, prepare } = subject;
  const config = { connectionString: scratch.url };
  await timed('schema', () => subject.makeSchema(scratch.url, manifest));
  const rows = await timed('load', async () => {
    const session = await openPostgresAt(config, { signal, access: 'write' });
    try {
      return await restoreRows(wish, manifest, {
        session,
        tableOf,
        prepare,
        onEntity: (name) => wish.onPhase('load', name),
      });
    } finally {
      await session.close();
    }
  });
  drill.entities = toEntities(manifest, rows);
  await timed('relations', () => subject.relate(scratch.url, manifest));
  const session = await openPostgresAt(config, { signal, access: 'read' });
  try {
    const { snapshot: _, ...versions } = session.versions;
    drill.server = versions;
    const restored = { session, manifest, tableOf };
    drill.smoke = await timed('smoke', async () => [
      ...(await askSmoke(restored)),
      await subject.lastSmoke(scratch.url, restored),
    ]);
    drill.rtoMs = drill.phases.reduce((sum, { ms }) => sum + ms, 0);
    await timed('re-export', () => exportAgain(drill, { wish, manifest, session }));
  } finally {
    await session.close();
  }
}

function pickSubject({ subject, ofDatasets }: DrillWish, { source }: ArchiveManifest): DrillSubject {
  return source.launch === null ? subject : ofDatasets;
}

function toEntities(manifest: ArchiveManifest, rows: ReadonlyMap<string, number>): RestoredEntity[] {
  return manifest.entities.map(({ name }) => {
    const planned = manifest.entity_counts[name]!;
    const restored = rows.get(name) ?? 0;
    const { sha256 } = manifest.checksums[manifest.entity_files[name]!]!;
    return {
      entity: name,
      planned,
      restored,
      skipped: planned - restored,
      invalid: 0,
      expectedSha256: sha256,
      computedSha256: null,
    };
  });
}

async function exportAgain(
  drill: MeasuredDrill,
  {
    wish,
    manifest,
    session,
  }: { wish: DrillWish; manifest: ArchiveManifest; session: Awaited<ReturnType<typeof openPostgresAt>> },
): Promise<void> {
  for (const entity of manifest.entities) {
    const { name, fields, key } = entity;
    wish.onPhase('re-export', name);
    const columns = fields.map((field) => ({ name: field.name, type: field.type, scale: field.scale }));
    const redacted = new Set(manifest.redactions.filter((one) => one.entity === name).map(({ field }) => field));
    const lines = (): AsyncIterable<Uint8Array> =>
      session.stream({
        table: pickSubject(wish, manifest).tableOf(name),
        columns,
        key,
        where: [],
        order: 'key',
        after: null,
      });
    const { digest } = await spoolEntity({ entity, redacted, lines }, null, {
      signal: wish.signal,
      // The archive was asked for secrets already.
      hasSecret: () => false,
      onRows: () => undefined,
    });
    const row = drill.entities.find((one) => one.entity === name);
    if (row) row.computedSha256 = digest.sha256;
  }
}
