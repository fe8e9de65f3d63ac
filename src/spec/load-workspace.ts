import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { describeFileError } from '../core/error/describe-file-error.ts';
import { ProductError } from '../core/error/product-error.ts';
import { declares } from './document/declares.ts';
import { readDocumentFile } from './document-file.ts';
import { linkedPaths } from './document/linked-paths.ts';
import { readingLimits } from './document/measure-hostility.ts';
import { readDocument } from './document/read-document.ts';
import { findMarkdown, isInside } from './find-markdown.ts';
import type { PassedOver } from './find-markdown.ts';
import type { DocumentBytes } from './launch/read-launch.ts';

/** The documents of one launch, as bytes, and where they were found. */
export interface Workspace {
  /** Absolute, without symbolic links. */
  root: string;
  documents: DocumentBytes[];
  skipped: PassedOver[];
}

/**
 * Reads every Markdown file under the folder whose front matter says `tminus:`, and the Markdown files that those link to; bundles below it are not read.
 * Nothing outside of the folder is ever opened: a link that leads out ends in `document_unreadable`, and so does a declaring document that is too large.
 */
export async function loadWorkspace(directory: string): Promise<Workspace> {
  const root = await findRoot(directory);
  const { found, skipped } = await findMarkdown(root);
  const declaring = new Map<string, Uint8Array>();
  for (const path of found) {
    const bytes = readDeclaring(root, path);
    if (bytes !== null) declaring.set(path, bytes);
  }
  if (declaring.size === 0) throw missingLaunch(directory, found.length, skipped);
  const linked = new Map<string, Uint8Array>();
  for (const [path, bytes] of declaring) {
    for (const target of linksOf(path, bytes)) {
      if (declaring.has(target) || linked.has(target)) continue;
      const content = await readLinked(root, path, target);
      if (content !== null) linked.set(target, content);
    }
  }
  return { root, documents: [...declaring, ...linked].map(([path, bytes]) => ({ path, bytes })), skipped };
}

/** Links follow from the bytes alone, and finding them takes a whole reading: those of the documents that were read last are kept. */
const knownLinks = new Map<string, readonly string[]>();
const keptLinks = 64;

function linksOf(path: string, bytes: Uint8Array): readonly string[] {
  const key = `${createHash('sha256').update(bytes).digest('hex')} ${path}`;
  const links = knownLinks.get(key) ?? linkedPaths(readDocument(path, bytes));
  knownLinks.delete(key);
  knownLinks.set(key, links);
  const [oldest] = knownLinks.keys();
  if (knownLinks.size > keptLinks && oldest !== undefined) knownLinks.delete(oldest);
  return links;
}

async function findRoot(directory: string): Promise<string> {
  try {
    const path = await realpath(resolve(directory));
    return (await stat(path)).isDirectory() ? path : dirname(path);
  } catch (cause) {
    throw new ProductError(
      'launch_missing',
      `${directory} cannot be opened - expected a folder, got ${describeFileError(cause)}`,
      { hint: 'name the folder that holds the launch documents', cause },
    );
  }
}

/** Bytes of a file whose front matter says `tminus:`, else null. One that is too large is refused: its gates would silently be missing. */
function readDeclaring(root: string, path: string): Uint8Array | null {
  const bytes = readDocumentFile(join(root, path), path);
  if (!declares(bytes)) return null;
  if (bytes.length > readingLimits.documentBytes)
    throw tooLarge(path, 'split it, or take tminus out of its front matter');
  return bytes;
}

/** Bytes of a linked document; null where there is nothing, which lint reports as a broken link. */
async function readLinked(root: string, from: string, target: string): Promise<Uint8Array | null> {
  const real = await realpath(join(root, target)).catch(() => null);
  if (real === null) return null;
  if (!isInside(root, real)) {
    throw new ProductError(
      'document_unreadable',
      `${target} is a symbolic link that leads out of the folder - expected a file inside it, got ${real}`,
      {
        hint: `copy the document into the folder, or remove the link from ${from}`,
        at: { file: target, line: 1, column: 1 },
      },
    );
  }
  if ((await stat(real)).isDirectory()) return null;
  const bytes = readDocumentFile(real, target);
  if (bytes.length > readingLimits.documentBytes) throw tooLarge(target, `split it, or remove the link from ${from}`);
  return bytes;
}

function tooLarge(path: string, hint: string): ProductError {
  return new ProductError(
    'document_unreadable',
    `${path} is too large to be a document - expected at most ${readingLimits.documentBytes} bytes, got more`,
    { hint, at: { file: path, line: 1, column: 1 } },
  );
}

function missingLaunch(directory: string, files: number, skipped: readonly PassedOver[]): ProductError {
  const got =
    files === 0 ? 'no Markdown file at all' : `${files} Markdown ${files === 1 ? 'file' : 'files'} without it`;
  const [first] = skipped;
  const passed = first ? ` (passed over: ${first.path}, ${first.reason})` : '';
  return new ProductError(
    'launch_missing',
    `no launch document in ${directory} - expected a Markdown file whose front matter says tminus: launch, got ${got}${passed}`,
    { hint: 'run tminus init to begin one, or name the folder that holds it with -C' },
  );
}
