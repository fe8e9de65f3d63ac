import { toFinding } from '../../../core/dataset/archive/archive-rules.ts';
import type { ArchiveFinding } from '../../../core/dataset/archive/archive-rules.ts';
import { createRelationDesk, openRowJudge } from '../../../core/dataset/archive/judge-rows.ts';
import type { RelationDesk } from '../../../core/dataset/archive/judge-rows.ts';
import { blockBytes, manifestPath } from '../../../core/dataset/archive/manifest.ts';
import type { ArchiveDigest, ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import { readManifest } from '../../../core/dataset/archive/read-manifest.ts';
import { createDigester } from './digest-file.ts';
import { createShapeFinder } from './find-shapes.ts';
import { ArchiveTrouble, hashArchive, proveContainer, readArchive } from './open-archive.ts';
import type { ArchivedFile, ArchiveReading } from './open-archive.ts';
import { splitLines } from './split-lines.ts';

/** What an archive is held against besides itself. */
export interface ArchiveVerifying extends ArchiveReading {
  /** The digest that was recorded when it was written; null where nobody kept one. */
  expectedSha256: string | null;
  environment: string | null;
  /** Whether an archive of a window of time is taken, too; left out, it is refused. */
  takesPartial?: boolean;
  onFile?: (path: string) => void;
}

/** What an archive is. Only one without findings may be restored. */
export interface VerifiedArchive {
  sha256: string;
  /** Null where it cannot be read. */
  manifest: ArchiveManifest | null;
  findings: ArchiveFinding[];
}

/**
 * Holds an archive against every rule (`archiveRules`). What an earlier stage finds hides what follows from it, so that one damage gives one finding:
 * of a container with a changed byte nothing else is said, of a damaged file no row is judged.
 */
export async function verifyArchive(verifying: ArchiveVerifying): Promise<VerifiedArchive> {
  const sha256 = await hashArchive(verifying);
  const { expectedSha256 } = verifying;
  if (expectedSha256 !== null && expectedSha256 !== sha256)
    return { sha256, manifest: null, findings: [toFinding('archive_other', `sha256 ${sha256}`)] };
  try {
    await proveContainer(verifying);
    return { sha256, ...(await judgeContent(verifying)) };
  } catch (error) {
    if (error instanceof ArchiveTrouble) return { sha256, manifest: null, findings: [error.finding] };
    throw error;
  }
}

/** Files by path, as they were found. */
type Found = Map<string, { digest: ArchiveDigest; findings: ArchiveFinding[] }>;

async function judgeContent(verifying: ArchiveVerifying): Promise<Omit<VerifiedArchive, 'sha256'>> {
  const files = readArchive(verifying);
  const first = await files.next();
  if (first.done === true || first.value.path !== manifestPath) {
    await drain(files, first.done === true ? null : first.value);
    return {
      manifest: null,
      findings: [toFinding('manifest_missing', 'another', { file: first.value?.path ?? null })],
    };
  }
  const read = readManifest(await readWhole(first.value), verifying);
  if (!read.ok) {
    await drain(files, null);
    return { manifest: null, findings: [read.finding] };
  }
  const { manifest } = read;
  const desk = createRelationDesk(manifest);
  const unexpected: ArchiveFinding[] = [];
  const found = await judgeFiles(files, { manifest, desk, unexpected, verifying });
  const damaged = judgeDigests(manifest, found);
  const rows = [...found].flatMap(([path, { findings }]) => (damaged.has(path) ? [] : findings));
  // A row of a file that is damaged or not there is no broken relation of another.
  const relations = damaged.size === 0 && rows.length === 0 ? desk.broken().slice(0, 20) : [];
  return { manifest, findings: [...unexpected, ...damaged.values(), ...rows, ...relations] };
}

/** The container is asked to its end even where the manifest cannot be used: what it is comes first. */
async function drain(files: AsyncGenerator<ArchivedFile>, open: ArchivedFile | null): Promise<void> {
  if (open !== null) await readThrough(open);
  for await (const file of files) await readThrough(file);
}

async function readThrough({ bytes }: ArchivedFile): Promise<void> {
  for await (const _ of bytes);
}

const largestManifest = 64 * 1024 * 1024;

async function readWhole({ bytes }: ArchivedFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size <= largestManifest) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function judgeFiles(
  files: AsyncGenerator<ArchivedFile>,
  {
    manifest,
    desk,
    unexpected,
    verifying,
  }: { manifest: ArchiveManifest; desk: RelationDesk; unexpected: ArchiveFinding[]; verifying: ArchiveVerifying },
): Promise<Found> {
  const found: Found = new Map();
  const hasSecret = createShapeFinder();
  for await (const file of files) {
    verifying.signal.throwIfAborted();
    verifying.onFile?.(file.path);
    const entity = manifest.entities.find(({ name }) => manifest.entity_files[name] === file.path);
    if (entity === undefined) {
      unexpected.push(toFinding('file_unexpected', 'one', { file: file.path }));
      await readThrough(file);
      continue;
    }
    const judge = openRowJudge(entity, { manifest, file: file.path, desk, hasSecret });
    const digest = await judgeLines(file, judge);
    const expected = manifest.entity_counts[entity.name];
    const counted =
      judge.rows() === expected || judge.counts.has('line_malformed')
        ? []
        : [toFinding('count_differs', `${judge.rows()} of ${expected}`, { file: file.path })];
    found.set(file.path, { digest, findings: [...judge.findings, ...counted] });
  }
  return found;
}

async function judgeLines(
  { bytes }: ArchivedFile,
  judge: { line(text: string, byte: number): void },
): Promise<ArchiveDigest> {
  const digester = createDigester();
  const hashed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      digester.add(chunk);
      yield chunk;
    }
  };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const lines of splitLines(hashed()))
    for (const line of lines) judge.line(line.ended ? decode(decoder, line.bytes) : '', line.byte);
  return digester.end();
}

/** Bytes that are no UTF-8 are no line; an empty text is none, either. */
function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return '';
  }
}

function judgeDigests(manifest: ArchiveManifest, found: Found): Map<string, ArchiveFinding> {
  const damaged = new Map<string, ArchiveFinding>();
  for (const [path, expected] of Object.entries(manifest.checksums)) {
    const got = found.get(path)?.digest;
    const finding =
      got === undefined
        ? toFinding('file_missing', 'none', { file: path })
        : judgeDigest(manifest, { path, expected, got });
    if (finding !== null) damaged.set(path, finding);
  }
  return damaged;
}

function judgeDigest(
  { checksums }: ArchiveManifest,
  { path, expected, got }: { path: string; expected: ArchiveDigest; got: ArchiveDigest },
): ArchiveFinding | null {
  if (got.sha256 === expected.sha256) return null;
  const other = Object.entries(checksums).find(([name, { sha256 }]) => name !== path && sha256 === got.sha256);
  if (other) return toFinding('file_swapped', `those of ${other[0]}`, { file: path });
  const block = expected.blocks.findIndex((hash, index) => hash !== got.blocks[index]);
  const byte = Math.max(0, block) * blockBytes;
  if (got.bytes !== expected.bytes)
    return toFinding('size_differs', `${got.bytes} of ${expected.bytes}`, {
      file: path,
      byte: Math.min(got.bytes, expected.bytes),
    });
  return toFinding('checksum_differs', `another, from a byte of the next ${blockBytes} on`, { file: path, byte });
}
