import { ProductError } from '../../core/error/product-error.ts';
import type { DocumentMove } from '../../core/review/review-moves.ts';
import { moveDocument } from '../../engine/documents/move-document.ts';
import { readMarkedCopy, readReviewPage } from '../../engine/documents/read-review.ts';
import type { ReviewPage } from '../../engine/documents/read-review.ts';
import type { ReviewGround } from '../../engine/documents/review-ground.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toDirectory } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

/** What moving a document takes. */
export interface MoveOptions extends GlobalOptions, SignerOptions {
  seen: string;
  reason?: string;
}

/** Shows where a document stands, who may do what next, what is open and what was decided. */
export async function documentShow(shell: Shell, path: string, options: GlobalOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const page = await readReviewPage(toGround(shell, options, session), path, '');
    const { review, next, threads, moves, watermark } = page;
    return { exit: 0, json: { path, review, watermark, next, threads, moves }, text: render(page) };
  });
}

/** Prints the document with its watermark: state, version, when and by whom. */
export async function documentCopy(shell: Shell, path: string, options: GlobalOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const copy = await readMarkedCopy(toGround(shell, options, session), path);
    return { exit: 0, json: { path, copy }, text: copy };
  });
}

/** Moves the version that was seen along its review. */
export async function documentMove(
  shell: Shell,
  { move, path }: { move: DocumentMove; path: string },
  options: MoveOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { person } = readSigner(shell, session.scene, options);
    const ground = toGround(shell, options, session);
    const { review } = await readReviewPage(ground, path, person.id);
    const expectedVersion = toSeen(options.seen, review.version);
    const reason = options.reason ?? null;
    await moveDocument(ground, { path, move, person: person.id, reason, expectedVersion, expectedNumber: null });
    const page = await readReviewPage(ground, path, person.id);
    return { exit: 0, json: { path, review: page.review, watermark: page.watermark }, text: render(page) };
  });
}

function toGround(shell: Shell, options: GlobalOptions, { scene, store }: Session): ReviewGround {
  return { store, directory: toDirectory(shell, options), launch: scene.launch };
}

/** Twelve digits or more say which version was seen; anything else is compared as it stands, and refused where it is another. */
function toSeen(seen: string, current: string): string {
  if (!/^[0-9a-f]{12,64}$/u.test(seen))
    throw new ProductError('usage', `--seen: expected at least 12 digits of the version, got ${toInert(seen, false)}`, {
      hint: 'take it from "tminus document show"; it names the bytes that you have read',
    });
  return current.startsWith(seen) ? current : seen;
}

function render({ path, watermark, review, next, threads, openThreads, moves }: ReviewPage): string {
  const lock =
    review.lock === null ? [] : [`locked by ${review.lock.by}${review.isLockBroken ? ', and changed since' : ''}`];
  const open = threads.filter(({ isResolved }) => !isResolved);
  const lines = [
    `${path}: ${watermark}`,
    ...lock,
    ...next.map(({ move, who, waitsFor }) => `  ${move}: ${waitsFor ?? (who.join(', ') || 'nobody who may')}`),
    ...(openThreads === 0 ? [] : [`${openThreads} open:`]),
    ...open.map(
      ({ id, line, comments }) => `  thread ${id}, line ${line ?? '-'}: ${comments[0]?.person}: ${comments[0]?.text}`,
    ),
    ...moves.map(({ atMs, person, move, version, reason }) =>
      [`${new Date(atMs).toISOString()} ${move} by ${person} ${version.slice(0, 12)}`, reason]
        .filter(Boolean)
        .join(': '),
    ),
  ];
  return lines.map((line) => `${toInert(line, false)}\n`).join('');
}
