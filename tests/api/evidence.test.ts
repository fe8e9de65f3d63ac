import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';

import {
  leafHash,
  parseLogVerifier,
  toBundleSource,
  verifyBundle,
  verifyCheckpoint,
  verifyInclusion,
} from '@tminus/verify';
import type { EvidenceRecord } from '@tminus/verify';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { productRules } from '../../src/verifier/recompute.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
const base = '/api/launches/shop-cutover';
const list = (query = '', person: string | null = 'erin'): Promise<Answer> =>
  api.send(person, 'GET', `${base}/evidence${query}`);
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

interface Line {
  id: string;
  index: number;
  about: string;
  kind: string;
  word: string;
  supersededBy: string | null;
}
interface Page {
  items: Line[];
  next: string | null;
  matching: number;
  size: number;
}
interface RecordBody {
  id: string;
  index: number;
  body: string;
  chain: Line[];
  proof: { index: number; path: string[]; checkpoint: string; logKey: string };
  current: { planHash: string } | null;
}

/** A shop that answers everything with the same page, so that there are bytes; nothing of it passes. */
const shop = createServer((_, answer) => void answer.end('<script>document.title = "owned"</script>'));

/** Rounds of checks: whatever they see is evidence. */
async function check(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const begun = await api.send('dave', 'POST', `${base}/checks`, { body: { force: true } });
    expect([begun.status, begun.body]).toMatchObject([202, {}]);
    const state = async () =>
      ((await api.send('dave', 'GET', `${base}/checks`)).body as { round: { endedAtMs: number | null } }).round;
    await vi.waitFor(async () => expect((await state()).endedAtMs).not.toBeNull(), { timeout: 120_000 });
  }
}

beforeAll(async () => {
  api = await openTestApi();
  await once(shop.listen(Number(new URL(api.launch.newUrl).port), '127.0.0.1'), 'listening');
  await check(2);
});
afterAll(async () => {
  shop.closeAllConnections();
  shop.close();
  await api.close();
});

