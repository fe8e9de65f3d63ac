import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { extract } from 'tar-stream';

import { toFinding } from '../../../core/dataset/archive/archive-rules.ts';
import type { ArchiveFinding } from '../../../core/dataset/archive/archive-rules.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { describeFileError } from '../../../core/error/describe-file-error.ts';
import { ageBegin, decryptWith } from './age-stream.ts';

/** Where an archive lies and how it is opened. */
export interface ArchiveReading {
  file: string;
  /** age identities, for an archive that is encrypted. */
  identities: readonly string[];
  signal: AbortSignal;
}

/** One file of an archive; its bytes have to be read to their end before the next is there. */
export interface ArchivedFile {
  path: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** What is wrong with the container, so that nothing in it can be believed. */
export class ArchiveTrouble extends Error {
  readonly finding: ArchiveFinding;
  constructor(finding: ArchiveFinding) {
    super(finding.message);
    this.finding = finding;
  }
}

/** Returns the sha256 of the file as it lies there. */
export async function hashArchive({ file, signal }: ArchiveReading): Promise<string> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(file), digest, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ProductError('archive_unreadable', `${file}: expected an archive, got ${describeFileError(cause)}`, {
      hint: 'name the file of an archive, as "tminus export" wrote it',
      cause,
    });
  }
  return digest.digest('hex');
}

/** Reads the archive to its end without looking at what is in it. Throws `ArchiveTrouble` where a byte of it is missing or was changed. */
export async function proveContainer(reading: ArchiveReading): Promise<void> {
  const gunzip = await openPlain(reading);
  try {
    for await (const _ of gunzip) reading.signal.throwIfAborted();
  } catch (error) {
    throw toTrouble(error, gunzip.bytesWritten);
  }
}

/** Yields the files of an archive. Nothing is written anywhere; whatever is no plain file below the archive is refused (A16). */
export async function* readArchive(reading: ArchiveReading): AsyncGenerator<ArchivedFile> {
  const gunzip = await openPlain(reading);
  const reader = extract();
  gunzip.on('error', (error) => reader.destroy(error));
  const seen = new Set<string>();
  try {
    for await (const entry of gunzip.pipe(reader)) {
      reading.signal.throwIfAborted();
      const { name: path, type } = entry.header;
      const why = whyForbidden(path, type ?? 'file');
      if (why !== null) throw new ArchiveTrouble(toFinding('entry_forbidden', why));
      if (seen.has(path)) throw new ArchiveTrouble(toFinding('entry_duplicate', 'it again', { file: path }));
      seen.add(path);
      yield { path, bytes: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
  } catch (error) {
    throw toTrouble(error, null);
  } finally {
    gunzip.destroy();
  }
}

async function openPlain({ file, identities }: ArchiveReading): Promise<ReturnType<typeof createGunzip>> {
  const begin = await readBegin(file);
  const isSealed = begin.equals(ageBegin);
  const source = createReadStream(file);
  const plain: Readable | null = isSealed ? await decryptWith(identities, source) : source;
  if (plain === null) {
    const got = identities.length === 0 ? 'an encrypted one, and no identity' : 'one for others';
    throw new ArchiveTrouble(toFinding('key_wrong', got));
  }
  if (!isSealed && !isGzip(begin)) {
    source.destroy();
    const rule = begin.length < 2 ? 'archive_truncated' : 'archive_unreadable';
    throw new ArchiveTrouble(toFinding(rule, 'something else', { byte: 0 }));
  }
  const gunzip = createGunzip();
  // Of what was encrypted, a changed byte is seen by the seal, before gzip sees it.
  plain.on('error', (error) => gunzip.destroy(isSealed ? Object.assign(error, { code: 'Z_DATA_ERROR' }) : error));
  return plain.pipe(gunzip);
}

function isGzip(begin: Buffer): boolean {
  return begin[0] === 0x1f && begin[1] === 0x8b;
}

async function readBegin(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ageBegin.length), 0, ageBegin.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A path that would lead out of the folder that it is unpacked into, or a thing that is no file (zip slip). */
function whyForbidden(path: string, type: string): string | null {
  if (type !== 'file' && type !== 'contiguous-file') return `a ${type}`;
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'an absolute path';
  if (path.split(/[/\\]/).includes('..')) return 'a path that leads out of it';
  return path.includes('\0') || path.includes('\\') || path === '' ? 'a path of another form' : null;
}

function toTrouble(error: unknown, byte: number | null): unknown {
  if (error instanceof ArchiveTrouble || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR' || /unexpected end of data|too short|stream closed/i.test(error.message))
    return new ArchiveTrouble(toFinding('archive_truncated', 'one that ends early', { byte }));
  if (code?.startsWith('Z_')) return new ArchiveTrouble(toFinding('archive_corrupted', 'others', { byte }));
  if (code === undefined) return new ArchiveTrouble(toFinding('archive_unreadable', 'another form', { byte }));
  return error;
}
