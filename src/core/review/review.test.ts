import { sha256Hex } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { moveFault } from './move-fault.ts';
import { documentMoves, documentStates, moveRules } from './review-moves.ts';
import type { DocumentMove, DocumentState } from './review-moves.ts';
import { listVersions, toReview } from './review.ts';
import type { LoggedMove, Review } from './review.ts';
import { toThreads } from './thread.ts';
import type { LoggedComment } from './thread.ts';
import { toMarkedCopy, toWatermark } from './to-watermark.ts';

const one = sha256Hex('one');
const two = sha256Hex('two');
const atMs = Date.parse('2026-12-05T12:00:00Z');

/** Moves in order: `submit dave`, at version one unless it says `@two`. */
function movesOf(...written: string[]): LoggedMove[] {
  return written.map((each, index) => {
    const [move = '', person = '', at] = each.split(' ');
    const version = at === '@two' ? two : one;
    return {
      number: index + 1,
      version,
      move: move as DocumentMove,
      person,
      human: person.replace('-phone', ''),
      reason: null,
      atMs,
    };
  });
}

const toApproved = ['submit dave', 'begin-review carol', 'pass-review carol', 'approve erin'];

/** How each state is reached. */
const ways: { readonly [state in DocumentState]: string[] } = {
  draft: [],
  submitted: toApproved.slice(0, 1),
  in_review: toApproved.slice(0, 2),
  changes_requested: [...toApproved.slice(0, 2), 'request-changes carol'],
  review_approved: toApproved.slice(0, 3),
  approved: toApproved,
  locked: [...toApproved, 'lock erin'],
  rejected: ['submit dave', 'reject erin'],
};

/** Written by hand a second time, as people asked for it: what each state lets a person do who did not submit, and who has a reason. */
const possible: { readonly [state in DocumentState]: DocumentMove[] } = {
  draft: ['submit'],
  submitted: ['begin-review', 'reject'],
  in_review: ['pass-review', 'request-changes', 'reject'],
  changes_requested: ['submit'],
  review_approved: ['approve', 'request-changes', 'reject'],
  approved: ['lock'],
  locked: ['unlock'],
  rejected: [],
};

const ask = (move: DocumentMove, human: string, more: { reason?: string | null; openThreads?: number } = {}) => ({
  move,
  human,
  reason: 'because',
  openThreads: 0,
  ...more,
});
const at = (...moves: string[]): Review => toReview(movesOf(...moves), one);

