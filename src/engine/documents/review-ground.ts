import { allows } from '../../core/access/allows.ts';
import type { Permission } from '../../core/access/permission.ts';
import type { AccessScene } from '../../core/access/grant.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { toReview } from '../../core/review/review.ts';
import type { LoggedMove, Review } from '../../core/review/review.ts';
import { toThreads } from '../../core/review/thread.ts';
import type { Thread } from '../../core/review/thread.ts';
import { readComments, readMoves } from '../../store/document-review.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from '../access/load-access.ts';
import { pickDocument, readFolder, versionOf } from './read-documents.ts';

/** What documents are reviewed with. */
export interface ReviewGround {
  store: Store;
  directory: string;
  /** From which rights follow. */
  launch: Launch;
}

/** A document as it stands in the folder, with its moves and threads. */
export interface ReviewedDocument {
  path: string;
  bytes: Uint8Array;
  text: string;
  review: Review;
  moves: readonly LoggedMove[];
  threads: Thread[];
}

/** Reads one; throws `document_unknown` for what the launch does not have. */
export async function readReviewed(
  { store, directory, launch }: ReviewGround,
  path: string,
): Promise<ReviewedDocument> {
  const { bytes } = pickDocument(await readFolder(directory), path);
  const of = { launch: launch.id, path };
  const moves = (await readMoves(store, of)).get(path) ?? [];
  const comments = (await readComments(store, of)).get(path) ?? [];
  const text = Buffer.from(bytes).toString('utf8');
  return { path, bytes, text, review: toReview(moves, versionOf(bytes)), moves, threads: toThreads(comments, text) };
}

/** Threads that nobody has resolved. */
export function countOpen(threads: readonly Thread[]): number {
  return threads.filter(({ isResolved }) => !isResolved).length;
}

/** Environments in which a right to review is asked: that of the launch, or all where it names none. */
export function reviewPlaces({ environment, environments }: Launch): string[] {
  return environment === null ? environments.map(({ id }) => id) : [environment];
}

/** Says who holds a permission now, among the people whom the launch declares. */
export type WhoMay = (permission: Permission) => string[];

/** Reads rights once, for any number of questions. */
export async function createWhoMay(store: Store, launch: Launch): Promise<WhoMay> {
  const { scene } = await loadAccess(store, launch, null);
  const nowMs = Date.parse(await readNow(store));
  return (permission) => peopleWith(scene, { launch, permission, nowMs });
}

function peopleWith(
  scene: AccessScene,
  { launch, permission, nowMs }: { launch: Launch; permission: Permission; nowMs: number },
): string[] {
  const places = reviewPlaces(launch).map((environment) => ({ launch: launch.id, environment }));
  return launch.people
    .filter(({ id }) => places.every((scope) => allows(scene, { actor: id, permission, scope }, nowMs).allowed))
    .map(({ id }) => id);
}
