import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { askWhole } from './object-answer.ts';
import { nameObject } from './object-place.ts';
import type { ObjectPlace } from './object-place.ts';
import { ObjectTrouble } from './object-request.ts';
import type { ObjectContext } from './object-request.ts';
import { hashObject } from './read-object.ts';

/** A file that is to lie in a store of objects, with the sha256 that it has here. */
export interface UploadWish {
  file: string;
  sha256: string;
  /** Bytes of a part, at least 5 MiB by the rules of the S3 API. */
  partBytes?: number;
  onBytes?: (done: number, total: number) => void;
}

const standardPart = 16 * 1024 * 1024;
const mostParts = 10_000;

/**
 * Puts a file into a store of objects, in parts where it is large, and reads it back: it is there when its sha256 is the one of the file and the store lists it with its
 * size. An object that is there already is never replaced; one that came out otherwise is taken away again.
 */
export async function uploadObject(place: ObjectPlace, wish: UploadWish, context: ObjectContext): Promise<void> {
  const { size } = await stat(wish.file);
  const partBytes = Math.max(wish.partBytes ?? standardPart, Math.ceil(size / mostParts));
  await refuseExisting(place, context);
  const handle = await open(wish.file);
  try {
    if (size <= partBytes) await putWhole(place, { handle, size }, context);
    else await putParts(place, { ...wish, handle, size, partBytes }, context);
  } finally {
    await handle.close();
  }
  await verifyUpload(place, { size, sha256: wish.sha256 }, context);
}

async function refuseExisting(place: ObjectPlace, context: ObjectContext): Promise<void> {
  const { status } = await askWhole(place, { method: 'HEAD', key: place.key, expected: [200, 404] }, context);
  if (status === 200) throw new ObjectTrouble('exists', `${nameObject(place)}: expected no such object, got one`);
}

/** Both this and the end of an upload in parts are made by the store only where no object is there by then. */
const ifNone = { 'if-none-match': '*' };

async function putWhole(
  place: ObjectPlace,
  { handle, size }: { handle: FileHandle; size: number },
  context: ObjectContext,
): Promise<void> {
  const body = await readPart(handle, 0, size);
  await askWhole(place, { method: 'PUT', key: place.key, headers: ifNone, body, expected: [200] }, context);
}

interface Parts extends UploadWish {
  handle: FileHandle;
  size: number;
  partBytes: number;
}

async function putParts(place: ObjectPlace, parts: Parts, context: ObjectContext): Promise<void> {
  const { key } = place;
  const begun = await askWhole(place, { method: 'POST', key, query: { uploads: '' }, expected: [200] }, context);
  const uploadId = begun.texts.get('UploadId')?.[0];
  if (uploadId === undefined)
    throw new ObjectTrouble('malformed', `${nameObject(place)}: expected the id of an upload, got none`);
  try {
    const tags = await putEach(place, { ...parts, uploadId }, context);
    const list = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${toXml(tag)}</ETag></Part>`);
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
    await askWhole(
      place,
      { method: 'POST', key, query: { uploadId }, headers: ifNone, body, expected: [200] },
      context,
    );
  } catch (error) {
    // Parts that nobody ends are kept, and paid for, until somebody takes them away; a signal that has ended the work must not keep that from happening.
    const late = { ...context, signal: AbortSignal.timeout(30_000) };
    await askWhole(place, { method: 'DELETE', key, query: { uploadId }, expected: [204, 404] }, late).catch(
      () => undefined,
    );
    throw error;
  }
}

async function putEach(
  place: ObjectPlace,
  { handle, size, partBytes, uploadId, onBytes }: Parts & { uploadId: string },
  context: ObjectContext,
): Promise<string[]> {
  const tags: string[] = [];
  for (let from = 0; from < size; from += partBytes) {
    const body = await readPart(handle, from, Math.min(partBytes, size - from));
    const query = { partNumber: String(tags.length + 1), uploadId };
    const { headers } = await askWhole(place, { method: 'PUT', key: place.key, query, body, expected: [200] }, context);
    if (headers.etag === undefined)
      throw new ObjectTrouble('malformed', `${nameObject(place)}: expected the tag of a part, got none`);
    tags.push(headers.etag);
    onBytes?.(from + body.length, size);
  }
  return tags;
}

async function readPart(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, from);
  if (bytesRead === length) return bytes;
  throw new ObjectTrouble('file_changed', 'expected a file at rest, got one that is shorter by now');
}

async function verifyUpload(
  place: ObjectPlace,
  { size, sha256 }: { size: number; sha256: string },
  context: ObjectContext,
): Promise<void> {
  const got = await hashObject(place, context);
  if (got !== sha256) {
    await askWhole(place, { method: 'DELETE', key: place.key, expected: [200, 204] }, context);
    throw new ObjectTrouble(
      'damaged',
      `${nameObject(place)}: expected sha256 ${sha256}, got ${got}; it was taken away again`,
    );
  }
  const query = { 'list-type': '2', prefix: place.key };
  const { texts } = await askWhole(place, { method: 'GET', key: null, query, expected: [200] }, context);
  const at = texts.get('Key')?.indexOf(place.key) ?? -1;
  if (at === -1 || texts.get('Size')?.[at] !== String(size))
    throw new ObjectTrouble(
      'unlisted',
      `${nameObject(place)}: expected the bucket to list it with ${size} bytes, got another list`,
    );
}

function toXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