describe('the review of a document', () => {
  it.each(documentStates)(
    'T14 %s is reached by its way, and lets happen what the table says and nothing else',
    (state) => {
      const review = at(...ways[state]);
      expect(review.state).toBe(state);
      const open = documentMoves.filter((move) => moveFault(review, ask(move, 'erin')) === null);
      expect(open).toEqual(possible[state]);
    },
  );

  it('T14 whoever submitted neither reviews, approves nor rejects, under any account; only they withdraw', () => {
    const barred = (review: Review, move: DocumentMove): boolean => moveFault(review, ask(move, 'dave')) !== null;
    expect(barred(at('submit dave-phone'), 'begin-review')).toBe(true);
    expect(barred(at(...ways.review_approved), 'approve')).toBe(true);
    expect(moveFault(at(...ways.review_approved), ask('approve', 'dave'))).toContain('other than dave');
    expect(barred(at('submit dave'), 'reject')).toBe(true);
    expect(barred(at('submit dave'), 'withdraw')).toBe(false);
    expect(moveFault(at('submit dave'), ask('withdraw', 'erin'))).toContain('expected dave');
    const others = documentMoves.filter((move) => moveRules[move].by === 'others');
    expect(others).toEqual(['begin-review', 'pass-review', 'approve', 'request-changes', 'reject']);
  });

  it('T14 a changed document is a draft by itself; what became of its older version stays, and comes back with its bytes', () => {
    const moves = movesOf(...toApproved);
    expect(toReview(moves, two)).toMatchObject({ state: 'draft', last: null, submission: null, number: 4 });
    expect(toReview(moves, one)).toMatchObject({ state: 'approved', last: { person: 'erin' } });
    const more = movesOf(...toApproved, 'submit dave @two');
    expect(listVersions(more).map(({ version, state }) => [version, state])).toEqual([
      [two, 'submitted'],
      [one, 'approved'],
    ]);
  });

  it('T14 a lock belongs to the document: bytes that change under it are a draft that only unlocking leads on from', () => {
    const review = toReview(movesOf(...ways.locked), two);
    expect(review).toMatchObject({ state: 'draft', isLockBroken: true, lock: { by: 'erin', version: one } });
    expect(documentMoves.filter((move) => moveFault(review, ask(move, 'bob')) === null)).toEqual(['unlock']);
    expect(moveFault(review, ask('unlock', 'bob', { reason: ' ' }))).toContain('reason');
    const after = toReview(movesOf(...ways.locked, 'unlock bob'), two);
    expect(after).toMatchObject({ state: 'draft', lock: null, isLockBroken: false });
    expect(toReview(movesOf(...ways.locked, 'unlock bob'), one).state).toBe('approved');
  });

  it('T14 a row that the table does not allow moves nothing', () => {
    expect(at('approve erin').state).toBe('draft');
    expect(at('submit dave', 'lock erin').state).toBe('submitted');
  });

  it('T14 what passes or approves waits until every thread is resolved, and says how many are open', () => {
    expect(moveFault(at(...ways.in_review), ask('pass-review', 'erin', { openThreads: 2 }))).toContain('2 open');
    expect(moveFault(at(...ways.review_approved), ask('approve', 'erin', { openThreads: 1 }))).toContain('1 open');
    expect(moveFault(at(...ways.in_review), ask('request-changes', 'erin', { openThreads: 2 }))).toBeNull();
  });

  it('T14 a copy says its state, version, when and by whom, below its front matter and above its text', () => {
    const review = at(...toApproved);
    const mark = `APPROVED, version ${one}, approve by erin, 2026-12-05 12:00:00 UTC`;
    expect(toWatermark(review)).toBe(mark);
    expect(toMarkedCopy('---\ntminus: doc\n---\n# A\n', review)).toBe(
      `---\ntminus: doc\n---\n> **Copy:** ${mark}\n\n# A\n`,
    );
    expect(toMarkedCopy('# A\n', at())).toBe(`> **Copy:** DRAFT, version ${one}, nobody has submitted it\n\n# A\n`);
    expect(toWatermark(toReview(movesOf(...ways.locked), two))).toContain('changed under the lock of erin');
  });
});

describe('threads of a document', () => {
  const said = (id: number, patch: Partial<LoggedComment> = {}): LoggedComment => {
    const place = { version: one, line: 3, quote: 'third', person: 'carol', text: 'why?', atMs };
    return { id, thread: 1, deed: 'comment', ...place, ...patch };
  };

  it('T14 stay at their line while it moves, and are kept with what it said when it is gone', () => {
    const lineIn = (text: string) => toThreads([said(1)], text).map(({ line, isOutdated }) => [line, isOutdated]);
    expect(lineIn('a\nb\nthird\n')).toEqual([[3, false]]);
    expect(lineIn('new\na\nb\nthird\r\nz\nz\nz\nthird')).toEqual([[4, false]]);
    expect(lineIn('a\nb\nother')).toEqual([[null, true]]);
    expect(toThreads([said(1)], '')[0]).toMatchObject({ quote: 'third', writtenLine: 3, comments: [{ text: 'why?' }] });
    expect(toThreads([said(1, { line: null, quote: '' })], 'x')[0]).toMatchObject({ line: null, isOutdated: false });
  });

  it('T14 are resolved and opened again by the newest word, and open ones come first', () => {
    const log = [said(1), said(2, { deed: 'resolve' }), said(3, { thread: 3 })];
    expect(toThreads(log, '').map(({ id, isResolved }) => [id, isResolved])).toEqual([
      [3, false],
      [1, true],
    ]);
    const again = [...log, said(4, { deed: 'reopen' }), said(5)];
    expect(toThreads(again, '').map(({ id, isResolved }) => [id, isResolved])).toEqual([
      [1, false],
      [3, false],
    ]);
  });
});
