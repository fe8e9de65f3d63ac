import { sha256Hex } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { LaunchReaders } from '../../spec/launch/launch-readers.ts';
import { readLaunch } from '../../spec/launch/read-launch.ts';
import type { DocumentBytes, ReadLaunch } from '../../spec/launch/read-launch.ts';
import { lintDocuments } from '../../spec/lint/lint-documents.ts';
import type { LintedDocument } from '../../spec/lint/lint-documents.ts';
import { loadWorkspace } from '../../spec/load-workspace.ts';
import { collectDocuments, toExists } from '../collect-documents.ts';

/** The documents of a launch folder as they stand now, whether a launch can be read from them or not. */
export interface FolderDocuments {
  directory: string;
  documents: readonly DocumentBytes[];
}

/** Documents that the launch consists of; where it cannot even be told which those are, every Markdown file of the folder, so that they can be mended. */
export async function readFolder(directory: string): Promise<FolderDocuments> {
  try {
    const { root, documents } = await loadWorkspace(directory);
    return { directory: root, documents };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    const { documents } = await collectDocuments(directory, ['.']);
    return { directory, documents };
  }
}

/** Lint over all of them, since rules look beyond one file. */
export function lintFolder({ directory, documents }: FolderDocuments, readers: LaunchReaders): LintedDocument[] {
  return lintDocuments(documents, { exists: toExists(directory), readers }).documents;
}

/** One of them, or the error that names those that there are: nothing else of the folder is a document. */
export function pickDocument({ documents }: FolderDocuments, path: string): DocumentBytes {
  const found = documents.find((one) => one.path === path);
  if (found) return found;
  const known = documents.slice(0, 20).map((one) => one.path);
  throw new ProductError('document_unknown', `document ${path}: expected one of ${known.join(', ') || 'none'}`, {
    hint: 'open one that the launch has; a new one is made in its repository',
  });
}

/** What the launch would be with another text in the place of one document. */
export function readWith({ documents }: FolderDocuments, draft: DocumentBytes, readers: LaunchReaders): ReadLaunch {
  return readLaunch(
    documents.map((one) => (one.path === draft.path ? draft : one)),
    readers,
  );
}

/** Version of a document: the digest of its bytes. */
export function versionOf(bytes: Uint8Array): string {
  return sha256Hex(bytes);
}

/** The launch of a reading, or null. */
export function launchOf(read: ReadLaunch): Launch | null {
  return read.ok ? read.launch : null;
}