describe('evidence over HTTP', () => {
  it('D02 lists the log page by page, the newest first, and misses nothing', async () => {
    const whole = (await list('?limit=500')).body as Page;
    expect(whole.size).toBeGreaterThan(10);
    expect(whole.items.map(({ index }) => index)).toEqual(
      Array.from({ length: whole.size }, (_, at) => whole.size - 1 - at),
    );
    const walked: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await list(`?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)).body as Page;
      walked.push(...page.items.map(({ index }) => index));
      cursor = page.next;
    }
    expect(walked).toEqual(whole.items.map(({ index }) => index));
    expect(codeOf(await list('?cursor=nonsense'))).toBe('request_invalid');
    expect(codeOf(await list('?tenant=1'))).toBe('request_invalid');
  });

  it('D02 what was superseded stays, says by what, and is left out where only the newest is wanted', async () => {
    const smoke = (await list('?about=smoke')).body as Page;
    expect(smoke.items.map(({ supersededBy }) => supersededBy)).toEqual([null, smoke.items[0]!.id]);
    expect(((await list('?about=smoke&newest=true')).body as Page).items).toEqual([smoke.items[0]]);
    expect(((await list('?about=smoke&word=pass')).body as Page).matching).toBe(0);
    expect(((await list('?kind=decision')).body as Page).matching).toBe(0);
  });

  it('R9 gives an entry as it was hashed, with a proof that holds without believing the server', async () => {
    const [line] = ((await list('?about=smoke')).body as Page).items;
    const { body } = await api.send('erin', 'GET', `${base}/evidence/${line!.id.slice(0, 8)}`);
    const record = body as RecordBody;
    expect(createHash('sha256').update(record.body).digest('hex')).toBe(line!.id);
    const { path, index, checkpoint, logKey } = record.proof;
    const { size, root } = verifyCheckpoint(checkpoint, parseLogVerifier(logKey));
    expect(verifyInclusion({ leaf: leafHash(record.body), index, size, root }, path)).toBe(true);
    expect(verifyInclusion({ leaf: leafHash(`${record.body} `), index, size, root }, path)).toBe(false);
    expect(record.chain.map(({ id }) => id)).toContain(line!.id);
    expect(record.current?.planHash).toBe((JSON.parse(record.body) as EvidenceRecord).planHash);
  });

  it('R9 hands out signed checkpoints page by page, so that one can be kept where the server has no hand in it', async () => {
    const key = parseLogVerifier(
      (
        (await api.send('erin', 'GET', `${base}/evidence/${((await list()).body as Page).items[0]!.id}`))
          .body as RecordBody
      ).proof.logKey,
    );
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await api.send('erin', 'GET', `${base}/checkpoints${query}`);
      const page = body as { items: { size: number; root: string; note: string }[]; next: string | null };
      for (const { size, root, note } of page.items) expect(verifyCheckpoint(note, key)).toMatchObject({ size, root });
      seen.push(...page.items.map(({ size }) => size));
      cursor = page.next;
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a));
    expect(seen[0]).toBe(((await list()).body as Page).size);
    expect((await api.send('mallory', 'GET', `${base}/checkpoints`)).status).toBe(403);
  });

  it('A19 hands out bytes to be saved, never to be shown; and only those of the entry that is named', async () => {
    const entries = ((await list('?kind=evidence&limit=500')).body as Page).items;
    const records = await Promise.all(
      entries.map(async ({ id }) => (await api.send('erin', 'GET', `${base}/evidence/${id}`)).body as RecordBody),
    );
    const withSource = records.find(({ body }) => (JSON.parse(body) as EvidenceRecord).sources.length > 0)!;
    const [source] = (JSON.parse(withSource.body) as EvidenceRecord).sources;
    const path = `${base}/evidence/${withSource.id}/bytes/${source!.sha256}`;
    const { headers } = await api.send('erin', 'GET', path);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f]{16}\.bin"$/u);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const bytes = Buffer.from(
      await (await fetch(`${api.url}${path}`, { headers: await api.headersOf('erin') })).arrayBuffer(),
    );
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(source!.sha256);
    const without = records.find(
      ({ body }) => !(JSON.parse(body) as EvidenceRecord).sources.some(({ sha256 }) => sha256 === source!.sha256),
    )!;
    expect(codeOf(await api.send('erin', 'GET', `${base}/evidence/${without.id}/bytes/${source!.sha256}`))).toBe(
      'evidence_unknown',
    );
  });

  it('R9 a bundle of a sealed decision holds for a stranger; taking it again writes nothing', async () => {
    const sealed = await api.send('alice', 'POST', `${base}/gates/ready/decisions`, {
      body: {},
      headers: { 'idempotency-key': 'seal-1-000' },
    });
    expect(sealed.body).toMatchObject({ outcome: 'no-go' });
    const { id } = sealed.body as { id: string };
    const size = ((await list()).body as Page).size;
    const first = await fetchBundle(id);
    expect((await fetchBundle(id)).equals(first)).toBe(true);
    expect(((await list()).body as Page).size).toBe(size);
    const again = await api.send('alice', 'POST', `${base}/gates/ready/decisions`, {
      body: {},
      headers: { 'idempotency-key': 'seal-1-000' },
    });
    expect(again.body).toEqual(sealed.body);
    const files = await untar(first);
    const report = verifyBundle(toBundleSource(files), { pinnedKey: null, foreignCheckpoints: [] }, productRules);
    expect(report.steps.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(
      codeOf(
        await api.send('alice', 'GET', `${base}/bundles/${((await list('?kind=evidence')).body as Page).items[0]!.id}`),
      ),
    ).toBe('evidence_unknown');
  });

  it('S9 is for people who may see the launch; bundles are for those who may see who did what', async () => {
    const { id } = ((await list()).body as Page).items[0]!;
    const paths = [`${base}/evidence`, `${base}/evidence/${id}`, `${base}/bundles/${id}`];
    for (const path of paths) {
      expect((await api.send(null, 'GET', path)).status).toBe(401);
      expect((await api.send('mallory', 'GET', path)).status).toBe(403);
    }
    expect((await api.send('mallory', 'POST', `${base}/gates/ready/decisions`, { body: {} })).status).toBe(403);
    expect(codeOf(await api.send('erin', 'GET', `${base}/evidence/0000`))).toBe('evidence_unknown');
    expect(api.trouble).toEqual([]);
  });
});

async function fetchBundle(id: string): Promise<Buffer> {
  const answer = await fetch(`${api.url}${base}/bundles/${id}`, { headers: await api.headersOf('alice') });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-tar']);
  return Buffer.from(await answer.arrayBuffer());
}

async function untar(archive: Buffer): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name.split('/').slice(1).join('/'), Buffer.concat(chunks));
  }
  return files;
}
