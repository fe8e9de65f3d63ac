import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import type { Observation, ObserveContext, ObservedSource } from '../../core/check/check.ts';
import { toStatSource } from './file-stat.ts';
import type { FileStat } from './file-stat.ts';
import { FileTrouble, toFileTrouble } from './file-trouble.ts';
import { listWorkspaceFiles } from './list-workspace-files.ts';
import type { WorkspaceFile } from './list-workspace-files.ts';

/** What a kind wants of the files that a document names. */
export interface FileRequest {
  path: string;
  /** Which files of a folder are meant; a folder is refused where this is empty. */
  extensions: readonly string[];
  mediaType: string;
  /** Files beyond this many bytes, alone or together, are trouble, or are kept by digest and head only. At most 64 MiB. */
  keepBytes: number;
  larger: 'trouble' | 'head';
  /** Whether no file at all is trouble, or a fact to be judged. */
  missing: 'trouble' | 'fact';
}

/** Bytes of a file that are kept where the whole is too large. */
const headBytes = 64 * 1024;

interface Taken {
  source: ObservedSource;
  stat: FileStat;
}

/**
 * Brings the bytes of workspace files, and beside them the `stat.json` of what cannot be read from bytes: size, digest, age.
 * Nothing outside the workspace is opened, no link is followed out of it, and nothing but regular files is read.
 */
export async function readWorkspaceFiles(request: FileRequest, context: ObserveContext): Promise<Observation> {
  try {
    const files = await listWorkspaceFiles(context.workspace, request.path, request.extensions, context.signal);
    if (files.length === 0 && request.missing === 'trouble')
      throw new FileTrouble('missing', `${request.path}: expected a file, got none`);
    const taken: Taken[] = [];
    let room = request.keepBytes;
    for (const file of files) {
      const each = await takeFile(file, { ...request, keepBytes: room }, context);
      room -= each.source.bytes.length;
      taken.push(each);
    }
    const stat = toStatSource({ files: taken.map((each) => each.stat) });
    return { sources: [...taken.map((each) => each.source), stat], trouble: null };
  } catch (error) {
    if (context.signal.aborted)
      return { sources: [], trouble: { code: 'aborted', message: `${request.path}: reading was aborted` } };
    return { sources: [], trouble: toFileTrouble(request.path, error).toTrouble() };
  }
}

/** O_NONBLOCK so that a pipe in place of a file cannot hold the check; O_NOFOLLOW because the path was resolved a moment ago. */
async function takeFile(file: WorkspaceFile, request: FileRequest, context: ObserveContext): Promise<Taken> {
  context.signal.throwIfAborted();
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const handle = await open(file.real, flags).catch((error: unknown) => {
    throw toFileTrouble(file.path, error);
  });
  try {
    const before = await handle.stat();
    if (!before.isFile())
      throw new FileTrouble('not_a_file', `${file.path}: expected a regular file, got something else`);
    if (before.size > request.keepBytes && request.larger === 'trouble')
      throw new FileTrouble(
        'too_large',
        `${file.path}: expected at most ${request.keepBytes} bytes, got ${before.size}`,
      );
    const read = await readWhole(handle, Math.max(request.keepBytes, 0), context.signal);
    const after = await handle.stat();
    if (after.size !== read.size || after.mtimeMs !== before.mtimeMs)
      throw new FileTrouble('changed', `${file.path}: expected a file at rest, got one that changed while it was read`);
    const ageMs = Math.round(context.now() - after.mtimeMs);
    const { bytes, ...measured } = read;
    return {
      source: { name: file.path, mediaType: request.mediaType, bytes },
      stat: { path: file.path, ageMs, ...measured },
    };
  } finally {
    await handle.close();
  }
}

type WholeFile = Pick<FileStat, 'size' | 'sha256' | 'kept'> & { bytes: Uint8Array };

/** Reads to the end in any case, for the digest, and keeps what there is room for. */
async function readWhole(handle: FileHandle, keepBytes: number, signal: AbortSignal): Promise<WholeFile> {
  const hash = createHash('sha256');
  const chunks: Uint8Array[] = [];
  const limit = Math.max(keepBytes, headBytes);
  let size = 0;
  for await (const chunk of handle.createReadStream({
    autoClose: false,
    start: 0,
    highWaterMark: headBytes,
    signal,
  }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    if (size < limit) chunks.push(chunk);
    size += chunk.length;
  }
  const whole = Buffer.concat(chunks);
  const isWhole = size <= keepBytes;
  return {
    size,
    sha256: hash.digest('hex'),
    kept: isWhole ? 'whole' : 'head',
    bytes: isWhole ? whole : whole.subarray(0, headBytes),
  };
}
