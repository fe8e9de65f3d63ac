import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { extract } from 'tar-stream';
import type { Header } from 'tar-stream';

import { FileTrouble } from '../file-trouble.ts';
import type { ArchiveListing } from './archive-listing.ts';

const mostEntries = 50_000;
const mostBytes = 4 * 1024 ** 3;
const mostManifestBytes = 4 * 1024 * 1024;
const regular = new Set<Header['type']>(['file', 'contiguous-file']);

/** The archive to be listed; nothing of it is ever written to disk. */
export interface ArchiveRequest {
  real: string;
  shown: string;
  manifest: string | null;
  signal: AbortSignal;
}

/**
 * Lists a hostile tar archive with the digest of every file in it. Throws `FileTrouble` where it is damaged, unfolds into more than
 * 4 GiB, or holds an entry that could write outside its folder: absolute or climbing paths, links, devices, one path twice.
 */
export async function listArchive(request: ArchiveRequest): Promise<ArchiveListing> {
  const hash = createHash('sha256');
  const listing: ArchiveListing = { sha256: '', entries: [], manifest: null };
  const unpack = extract();
  await using archive = await open(request.real);
  const isPacked = await beginsLikeGzip(archive);
  const reading = pipeline(
    archive.createReadStream({ autoClose: false, start: 0 }),
    watched((chunk) => void hash.update(chunk)),
    ...(isPacked ? [createGunzip()] : []),
    watched(limitTo(mostBytes, request.shown)),
    unpack,
    { signal: request.signal },
  );
  try {
    await Promise.all([reading, takeEntries(unpack, listing, request)]);
  } catch (error) {
    await reading.catch(() => {});
    if (error instanceof FileTrouble || request.signal.aborted) throw error;
    throw new FileTrouble(
      'malformed',
      `${request.shown}: expected a whole tar archive, got ${(error as Error).message}`,
    );
  }
  return { ...listing, sha256: hash.digest('hex') };
}

/** RFC 1952, 2.3.1: the name of a file says nothing, its first two bytes do. */
async function beginsLikeGzip(archive: FileHandle): Promise<boolean> {
  const { buffer } = await archive.read(Buffer.alloc(2), 0, 2, 0);
  return buffer[0] === 0x1f && buffer[1] === 0x8b;
}

async function takeEntries(
  unpack: ReturnType<typeof extract>,
  listing: ArchiveListing,
  request: ArchiveRequest,
): Promise<void> {
  const seen = new Set<string>();
  for await (const entry of unpack) {
    const path = toSafePath(entry.header, request.shown);
    if (entry.header.type === 'directory') {
      entry.resume();
      continue;
    }
    if (seen.has(path))
      throw new FileTrouble('unsafe_archive', `${request.shown}: expected each path once, got ${path} twice`);
    seen.add(path);
    if (seen.size > mostEntries)
      throw new FileTrouble('too_many', `${request.shown}: expected at most ${mostEntries} files, got more`);
    const isManifest = path === request.manifest;
    const { bytes, ...measured } = await measure(entry as unknown as Readable, isManifest ? mostManifestBytes : 0);
    listing.entries.push({ path, ...measured });
    if (isManifest) listing.manifest = new TextDecoder('utf-8').decode(bytes);
  }
}

async function measure(entry: Readable, keep: number): Promise<{ size: number; sha256: string; bytes: Uint8Array }> {
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of entry as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= keep) kept.push(chunk);
  }
  return { size, sha256: hash.digest('hex'), bytes: Buffer.concat(kept) };
}

function toSafePath({ name, type }: Header, shown: string): string {
  const path = name.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  const refuse = (what: string): never => {
    throw new FileTrouble('unsafe_archive', `${shown}: expected files and folders inside the archive, got ${what}`);
  };
  if (type !== 'directory' && !regular.has(type)) refuse(`${type ?? 'an unknown entry'} ${JSON.stringify(name)}`);
  const isRoot = path === '' || path === '.';
  if (isRoot && type === 'directory') return path;
  const climbs = path.split('/').some((part: string) => part === '..' || part === '');
  if (isRoot || climbs || /^([/\\]|[A-Za-z]:)|[\0\\]/.test(name)) refuse(`the path ${JSON.stringify(name)}`);
  return path;
}

/** Hands every chunk on after `look` has seen it; an error that `look` throws ends the pipeline. */
function watched(look: (chunk: Uint8Array) => void): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      try {
        look(chunk);
      } catch (error) {
        return done(error as Error);
      }
      done(null, chunk);
    },
  });
}

function limitTo(most: number, shown: string): (chunk: Uint8Array) => void {
  let size = 0;
  return (chunk) => {
    size += chunk.length;
    if (size > most) throw new FileTrouble('too_large', `${shown}: expected at most ${most} unpacked bytes, got more`);
  };
}
