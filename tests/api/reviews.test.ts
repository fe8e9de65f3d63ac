import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
let original = '';
beforeAll(async () => {
  api = await openTestApi();
  original = readFileSync(file(), 'utf8');
});
afterEach(() => writeFileSync(file(), original));
afterAll(() => api.close());

const base = '/api/launches/shop-cutover/document';
/** Not the launch document: nobody's rights or plan hang on it. */
const path = 'sop/orders.md';
const file = (): string => join(api.launch.directory, path);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const codeOf = ({ body }: Answer): string => (body as { code?: string }).code ?? '';
const detailOf = ({ body }: Answer): string => (body as { detail?: string }).detail ?? '';

interface ReviewBody {
  state: string;
  version: string;
  number: number;
  watermark: string;
  lock: { by: string; isBroken: boolean } | null;
  next: { move: string; who: string[]; mine: boolean; waitsFor: string | null }[];
  moves: { move: string; person: string; reason: string | null; version: string }[];
  versions: { version: string; state: string; isCurrent: boolean }[];
  threads: {
    id: number;
    line: number | null;
    isOutdated: boolean;
    isResolved: boolean;
    quote: string;
    comments: { text: string; person: string }[];
  }[];
}

const review = async (person = 'alice'): Promise<ReviewBody> => {
  const answer = await api.send(person, 'GET', `${base}/review?path=${path}`);
  expect(answer.status).toBe(200);
  return answer.body as ReviewBody;
};

/** Moves what stands there now, as somebody who has just read it; `more` says what they have seen instead. */
async function move(person: string | null, deed: string, more: object = {}, headers = {}): Promise<Answer> {
  const { version: expectedVersion, number: expectedNumber } = await review();
  const body = { path, expectedVersion, expectedNumber, reason: null, ...more };
  return api.send(person, 'POST', `${base}/${deed}`, { body, headers });
}

/** Another text, so that each test begins with a draft. */
function write(text: string): string {
  writeFileSync(file(), `${original}\n${text}\n`);
  return sha256(`${original}\n${text}\n`);
}

async function walk(...deeds: [string, string][]): Promise<void> {
  for (const [person, deed] of deeds) expect([deed, (await move(person, deed)).status]).toEqual([deed, 200]);
}

const toPassed: [string, string][] = [
  ['dave', 'submit'],
  ['carol', 'begin-review'],
  ['carol', 'pass-review'],
];

