import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { describeFileError } from '../../core/error/describe-file-error.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { readingLimits } from '../../spec/document/measure-hostility.ts';
import type { LaunchReaders } from '../../spec/launch/launch-readers.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { replaceFile } from '../write-file.ts';
import { assessIn } from './assess-draft.ts';
import type { AssessedDraft, Draft } from './assess-draft.ts';
import { pickDocument, readFolder, versionOf } from './read-documents.ts';
import { readLock } from './read-review.ts';

/** Who saves what over which version. */
export interface SaveWish extends Draft {
  person: string;
  /** Version that the person has changed. */
  expectedVersion: string;
}

/** Saved, or not because somebody else was faster. */
export type SavedDocument =
  | { saved: true; version: string; assessed: AssessedDraft }
  | { saved: false; current: string };

interface SaveGround {
  store: Store;
  directory: string;
  readers: LaunchReaders;
  /** The last launch that could be read from the folder: rights follow from it. */
  lastRead: Launch;
}

/** One change of a folder at a time: between looking at the version and writing nobody else of this process writes. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Writes a document into the working tree, whole or not at all, where it still has the version that was changed. It is not committed, ever: what is released is
 * what people commit. Wants `document.edit` in the environment of the launch, and `grant.give` where the text gives or takes rights. Only a document that is
 * there can be replaced: no new file, nothing behind a symbolic link, nothing outside of the folder.
 */
export function saveDocument(ground: SaveGround, wish: SaveWish): Promise<SavedDocument> {
  const last = turns.get(ground.directory) ?? Promise.resolve();
  const turn = last.then(
    () => save(ground, wish),
    () => save(ground, wish),
  );
  turns.set(ground.directory, turn);
  return turn;
}

async function save(ground: SaveGround, wish: SaveWish): Promise<SavedDocument> {
  const { path, text, expectedVersion } = wish;
  const folder = await readFolder(ground.directory);
  const current = versionOf(pickDocument(folder, path).bytes);
  refuseLarge(path, text);
  const assessed = assessIn(folder, wish, ground);
  await permit(ground, wish, assessed);
  await refuseLocked(ground, path);
  if (current !== expectedVersion) return { saved: false, current };
  const file = plainFile(folder.directory, path);
  replaceFile(file, text);
  return { saved: true, version: versionOf(Buffer.from(text)), assessed };
}

async function permit({ store, lastRead }: SaveGround, wish: SaveWish, { authority }: AssessedDraft): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  const subject = `document ${wish.path} as ${versionOf(Buffer.from(wish.text))}`;
  const wanted = authority?.length === 0 ? (['document.edit'] as const) : (['document.edit', 'grant.give'] as const);
  for (const { id: environment } of lastRead.environments) {
    for (const permission of wanted) {
      const ask = { person: wish.person, permission, environment, nowMs, subject };
      await requirePermission(store, lastRead, ask);
    }
  }
}

async function refuseLocked({ store, lastRead }: SaveGround, path: string): Promise<void> {
  const lock = await readLock({ store, launch: lastRead }, path);
  if (lock === null) return;
  const since = new Date(lock.atMs).toISOString();
  throw new ProductError(
    'document_locked',
    `document ${path}: expected one that is not locked, got a lock by ${lock.by} since ${since}`,
    { hint: `ask ${lock.unlockers.join(' or ') || 'an admin for somebody who may'} to unlock it, with a reason` },
  );
}

function refuseLarge(path: string, text: string): void {
  const most = readingLimits.documentBytes;
  const size = Buffer.byteLength(text);
  if (size <= most && text.isWellFormed()) return;
  const got = size > most ? `${size} bytes` : 'half a character';
  throw new ProductError(
    'request_invalid',
    `document ${path}: expected at most ${most} bytes of Unicode text, got ${got}`,
    {
      hint: 'split the document',
    },
  );
}

/** The file behind a path, known to be a regular file that lies where its path says: no folder or file on the way is a symbolic link. */
function plainFile(root: string, path: string): string {
  const file = join(root, path);
  try {
    if (realpathSync(file) === file && lstatSync(file).isFile()) return file;
  } catch (cause) {
    throw notPlain(path, describeFileError(cause));
  }
  throw notPlain(path, 'a symbolic link, or something that is no file');
}

function notPlain(path: string, got: string): ProductError {
  return new ProductError('document_unreadable', `document ${path}: expected a file of the folder, got ${got}`, {
    hint: 'change it where it lies',
    at: { file: path, line: 1, column: 1 },
  });
}
