import { sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { closeContext } from './close-context.ts';
import { openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';
import { inTexts, payloads } from './xss-corpus.ts';

let cockpit: Cockpit;
const base = '/api/launches/shop-cutover';
const fileName = 'sop/"><img src=x onerror=x(1)>.md';
// NUL ends no text of ours; a database keeps none.
const clean = payloads.map((one) => one.replaceAll('\u0000', ''));
const shop = createServer(
  (_, answer) => void answer.end(JSON.stringify({ commit: clean.slice(0, 40).join(' '), version: clean })),
);

/** Title, label, Markdown and file name: everything that documents say. */
function writeDocuments(directory: string): void {
  const file = join(directory, 'launch.md');
  const labels = clean.filter((one) => !/[{}\\`|]/u.test(one)).slice(0, 40);
  const gate = labels.map((label, at) => `- [ ] [HUMAN] ${label} {#hostile-${at} role=lead}`).join('\n');
  const text = readFileSync(file, 'utf8')
    .replace(/^title: .*$/mu, `title: ${JSON.stringify(clean[1])}`)
    .replace(/name: Alice Moreau/u, `name: ${JSON.stringify(clean[3])}`);
  const link = `[${clean[2]!.replaceAll(/[[\]]/gu, '')}](${encodeURI(fileName).replaceAll('(', '%28').replaceAll(')', '%29')})`;
  writeFileSync(
    file,
    `${text}\n\n## Gate: ${labels[1]} for T-0 {#hostile quorum=1 roles=lead fresh=1h}\n\n${gate}\n\n${link}\n`,
  );
  mkdirSync(join(directory, 'sop'), { recursive: true });
  writeFileSync(join(directory, fileName), `# ${labels[2]}\n\n${labels.join('\n\n')}\n`);
}

/** Every payload as a paragraph, and in a form of its own in turn. Linked only while it is looked at: it is long to read. */
function writeMarkdown(directory: string): () => void {
  const forms: ((one: string) => string)[] = [
    (one) => `# ${one}`,
    (one) => `- [x] ${one}`,
    (one) => `| a | b |\n|---|---|\n| ${one} | x |`,
    (one) => `> ${one}`,
    (one) => `\`${one}\``,
    (one) => `\`\`\`html\n${one}\n\`\`\``,
  ];
  const lines = payloads.flatMap((one, at) => [forms[at % forms.length]!(one), one]);
  const references = '[ref]: javascript:x(1)\n\n[ref] ![ref]';
  writeFileSync(join(directory, 'all.md'), `# All of it\n\n${lines.join('\n\n')}\n\n${references}\n`);
  const file = join(directory, 'launch.md');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text}\n[all](all.md)\n`);
  return () => writeFileSync(file, text);
}

interface Prepared {
  canonical: string;
  key: string;
}

/** The word of a person, with a comment that is not a comment. */
async function say(comment: string, criterion: string): Promise<void> {
  const { api } = cockpit;
  const prepared = (await api.send('alice', 'POST', `${base}/attestations/prepare`, { body: { criterion, comment } }))
    .body as Prepared;
  const value = sign(null, Buffer.from(prepared.canonical), api.launch.people['alice']!.privateKeyPem).toString(
    'base64',
  );
  const statement = JSON.parse(prepared.canonical) as { person: string };
  const body = {
    format: 'tminus/signed/1',
    statement,
    signature: { person: statement.person, key: prepared.key, value },
  };
  expect((await api.send('alice', 'POST', `${base}/attestations`, { body })).status).toBe(201);
}

beforeAll(async () => {
  cockpit = await openCockpit();
  const { api } = cockpit;
  writeDocuments(api.launch.directory);
  shop.listen(Number(new URL(api.launch.newUrl).port), '127.0.0.1');
  await vi.waitUntil(async () => (await api.send('alice', 'GET', `${base}/gates/hostile`)).status === 200, {
    timeout: 60_000,
    interval: 100,
  });
  const comments = inTexts(3_900, clean);
  for (const [at, comment] of comments.entries()) await say(comment, `hostile-${at}`);
  // On a busy machine the shop may answer too late, and then there are no bytes of it to show.
  for (let round = 1, word = ''; word !== 'fail'; round += 1) {
    if (round > 10) throw new Error(`api-health: expected that it sees the shop, got ${word}`);
    const begun = await api.send('dave', 'POST', `${base}/checks`, { body: { only: ['api-health'], force: true } });
    if (begun.status !== 202) throw new Error(`checks: expected 202, got ${JSON.stringify(begun.body)}`);
    // Not only what it saw: while a round is under way no other begins.
    await vi.waitUntil(hasEnded, { timeout: 60_000, interval: 100 });
    word = (await listed('api-health'))[0]?.word ?? '';
  }
});
afterAll(async () => {
  shop.close();
  await cockpit?.close();
});

async function hasEnded(): Promise<boolean> {
  const { body } = await cockpit.api.send('dave', 'GET', `${base}/checks`);
  return typeof (body as { round: { endedAtMs: number | null } | null }).round?.endedAtMs === 'number';
}

async function listed(about: string): Promise<{ id: string; word: string }[]> {
  const { body } = await cockpit.api.send('alice', 'GET', `${base}/evidence?about=${about}`);
  return (body as { items: { id: string; word: string }[] }).items;
}

async function newest(about: string): Promise<string | undefined> {
  return (await listed(about))[0]?.id;
}

interface Watched {
  page: Page;
  complaints: { violations: string[] };
  /** Requests to anywhere but our own server. */
  strangers: string[];
}

/** A page in which whatever runs is counted, and whatever is fetched from elsewhere is noted. */
async function watch(path: string): Promise<Watched> {
  const { page, complaints } = await cockpit.openAs('alice', '/kit');
  const strangers: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(cockpit.api.url) && !request.url().startsWith('data:')) strangers.push(request.url());
  });
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.addInitScript('window.hits = 0; window.x = () => { window.hits += 1; };');
  await page.goto(`${cockpit.api.url}${path}`);
  await page.locator('h1').waitFor();
  return { page, complaints, strangers };
}

/** Presses what looks like a way to run something, then says what ran, what was reported and what was fetched. */
async function verdict({ page, complaints, strangers }: Watched): Promise<object> {
  const dangerous = await page.evaluate(
    `[...document.querySelectorAll('[href], [src], [action], [formaction], [srcdoc], [data]')].filter((one) => /^\\s*(javascript|vbscript|data:text|blob|file):/i.test(
      one.getAttribute('href') ?? one.getAttribute('src') ?? one.getAttribute('srcdoc') ?? one.getAttribute('data') ?? '')).length`,
  );
  const hits = await page.evaluate('window.hits');
  await page.context().close();
  return { hits, dangerous, violations: complaints.violations, strangers };
}

const inert = { hits: 0, dangerous: 0, violations: [], strangers: [] };

describe('texts of others in Chromium', () => {
  it(
    'S8 there are at least 500 of them, and they run where a text becomes a page (negative control)',
    { timeout: 300_000 },
    async () => {
      expect(new Set(payloads).size).toBeGreaterThanOrEqual(500);
      const page = await (await cockpit.browser.newContext()).newPage();
      await page.addInitScript('window.hits = 0; window.x = () => { window.hits += 1; };');
      let html = '';
      await page.route('**/*', (route) =>
        route.request().url() === 'http://bare.example/'
          ? route.fulfill({ contentType: 'text/html', body: `<!doctype html><body>${html}` })
          : route.abort(),
      );
      // A document for each: one that navigates or swallows the rest must not hide the others.
      const ran: string[] = [];
      for (html of clean.slice(0, 40)) {
        if (ran.length > 10) break;
        await page.goto('http://bare.example/').catch(() => undefined);
        const isHit = page.waitForFunction('window.hits > 0', null, { timeout: 4_000 });
        await isHit.then(
          () => ran.push(html),
          () => undefined,
        );
      }
      // The rest wants a press, a place to break out of, or only fetches.
      expect(ran.length).toBeGreaterThan(10);
      await closeContext(page.context());
    },
  );

  it.each([
    ['the launch with its title', '/launches/shop-cutover', 'h1'],
    ['the documents by their names', '/launches/shop-cutover/documents', 'a[href*="sop"]'],
    ['the launch document', '/launches/shop-cutover/documents/launch.md', 'article'],
    ['a document with a hostile name', `/launches/shop-cutover/documents/${encodeURIComponent(fileName)}`, 'article'],
    ['gates by their labels', '/launches/shop-cutover/gates', 'main'],
    ['a gate with labels and comments', '/launches/shop-cutover/gates/hostile', 'main'],
    ['the log', '/launches/shop-cutover/evidence', '[role=grid]'],
    ['the audit with comments', '/audit', '[role=grid]'],
    ['home', '/', 'main'],
  ])('S8 A19 A20 are inert in %s', { timeout: 180_000 }, async (_, path, seen) => {
    const watched = await watch(path);
    await watched.page.locator(seen).first().waitFor();
    // The stream of events never falls silent; what a page asks for at first is here by then.
    await watched.page.waitForTimeout(500);
    expect(await verdict(watched)).toEqual(inert);
  });

  it('S8 A19 A20 are inert in Markdown, every one of them in two forms', { timeout: 180_000 }, async () => {
    const unlink = writeMarkdown(cockpit.api.launch.directory);
    const watched = await watch('/launches/shop-cutover/documents/all.md');
    await watched.page.locator('article').waitFor({ timeout: 60_000 });
    // Everything is there: nothing was inert because it was lost.
    const article = watched.page.locator('article');
    await expect.poll(() => article.locator('[data-line]').count()).toBeGreaterThan(1_000);
    await expect.poll(() => article.getByText('<script>x(1)</script>').count()).toBeGreaterThan(10);
    unlink();
    expect(await verdict(watched)).toEqual(inert);
  });

  it('S8 are inert as the bytes of evidence, in every view, and in what a rule got', { timeout: 180_000 }, async () => {
    const watched = await watch(`/launches/shop-cutover/evidence/${await newest('api-health')}`);
    await watched.page.getByText('SHA-256 computed again: the same').first().waitFor();
    for (const view of ['Text', 'XML', 'Hex', 'JSON']) {
      await watched.page.getByRole('tab', { name: view }).first().click();
      await watched.page.getByRole('tabpanel').first().waitFor();
    }
    expect(await verdict(watched)).toEqual(inert);
  });

  it(
    'S8 are inert as the comment of a signed word, and in the editor with its findings and its diff',
    { timeout: 180_000 },
    async () => {
      const word = await watch(`/launches/shop-cutover/evidence/${await newest('hostile-0')}`);
      await word.page.getByText('SHA-256 computed again: the same').first().waitFor();
      expect(await verdict(word)).toEqual(inert);
      const editor = await watch('/launches/shop-cutover/documents/launch.md');
      await editor.page.getByRole('tab', { name: 'Source' }).click();
      await editor.page.getByRole('tab', { name: 'Edit' }).click();
      await editor.page.getByRole('textbox', { name: 'Text of launch.md' }).focus();
      await editor.page.keyboard.press('Control+End');
      await editor.page.keyboard.insertText(inTexts(3_000)[0]!.replaceAll('\u0000', ''));
      await editor.page.getByText('Looking').waitFor({ state: 'detached' });
      await editor.page.getByRole('button', { name: 'Review and save' }).click();
      await editor.page.getByRole('dialog').waitFor();
      expect(await verdict(editor)).toEqual(inert);
      expect(cockpit.api.trouble).toEqual([]);
    },
  );
});
