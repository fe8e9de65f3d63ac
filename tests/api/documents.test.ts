import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

const base = '/api/launches/shop-cutover';
const file = (path = 'launch.md'): string => join(api.launch.directory, path);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;
const read = (person: string | null, path = 'launch.md'): Promise<Answer> =>
  api.send(person, 'GET', `${base}/document?path=${encodeURIComponent(path)}`);
const save = (
  person: string | null,
  text: string,
  more: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> =>
  api.send(person, 'PUT', `${base}/document`, {
    body: { path: 'launch.md', text, expectedVersion: sha256(original), ...more },
    headers,
  });

interface DocumentBody {
  version: string;
  text: string;
  mayEdit: boolean;
  findings: { code: string; line: number }[];
  marks: { line: number; state: string }[];
  marksTrouble: string | null;
  tree: { type: string; children: { type: string; line: number }[] };
}

describe('documents over HTTP', () => {
  it('D10 lists what the launch consists of, with the number of its findings; nobody else sees it', async () => {
    const { body } = await api.send('carol', 'GET', `${base}/documents`);
    expect(body).toMatchObject({
      trouble: null,
      items: [
        { path: 'launch.md', kind: 'launch' },
        { path: 'sop/every-day.md', kind: 'procedure' },
        { path: 'sop/every-week.md', kind: 'procedure' },
        { path: 'sop/orders.md' },
      ],
    });
    const statuses = await Promise.all(
      [null, 'mallory'].map(async (who) => (await api.send(who, 'GET', `${base}/documents`)).status),
    );
    expect(statuses).toEqual([401, 403]);
    expect((await read('mallory')).status).toBe(403);
  });

  it('D10 shows a document as text and as a tree with lines on disk, and who may mend it', async () => {
    const alice = (await read('alice')).body as DocumentBody;
    expect(alice).toMatchObject({ version: sha256(original), text: original, mayEdit: true, marksTrouble: null });
    expect(alice.tree.children.find(({ type }) => type === 'heading')?.line).toBe(
      original.split('\n').findIndex((line) => line.startsWith('# ')) + 1,
    );
    expect(((await read('carol')).body as DocumentBody).mayEdit).toBe(false);
  });

  it('F13 shows a criterion as it stands beside its line, once somebody has looked', async () => {
    await api.send('dave', 'POST', `${base}/checks`, { body: { only: ['smoke'] } });
    const line = original.split('\n').findIndex((one) => one.includes('{#smoke')) + 1;
    await expect
      .poll(async () => ((await read('alice')).body as DocumentBody).marks, { timeout: 60_000 })
      .toContainEqual(expect.objectContaining({ line, kind: 'criterion', state: 'unknown' }));
  });

  it('D10 lints a draft and writes nothing', async () => {
    const text = original.replace('[alice, bob]', '[alice, nobody-there]');
    const { status, body } = await api.send('carol', 'POST', `${base}/document/lint`, {
      body: { path: 'launch.md', text },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ readable: false, changesPlan: true, version: sha256(original) });
    expect((body as DocumentBody).findings.some(({ line }) => line > 0)).toBe(true);
    expect(readFileSync(file(), 'utf8')).toBe(original);
  });

  it('D16 saves what was changed, once, into the working tree, and commits nothing', async () => {
    const head = readFileSync(join(api.launch.directory, '.git/refs/heads/main'), 'utf8');
    const text = original.replace('nine years', 'ten years');
    const saved = await save('alice', text, {}, { 'idempotency-key': 'mend-1-0000' });
    expect(saved.body).toMatchObject({ version: sha256(text), readable: true, authority: [], changesPlan: false });
    expect(readFileSync(file(), 'utf8')).toBe(text);
    const again = await save('alice', text, {}, { 'idempotency-key': 'mend-1-0000' });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(readFileSync(join(api.launch.directory, '.git/refs/heads/main'), 'utf8')).toBe(head);
  });

  it('D16 refuses whoever was slower with the version that holds now, and of two at once one wins', async () => {
    const texts = ['one', 'two'].map((word) => original.replace('nine years', word));
    const both = await Promise.all(texts.map((text) => save('alice', text)));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const winner = texts[both.findIndex(({ status }) => status === 200)]!;
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'version_conflict',
      current: sha256(winner),
    });
    expect(readFileSync(file(), 'utf8')).toBe(winner);
    expect(codeOf(await save('alice', winner))).toBe('version_conflict');
  });

  it('O05 only a lead writes; operators, strangers and nobody do not, and the file stays', async () => {
    const statuses = [];
    for (const who of ['carol', 'erin', 'mallory', null]) statuses.push((await save(who, 'gone')).status);
    expect(statuses).toEqual([403, 403, 403, 401]);
    expect(readFileSync(file(), 'utf8')).toBe(original);
  });

  it('S5 a lead gives nobody rights by a document, not even over two edits with a broken one between', async () => {
    const coup = original
      .replace('lead: [alice, bob]', 'lead: [alice, bob, dave]')
      .replace('approver: [carol, erin]', 'approver: [alice]');
    expect(codeOf(await save('alice', coup))).toBe('permission_denied');
    const broken = coup.replace('tminus: launch', 'tminus: launch\nowner: [');
    expect((await save('alice', broken)).body).toMatchObject({ readable: false });
    const mended = await save('alice', coup, { expectedVersion: sha256(broken) });
    expect(codeOf(mended)).toBe('permission_denied');
    const back = await save('alice', original, { expectedVersion: sha256(broken) });
    expect(back.body).toMatchObject({ readable: true, authority: [], version: sha256(original) });
  });

  it('D14 a launch that cannot be read is told as such, and its documents can be read and mended', async () => {
    writeFileSync(file(), original.replace('owner: alice', 'owner: {{{'));
    await expect
      .poll(async () => (await api.send('alice', 'GET', `${base}/gates`)).status, { timeout: 60_000 })
      .toBe(422);
    const list = await api.send('alice', 'GET', `${base}/documents`);
    expect(list.body).toMatchObject({
      trouble: { file: 'launch.md' },
      items: [{ path: 'launch.md', kind: null }, {}, {}, {}],
    });
    const broken = (await read('alice')).body as DocumentBody;
    expect(broken.marksTrouble).toContain('launch.md');
    expect(broken.findings.length).toBeGreaterThan(0);
    expect((await save('alice', original, { expectedVersion: broken.version })).status).toBe(200);
    expect((await api.send('alice', 'GET', `${base}/gates`)).status).toBe(200);
  });

  it.each([
    '../outside.md',
    '/etc/passwd',
    'launch.md/../../outside.md',
    '.git/config',
    '.keys/alice.pem',
    '.gitignore',
    'services/smoke.ts',
    'new.md',
    'sop',
    'sop/../launch.md',
    'LAUNCH.MD',
  ])('A16 %j is no document: it is neither read nor written', async (path) => {
    expect(codeOf(await read('alice', path))).toBe('document_unknown');
    expect(codeOf(await save('alice', 'x', { path }))).toBe('document_unknown');
    expect(codeOf(await api.send('alice', 'POST', `${base}/document/lint`, { body: { path, text: 'x' } }))).toBe(
      'document_unknown',
    );
  });

  it('A16 a path with a NUL is no path at all', async () => {
    const path = 'launch.md\u0000.md';
    const asked = [await read('alice', path), await save('alice', 'x', { path })];
    expect(asked.map(({ status }) => status)).toEqual([400, 400]);
    expect(asked.map(codeOf)).toEqual(['request_invalid', 'request_invalid']);
  });

  it('A16 what lies behind a symbolic link is not written', async () => {
    writeFileSync(file('real.md'), '# Real\n');
    symlinkSync('real.md', file('linked.md'));
    writeFileSync(file(), `${original}\n[linked](linked.md)\n`);
    try {
      const answer = await save('alice', 'x', { path: 'linked.md', expectedVersion: sha256('# Real\n') });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'document_unreadable']);
      expect(readFileSync(file('real.md'), 'utf8')).toBe('# Real\n');
    } finally {
      rmSync(file('linked.md'));
      rmSync(file('real.md'));
    }
  });

  it('A20 hands out pictures of the repository, never to be shown as a page, and nothing else', async () => {
    const picture = await api.send('carol', 'GET', `${base}/picture?path=sop/images/order-flow.svg`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
    expect(picture.headers.get('content-disposition')).toBe('attachment');
    expect(picture.headers.get('content-security-policy')).toContain("default-src 'none'");
    mkdirSync(file('.hidden'), { recursive: true });
    writeFileSync(file('.hidden/a.png'), 'x');
    symlinkSync(file('.keys/alice.pem'), file('key.png'));
    symlinkSync('.hidden/a.png', file('seen.png'));
    const none = [
      '.hidden/a.png',
      'key.png',
      'seen.png',
      '../a.png',
      '/etc/passwd',
      'launch.md',
      '.keys/alice.pem',
      'sop/images',
      'x.png',
    ];
    for (const path of none) {
      const answer = await api.send('carol', 'GET', `${base}/picture?path=${encodeURIComponent(path)}`);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 404, 'document_unknown']);
    }
    for (const path of ['key.png', 'seen.png', '.hidden']) rmSync(file(path), { recursive: true });
    expect((await api.send('mallory', 'GET', `${base}/picture?path=sop/images/order-flow.svg`)).status).toBe(403);
    expect(api.trouble).toEqual([]);
  });
});
