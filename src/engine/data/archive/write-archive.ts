import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { link, mkdtemp, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';

import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';

import { canonVersion } from '../../../core/dataset/canon.ts';
import {
  archiveFormatVersion,
  archiveSchemaVersion,
  manifestPath,
  partialArchiveVersion,
  toEntityPath,
} from '../../../core/dataset/archive/manifest.ts';
import type { ArchiveManifest, ArchiveSource, ArchiveWindow } from '../../../core/dataset/archive/manifest.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { makeFolder, toOutputError } from '../../write-file.ts';
import { encryptTo, requireRecipients } from './age-stream.ts';
import { createShapeFinder } from './find-shapes.ts';
import { spoolEntity } from './spool-entity.ts';
import type { ArchiveInput, SpooledEntity } from './spool-entity.ts';

/** What goes into an archive. Inputs stand with parents before their children. */
export interface ArchivePlan {
  source: ArchiveSource;
  appGitSha: string | null;
  generatedAt: string;
  inputs: readonly ArchiveInput[];
  redactions: ArchiveManifest['redactions'];
  omittedFields: ArchiveManifest['omitted_fields'];
  omittedEntities: ArchiveManifest['omitted_entities'];
  /** Null for every record. */
  window: ArchiveWindow | null;
}

/** How an archive is written. */
export interface ArchiveWriting {
  signal: AbortSignal;
  /** `age1...` recipients; none writes it in the clear. */
  recipients: readonly string[];
  onRows?: (entity: string, rows: number) => void;
}

/** An archive as it lies in its place. */
export interface WrittenArchive {
  file: string;
  sha256: string;
  manifest: ArchiveManifest;
}

/**
 * Writes an archive to a file that is not there yet, whole or not at all: equal data gives equal files of entities, and two archives differ in what
 * the manifest says of time and place. Throws where a value has the shape of a secret, and names its line.
 */
export async function writeArchive(plan: ArchivePlan, file: string, writing: ArchiveWriting): Promise<WrittenArchive> {
  await requireRecipients(writing.recipients);
  makeFolder(dirname(file));
  let folder: string | null = null;
  try {
    folder = await mkdtemp(join(dirname(file), '.export-'));
    const spooled = await spoolAll(plan, folder, writing);
    const manifest = toManifest(plan, spooled);
    const draft = join(folder, 'archive');
    const sha256 = await packArchive(manifest, { folder, draft, ...writing });
    // Not a rename: what lies there already is never replaced.
    await link(draft, file);
    return { file, sha256, manifest };
  } catch (error) {
    throw toWritingError(file, error);
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

function toWritingError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  if ('code' in error && error.code === 'EEXIST')
    return new ProductError('output_exists', `${file}: expected no such file, got one`, {
      hint: 'name another file; an archive is never overwritten',
    });
  return toOutputError(file, error);
}

async function spoolAll(
  plan: ArchivePlan,
  folder: string,
  { signal, onRows }: ArchiveWriting,
): Promise<Map<string, SpooledEntity>> {
  const hasSecret = createShapeFinder();
  const spooled = new Map<string, SpooledEntity>();
  for (const input of plan.inputs) {
    const { name } = input.entity;
    const told = (rows: number): void => onRows?.(name, rows);
    const one = await spoolEntity(input, join(folder, name), { signal, hasSecret, onRows: told });
    if (one.suspicious.length > 0) throw suspicious(name, one.suspicious);
    spooled.set(name, one);
  }
  return spooled;
}

function suspicious(entity: string, lines: readonly number[]): ProductError {
  return new ProductError(
    'export_refused',
    `${entity}: expected no value of the shape of a secret, got one in row ${lines.join(', ')}`,
    { hint: 'redact or omit the column in the dataset, or take the secret out of the row; nothing was written' },
  );
}

function toManifest(plan: ArchivePlan, spooled: ReadonlyMap<string, SpooledEntity>): ArchiveManifest {
  const names = [...spooled.keys()].toSorted();
  const of = <Value>(toValue: (name: string, one: SpooledEntity) => [string, Value]): { [name: string]: Value } =>
    Object.fromEntries(names.map((name) => toValue(name, spooled.get(name)!)));
  return {
    schema_version: plan.window === null ? archiveSchemaVersion : partialArchiveVersion,
    export_format_version: archiveFormatVersion,
    generated_at: plan.generatedAt,
    canon_version: canonVersion,
    source: plan.source,
    app_git_sha: plan.appGitSha,
    entities: plan.inputs.map(({ entity }) => entity),
    entity_files: of((name) => [name, toEntityPath(name)]),
    entity_counts: of((name, { rows }) => [name, rows]),
    checksums: of((name, { digest }) => [toEntityPath(name), digest]),
    redactions: plan.redactions,
    omitted_fields: plan.omittedFields,
    omitted_entities: plan.omittedEntities,
    ...(plan.window !== null && { window: plan.window }),
  };
}

/** Packs manifest and spooled files, in the order of the manifest, and returns the sha256 of what lies on the disk. */
async function packArchive(
  manifest: ArchiveManifest,
  { folder, draft, signal, recipients }: ArchiveWriting & { folder: string; draft: string },
): Promise<string> {
  const archive = pack();
  const filling = fillPack(archive, manifest, folder);
  const packed = archive.pipe(createGzip({ level: 6 }));
  archive.on('error', (error) => packed.destroy(error));
  const sealed = recipients.length === 0 ? packed : await encryptTo(recipients, packed);
  const digest = createHash('sha256');
  const handle = await open(draft, 'wx', 0o600);
  try {
    // Whichever of both breaks ends the other: a pack that nobody reads would wait for ever.
    filling.catch((error: Error) => sealed.destroy(error));
    for await (const chunk of sealed as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      digest.update(chunk);
      await handle.writeFile(chunk);
    }
    await filling;
    await handle.sync();
  } finally {
    archive.destroy();
    await handle.close();
  }
  return digest.digest('hex');
}

const header = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };

async function fillPack(archive: Pack, manifest: ArchiveManifest, folder: string): Promise<void> {
  archive.entry({ ...header, name: manifestPath }, `${JSON.stringify(manifest, null, 1)}\n`);
  for (const { name } of manifest.entities) {
    const path = manifest.entity_files[name]!;
    await packFile(archive, { path, size: manifest.checksums[path]!.bytes, from: join(folder, name) });
  }
  archive.finalize();
}

async function packFile(
  archive: Pack,
  { path, size, from }: { path: string; size: number; from: string },
): Promise<void> {
  const ended = Promise.withResolvers<undefined>();
  const entry = archive.entry({ ...header, name: path, size }, (error) =>
    error ? ended.reject(error) : ended.resolve(undefined),
  );
  for await (const chunk of createReadStream(from, { highWaterMark: 262_144 })) {
    if (!entry.write(chunk)) await once(entry, 'drain');
  }
  entry.end(undefined);
  await ended.promise;
}