describe('reviews of documents over HTTP', () => {
  it('T14 a document goes from draft to locked by people who may, and each sees what is next and whose it is', async () => {
    const version = write('walked');
    expect(await review('dave')).toMatchObject({ state: 'draft', version, next: [{ move: 'submit', mine: true }] });
    await walk(...toPassed);
    const passed = await review('erin');
    expect(passed.next.find((one) => one.move === 'approve')).toMatchObject({
      who: ['alice', 'bob', 'carol', 'erin'],
      mine: true,
    });
    await walk(['erin', 'approve'], ['bob', 'lock']);
    const locked = await review();
    expect(locked).toMatchObject({ state: 'locked', lock: { by: 'bob', isBroken: false } });
    expect(locked.watermark).toMatch(new RegExp(`^LOCKED, version ${version}, lock by bob, \\d{4}-`, 'u'));
    expect(locked.moves.map((one) => `${one.move} ${one.person}`)).toEqual([
      'lock bob',
      'approve erin',
      'pass-review carol',
      'begin-review carol',
      'submit dave',
    ]);
    await move('bob', 'unlock', { reason: 'the next test' });
  });

  it('T14 the submitter does not review, approve or reject, and the refusal stands in no history', async () => {
    write('own');
    await walk(['carol', 'submit']);
    for (const deed of ['begin-review', 'reject']) {
      const refused = await move('carol', deed, { reason: 'mine' });
      expect([refused.status, codeOf(refused)]).toEqual([409, 'review_refused']);
      expect(detailOf(refused)).toContain('other than carol');
    }
    await walk(['alice', 'begin-review'], ['alice', 'pass-review']);
    expect(codeOf(await move('carol', 'approve'))).toBe('review_refused');
    const { state, moves } = await review();
    expect([state, moves[0]?.move]).toEqual(['review_approved', 'pass-review']);
  });

  it('T14 an outdated version is not approved: not by its own hash, nor as what stands there now', async () => {
    const before = write('first');
    await walk(...toPassed);
    const after = write('second');
    const old = await move('erin', 'approve', { expectedVersion: before });
    expect([old.status, codeOf(old)]).toEqual([409, 'version_conflict']);
    expect(detailOf(old)).toContain(after);
    const changed = await move('erin', 'approve');
    expect(codeOf(changed)).toBe('review_refused');
    expect(detailOf(changed)).toContain('got draft');
    const { state, versions } = await review();
    expect(state).toBe('draft');
    expect(versions[0]).toMatchObject({ version: before, state: 'review_approved', isCurrent: false });
    const text = await api.send('alice', 'GET', `${base}/version?path=${path}&version=${before}`);
    expect((text.body as { text: string }).text).toBe(`${original}\nfirst\n`);
    const never = await api.send('alice', 'GET', `${base}/version?path=${path}&version=${sha256('x')}`);
    expect(codeOf(never)).toBe('document_unknown');
  });

  it('T14 D16 of two people who move at once one is told, and the same body twice is refused the second time', async () => {
    write('twice');
    const { version: expectedVersion, number: expectedNumber } = await review();
    const body = { path, expectedVersion, expectedNumber, reason: null };
    const both = await Promise.all(['dave', 'alice'].map((who) => api.send(who, 'POST', `${base}/submit`, { body })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(codeOf(await api.send('dave', 'POST', `${base}/submit`, { body }))).toBe('version_conflict');
    const seen = { expectedNumber: expectedNumber + 1, expectedVersion };
    const keyed = { 'idempotency-key': 'begin-once' };
    const first = await move('carol', 'begin-review', seen, keyed);
    const again = await move('carol', 'begin-review', seen, keyed);
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect((await review()).number).toBe(expectedNumber + 2);
  });

  it('T14 a lock refuses saving with who locked and who may unlock; unlocking wants a reason and leaves a trace', async () => {
    const version = write('kept');
    await walk(...toPassed, ['erin', 'approve'], ['bob', 'lock']);
    const body = { path, text: `${original}\nmended\n`, expectedVersion: version };
    const saved = await api.send('alice', 'PUT', base, { body });
    expect([saved.status, codeOf(saved)]).toEqual([409, 'document_locked']);
    expect(detailOf(saved)).toContain('a lock by bob since ');
    expect((saved.body as { hint: string }).hint).toContain('alice or bob');
    expect(readFileSync(file(), 'utf8')).toBe(`${original}\nkept\n`);
    writeFileSync(file(), original);
    const broken = await review();
    expect(broken).toMatchObject({ lock: { by: 'bob', isBroken: true } });
    expect(broken.next.map((one) => one.move)).toEqual(['unlock']);
    expect(codeOf(await move('alice', 'unlock'))).toBe('review_refused');
    expect((await move('alice', 'unlock', { reason: 'a wrong date' })).status).toBe(200);
    expect((await review()).moves[0]).toMatchObject({
      move: 'unlock',
      person: 'alice',
      reason: 'a wrong date',
      version,
    });
    expect(
      (
        await api.send('alice', 'PUT', base, {
          body: { path, text: `${original}\n`, expectedVersion: sha256(original) },
        })
      ).status,
    ).toBe(200);
  });

  it('T14 threads keep their line, wait to be resolved before anybody passes, and are never removed', async () => {
    write('discussed');
    await walk(['dave', 'submit'], ['carol', 'begin-review']);
    const { version: expectedVersion } = await review();
    const begun = await api.send('carol', 'POST', `${base}/threads`, {
      body: { path, line: 1, text: 'Is this the right title? <img src=x onerror=alert(1)>', expectedVersion },
    });
    expect(begun.status).toBe(201);
    const { thread } = begun.body as { thread: number };
    const held = await move('carol', 'pass-review');
    expect([codeOf(held), detailOf(held).includes('1 open')]).toEqual(['review_refused', true]);
    writeFileSync(file(), `new first line\n${readFileSync(file(), 'utf8')}`);
    expect((await review()).threads[0]).toMatchObject({ id: thread, line: 2, isOutdated: false });
    const answer = (who: string | null, deed: string, text = ''): Promise<Answer> =>
      api.send(who, 'POST', `${base}/threads/${thread}`, { body: { path, deed, text } });
    expect((await answer('dave', 'comment', 'It is.')).status).toBe(200);
    expect((await answer('dave', 'resolve')).status).toBe(200);
    expect((await answer('dave', 'resolve')).status).toBe(200);
    const { threads } = await review();
    expect(threads[0]).toMatchObject({
      isResolved: true,
      comments: [{ person: 'carol' }, { text: 'It is.' }, { text: '' }],
    });
    expect((await answer('mallory', 'comment', 'x')).status).toBe(403);
    expect((await answer(null, 'comment', 'x')).status).toBe(401);
    expect(
      codeOf(await api.send('dave', 'POST', `${base}/threads/999999`, { body: { path, deed: 'resolve', text: '' } })),
    ).toBe('thread_unknown');
    const stale = { path, line: null, text: 'x', expectedVersion };
    expect(codeOf(await api.send('dave', 'POST', `${base}/threads`, { body: stale }))).toBe('version_conflict');
  });

  it('T14 nobody without the right moves a document: not a stranger, not an operator who would approve or lock', async () => {
    write('rights');
    await walk(...toPassed);
    expect((await move(null, 'approve')).status).toBe(401);
    for (const [who, deed] of [
      ['mallory', 'submit'],
      ['mallory', 'approve'],
      ['dave', 'lock'],
      ['erin', 'lock'],
    ] as const)
      expect([who, deed, codeOf(await move(who, deed))]).toEqual([who, deed, 'permission_denied']);
    expect((await api.send('mallory', 'GET', `${base}/review?path=${path}`)).status).toBe(403);
    expect((await review()).state).toBe('review_approved');
  });

  it('T14 the copy says what it is, below the front matter, and leaves the document as it was', async () => {
    const version = write('copied');
    await walk(...toPassed, ['erin', 'approve']);
    const copy = await api.send('alice', 'GET', `${base}/copy?path=${path}`);
    expect(copy.headers.get('content-type')).toContain('text/markdown');
    expect(copy.body).toContain(`> **Copy:** APPROVED, version ${version}, approve by erin, `);
    expect(String(copy.body).replace(/> \*\*Copy.*\n\n/u, '')).toBe(`${original}\ncopied\n`);
    expect(readFileSync(file(), 'utf8')).toBe(`${original}\ncopied\n`);
  });

  it('T14 D13 Home shows a review to whoever it waits for, and takes it away when the document changes', async () => {
    write('home');
    await walk(...toPassed);
    const of = async (person: string) => {
      const { body } = await api.send(person, 'GET', '/api/home');
      const { items } = body as { items: { title: string; lane: string; next: string }[] };
      return items.filter(({ title }) => title === path).map(({ lane, next }) => `${lane} ${next}`);
    };
    expect([await of('erin'), await of('dave')]).toEqual([['approval approve'], ['waiting wait']]);
    write('home, changed');
    expect([await of('erin'), await of('dave')]).toEqual([[], []]);
    expect(api.trouble).toEqual([]);
  });
});
