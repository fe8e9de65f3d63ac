import { ProductError } from '../../core/error/product-error.ts';
import { VersionConflict } from '../../core/error/version-conflict.ts';
import type { LoggedComment } from '../../core/review/thread.ts';
import { insertComment, unknownThread } from '../../store/document-review.ts';
import { readNow } from '../../store/open-store.ts';
import { permissionDenied, permitPerson } from '../access/permit-person.ts';
import { readReviewed, reviewPlaces } from './review-ground.ts';
import type { ReviewGround } from './review-ground.ts';

/** What somebody says at a place of a document. */
export interface ThreadWish {
  path: string;
  person: string;
  text: string;
  /** Null for the whole document. */
  line: number | null;
  expectedVersion: string;
}

/** Begins a thread at a line, and keeps what the line said; returns its id. Wants the right to submit or to review. */
export async function beginThread(ground: ReviewGround, wish: ThreadWish): Promise<number> {
  const { path, person, line } = wish;
  const document = await readReviewed(ground, path);
  await permitComment(ground, wish);
  const { version } = document.review;
  if (wish.expectedVersion !== version) throw new VersionConflict(`document ${path}`, wish.expectedVersion, version);
  const lines = document.text.split(/\r?\n/u);
  const quote = line === null ? '' : lines[line - 1];
  if (quote === undefined) throw badComment(`line ${line} of ${path}: expected at most ${lines.length}`);
  const at = { launch: ground.launch.id, path, thread: null, version, line, quote };
  return insertComment(ground.store, { ...at, deed: 'comment', person, text: toWords(wish.text, 'comment') });
}

/** What somebody does with a thread. */
export interface ThreadDeed {
  path: string;
  thread: number;
  deed: LoggedComment['deed'];
  person: string;
  /** May be empty where a thread is resolved or opened again. */
  text: string;
}

/** Answers in a thread, resolves it or opens it again; every word is kept. Resolving what is resolved changes nothing. */
export async function answerThread(ground: ReviewGround, wish: ThreadDeed): Promise<void> {
  const { path, person, deed } = wish;
  const { threads } = await readReviewed(ground, path);
  await permitComment(ground, wish);
  const of = { launch: ground.launch.id, path };
  const found = threads.find(({ id }) => id === wish.thread);
  if (!found) throw unknownThread(of, wish.thread);
  if (deed !== 'comment' && found.isResolved === (deed === 'resolve')) return;
  const { id: thread, version, writtenLine: line, quote } = found;
  await insertComment(ground.store, {
    ...of,
    thread,
    version,
    line,
    quote,
    deed,
    person,
    text: toWords(wish.text, deed),
  });
}

/** Whoever submits or reviews may speak. */
async function permitComment(
  { store, launch }: ReviewGround,
  { person, path }: { person: string; path: string },
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  const subject = `comment on document ${path}`;
  for (const environment of reviewPlaces(launch)) {
    const ask = { person, environment, nowMs, subject };
    if ((await permitPerson(store, launch, { ...ask, permission: 'document.review' })).allowed) continue;
    const { allowed, reason } = await permitPerson(store, launch, { ...ask, permission: 'document.submit' });
    if (!allowed) throw permissionDenied(person, 'document.review or document.submit', reason);
  }
}

const mostCharacters = 4_000;

function toWords(text: string, deed: LoggedComment['deed']): string {
  const words = text.trim();
  if (words.length > mostCharacters || !words.isWellFormed() || words.includes('\0'))
    throw badComment(`comment: expected at most ${mostCharacters} characters of text`);
  if (words === '' && deed === 'comment') throw badComment('comment: expected words, got none');
  return words;
}

function badComment(message: string): ProductError {
  return new ProductError('request_invalid', message, { hint: 'write it again; nothing was kept' });
}
