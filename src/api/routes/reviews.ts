import { z } from 'zod';

import { documentMoves, moveRules } from '../../core/review/review-moves.ts';
import type { DocumentMove } from '../../core/review/review-moves.ts';
import { toWatermark } from '../../core/review/to-watermark.ts';
import { answerThread, beginThread } from '../../engine/documents/comment-document.ts';
import { moveDocument } from '../../engine/documents/move-document.ts';
import { versionOf } from '../../engine/documents/read-documents.ts';
import { readMarkedCopy, readReviewPage, readVersion } from '../../engine/documents/read-review.ts';
import type { ReviewGround } from '../../engine/documents/review-ground.ts';
import { rightsLaunch } from '../../engine/documents/rights-launch.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { reviewView, toReviewView } from '../views/review-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const path = z.string().min(1).max(1_000).describe('relative to the launch repository');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u, 'a SHA-256 in hex');
const words = z.string().max(4_000);

const summaries: { readonly [move in DocumentMove]: string } = {
  submit: 'Submits the version that stands there for review',
  withdraw: 'Takes a submitted version back; only whoever submitted it',
  'begin-review': 'Begins to review a submitted version; not whoever submitted it',
  'request-changes': 'Wants changes before the version can pass, with a reason',
  'pass-review': 'Says that the review found nothing; every thread is resolved',
  approve: 'Approves a version whose review has passed; not whoever submitted it',
  reject: 'Rejects a version for good, with a reason',
  lock: 'Locks an approved document: it is not saved here until it is unlocked',
  unlock: 'Takes the lock away, with a reason',
};

/** Reviews of documents: where each stands, what is said beside its lines, and every move of the workflow as a route with its own right. */
export const reviewRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/document/review',
    id: 'readReview',
    summary: 'Where a document stands between draft and locked, who may do what next, its threads and its history',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: z.object({ path }),
    response: reviewView,
    handle: async ({ parts, params, query, person, setVersion }) => {
      const page = await readReviewPage(await groundOf(parts, params.launch), query.path, person());
      const answer = toReviewView(page);
      setVersion(versionOf(Buffer.from(JSON.stringify(answer))).slice(0, 22));
      return answer;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/document/version',
    id: 'readDocumentVersion',
    summary: 'The text of a version that was submitted, or of the one that stands there, and what became of it',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: z.object({ path, version: sha256 }),
    response: z.object({ version: z.string(), text: z.string(), watermark: z.string() }),
    handle: async ({ parts, params, query }) => {
      const { text, review } = await readVersion(await groundOf(parts, params.launch), query.path, query.version);
      return { version: review.version, text, watermark: toWatermark(review) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/document/copy',
    id: 'copyDocument',
    summary: 'The document with a watermark: state, version, when and by whom',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: z.object({ path }),
    produces: 'text/markdown',
    handle: async ({ parts, params, query, reply }) => {
      const copy = await readMarkedCopy(await groundOf(parts, params.launch), query.path);
      return reply
        .header('content-disposition', 'attachment')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-store')
        .type('text/markdown; charset=utf-8')
        .send(copy);
    },
  }),
  ...documentMoves.map(toMoveRoute),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/document/threads',
    id: 'beginThread',
    summary: 'Says something about a line of a document, or about all of it',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    body: z.strictObject({ path, line: z.int().min(1).nullable(), text: words.min(1), expectedVersion: sha256 }),
    response: z.object({ thread: z.int() }),
    status: 201,
    handle: async ({ parts, params, body, person }) => {
      const ground = await groundOf(parts, params.launch);
      return { thread: await beginThread(ground, { ...body, person: person() }) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/document/threads/:thread',
    id: 'answerThread',
    summary: 'Answers in a thread, resolves it, or opens it again; nothing that was said is removed',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch.extend({ thread: z.coerce.number().int().min(1) }),
    body: z.strictObject({ path, deed: z.enum(['comment', 'resolve', 'reopen']), text: words }),
    response: reviewView,
    handle: async ({ parts, params, body, person }) => {
      const ground = await groundOf(parts, params.launch);
      await answerThread(ground, { ...body, thread: params.thread, person: person() });
      return toReviewView(await readReviewPage(ground, body.path, person()));
    },
  }),
];

function toMoveRoute(move: DocumentMove): Route {
  const { permission } = moveRules[move];
  return defineRoute({
    method: 'POST',
    path: `/launches/:launch/document/${move}`,
    id: `${move.replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase())}Document`,
    summary: summaries[move],
    tag: 'documents',
    access: may(permission, 'documents'),
    params: ofLaunch,
    body: z.strictObject({
      path,
      expectedVersion: sha256.describe('version of the document that the caller has read'),
      expectedNumber: z.int().min(0).describe('newest move of the document that the caller has seen'),
      reason: z
        .string()
        .max(2_000)
        .nullable()
        .describe(moveRules[move].reason ? 'why; wanted' : 'a word with it'),
    }),
    response: reviewView,
    handle: async ({ parts, params, body, person }) => {
      const ground = await groundOf(parts, params.launch);
      await moveDocument(ground, { ...body, move, person: person() });
      return toReviewView(await readReviewPage(ground, body.path, person()));
    },
  });
}

async function groundOf({ store, launches }: ApiParts, id: string): Promise<ReviewGround> {
  const served = await launches.find(id);
  return { store, directory: served.directory, launch: await rightsLaunch(store, served) };
}
