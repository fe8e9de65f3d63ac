import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { startSilentServer } from '../../../../tests/doubles/silent-server.ts';
import type { DataAccess } from '../../../core/dataset/data-access.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { sqliteKind } from '../../datastores/sqlite/kind.ts';
import { redirectsKind } from './kind.ts';
import { startOldSite } from './old-site.fixture.ts';
import type { OldSite } from './old-site.fixture.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-redirects-'));
const records = 300;
const page = (name: string) => ({ status: 200, body: `<html><title>${name} &amp; co - Shop</title></html>` });
const nameOf = (id: number): string => `Zoë ${id}/x`;
const slugOf = (id: number): string => encodeURIComponent(`zoë-${id}`);

let site: OldSite;
let fallback: OldSite;
let silent: Awaited<ReturnType<typeof startSilentServer>>;
beforeAll(async () => {
  const database = new DatabaseSync(join(workspace, 'shop.db'));
  database.exec('create table projects (id integer primary key, legacy_id integer, slug text, name text)');
  const insert = database.prepare('insert into projects values (?, ?, ?, ?)');
  for (let id = 1; id <= records; id += 1) insert.run(id, id + 1000, `zoë-${id}`, nameOf(id));
  database.close();
  const moved = Array.from({ length: records }, (_, index) => index + 1).flatMap((id) => [
    [
      `/projects?ID=${id + 1000}`,
      { status: 301, location: `/projects/${slugOf(id)}`, headers: { 'cache-control': 'max-age=60' } },
    ],
    [`/projects?ID=${id + 1000}&tminus-kept=1`, { status: 301, location: `/projects/${slugOf(id)}?tminus-kept=1` }],
    [`/projects/${slugOf(id)}`, page(nameOf(id))],
    [`/projects/${slugOf(id)}?tminus-kept=1`, page(nameOf(id))],
  ]);
  site = await startOldSite({
    ...Object.fromEntries(moved),
    '/people/1': { status: 302, location: '/members/1' },
    '/people/2': { status: 301, location: '/' },
    '/people/3': { status: 301, location: '/people/3b' },
    '/people/3b': { status: 301, location: '/members/3' },
    '/people/4': { status: 301, location: '/people/5' },
    '/people/5': { status: 301, location: '/people/4' },
    '/people/6': { status: 301, location: '/members/absent' },
    '/people/7': { status: 301, location: 'http://elsewhere.test/members/7' },
    '/people/8': { status: 301 },
    '/members/1': page('One'),
    '/members/3': page('Three'),
    '/': page('Home'),
    '/retired': { status: 410 },
    '/projects?ID=abc': { status: 400 },
    '/projects?ID=all': { status: 302, location: '/' },
    '/down': { status: 503 },
  });
  fallback = await startOldSite({ '/old': { status: 301, location: '/app/1' } }, page('App'));
  silent = await startSilentServer();
  writeFileSync(
    join(workspace, 'log'),
    '1.2.3.4 - - [21/Nov/2026:10:00:00 +0000] "GET /people/3 HTTP/1.1" 200 12 "-" "x"\n',
  );
  writeFileSync(join(workspace, 'nolog'), 'not a log\n');
  writeFileSync(
    join(workspace, 'sitemap.xml'),
    `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${site.url}/members/1</loc></url></urlset>`,
  );
  writeFileSync(join(workspace, 'empty'), '# nothing yet\n');
});
afterAll(async () => {
  await Promise.all([site.stop(), fallback.stop(), silent.stop()]);
  rmSync(workspace, { recursive: true, force: true });
});

const dataset = (redact: string[] = []): Dataset => ({
  id: 'projects',
  title: 'Projects',
  source: {
    on: 'shop',
    table: 'projects',
  },
  target: {
    on: 'shop',
    table: 'projects',
  },
  key: ['id'],
  map: [],
  omit: [],
  skip: [],
  targetWhere: [],
  tolerances: [],
  personal: [],
  redact,
  residency: null,
  retentionMs: null,
  partial: null,
  rules: [],
  fixes: [],
  fixPolicy: null,
  at: {
    file: 'a.md',
    line: 1,
    column: 1,
  },
});
const data = (redact: string[] = []): DataAccess => ({
  datasets: [dataset(redact)],
  open: async (_id, access, signal) =>
    await sqliteKind.open(
      'sqlite:shop.db',
      {},
      { signal, workspace, allow: [], forbidden: [], password: null, access, now: Date.now },
    ),
});
const template = {
  dataset: 'projects',
  from: '/projects?ID={legacy_id}',
  to: '/projects/{slug}',
  identity: { title: '{name} & co - Shop' },
};
const written = (base: string, more: JsonObject): JsonObject => ({ base, rate: 0, ...more });
const at = (more: JsonObject, host = site): ContractCase => ({
  written: written(host.url, more),
  workspace,
  allow: [host.host],
  data: data(),
});

checkKindContract({
  kind: redirectsKind,
  success: () => at({ templates: [template], gone: ['/retired'], stay: ['/projects?ID=abc'] }),
  refusal: () => at({ gone: ['/members/1'] }),
  slow: () => {
    return { written: written(`http://${silent.host}`, { gone: ['/a'] }), workspace, allow: [silent.host] };
  },
  garbage: () => at({ log: 'nolog' }),
  huge: { none: 'of a page only the head is read, and a report holds none of it' },
  misspelt: { written: { base: 'https://a.test', templtes: [] }, wrong: 'templtes', meant: 'templates' },
});

async function factsOf({ written: asked, ...given }: ContractCase): Promise<JsonObject> {
  const read = redirectsKind.readSpec(asked);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const context = {
    signal: AbortSignal.timeout(100_000),
    workspace,
    allow: given.allow ?? [],
    now: Date.now,
    ...(given.data && { data: given.data }),
  };
  const observation = await redirectsKind.observe(read.spec, context);
  if (observation.trouble) return { trouble: observation.trouble.code };
  const reading = redirectsKind.parse(read.spec, observation.sources);
  return reading.state === 'readable' ? reading.facts : { trouble: reading.trouble.code };
}

describe('where old URLs lead', () => {
  it.each([
    ['/people/1 301 /members/1', { 'wrong-status': 1 }],
    ['/people/1 302 /members/1', {}],
    ['/people/2 301 /members/2', { 'wrong-location': 1 }],
    ['/people/3 301 /members/3', { 'too-many-hops': 1 }],
    ['/people/4 301 /members/4', { loop: 1, 'too-many-hops': 1, 'wrong-location': 1 }],
    ['/people/6 301 /members/absent', { 'wrong-page-status': 1 }],
    ['/people/7 301 /members/7', { unanswered: 1, 'wrong-location': 1 }],
    ['/people/8 301 /members/8', { 'wrong-location': 1 }],
    ['/members/1 301 /members/one', { 'wrong-status': 1 }],
    ['/retired 410', {}],
    ['/members/1 410', { 'not-gone': 1 }],
  ])('C10 %s', async (line, faults) => {
    writeFileSync(join(workspace, 'list'), `${line}\n`);
    expect(await factsOf(at({ list: 'list' }))).toMatchObject({
      faults,
      verdict: Object.keys(faults).length === 0 ? 'correct' : 'wrong',
    });
  });

  it('C10 the hundred records that the seed chooses are compared, each with its own page, and the seed is written down', async () => {
    site.asked.splice(0);
    const facts = await factsOf(at({ templates: [template], seed: 7 }));
    expect(facts).toMatchObject({ verdict: 'correct', checked: 100, pages: 100, seed: 7 });
    expect(facts['sources']).toMatchObject([{ population: records, taken: 100 }]);
    const asked = [...new Set(site.asked.splice(0))].toSorted();
    await factsOf(at({ templates: [template], seed: 7 }));
    expect([...new Set(site.asked.splice(0))].toSorted()).toEqual(asked);
    await factsOf(at({ templates: [template], seed: 8 }));
    expect([...new Set(site.asked.splice(0))].toSorted()).not.toEqual(asked);
  });

  it('C10 a query is carried along, and Cache-Control is looked at, where that is asked for', async () => {
    expect(await factsOf(at({ templates: [template], keepQuery: true }))).toMatchObject({ verdict: 'correct' });
    expect(await factsOf(at({ templates: [template], cache: 'max-age' }))).toMatchObject({ verdict: 'correct' });
    expect(await factsOf(at({ templates: [template], cache: 'immutable' }))).toMatchObject({
      faults: { 'wrong-cache': 100 },
    });
  });

  it('C10 logs, sitemaps and tables are sources, and one that gives nothing makes the whole inconclusive', async () => {
    expect(await factsOf(at({ log: 'log' }))).toMatchObject({ faults: { 'too-many-hops': 1 } });
    expect(await factsOf(at({ log: 'log', hops: 2 }))).toMatchObject({ verdict: 'correct' });
    expect(await factsOf(at({ sitemap: 'sitemap.xml' }))).toMatchObject({ verdict: 'correct', checked: 1 });
    expect(await factsOf(at({ list: 'empty', gone: ['/retired'] }))).toMatchObject({ verdict: 'inconclusive' });
    expect(await factsOf(at({ table: true, gone: ['/retired'] }))).toMatchObject({ verdict: 'inconclusive' });
    const redirects = [{ from: '/people/1', status: '302', to: '/members/1' }];
    expect(await factsOf({ ...at({ table: true }), data: { ...data(), redirects } })).toMatchObject({
      verdict: 'correct',
    });
  });

  it('C10 what must not redirect may answer as it likes, but has to answer', async () => {
    expect(await factsOf(at({ stay: ['/projects?ID=all'] }))).toMatchObject({ faults: { redirected: 1 } });
    expect(await factsOf(at({ stay: ['/down'] }))).toMatchObject({ faults: { 'wrong-status': 1 } });
  });
});

describe('whether a page is the one that was meant', () => {
  it('C09 ten records by their URL, told by their title, and a page of another record does not pass', async () => {
    const probe = {
      dataset: 'projects',
      from: '/projects/{slug}',
      identity: { title: '{name} & co - Shop' },
      sample: 10,
    };
    expect(await factsOf(at({ templates: [probe] }))).toMatchObject({ verdict: 'correct', checked: 10 });
    const other = { ...probe, identity: { title: '{id} - Shop' } };
    expect(await factsOf(at({ templates: [other] }))).toMatchObject({ faults: { 'wrong-page': 10 } });
  });

  it('C09 a single-page fallback does not pass, with a marker or without', async () => {
    writeFileSync(join(workspace, 'spa'), '/old 301 /app/1\n');
    expect(await factsOf(at({ list: 'spa' }, fallback))).toMatchObject({ faults: { 'fallback-page': 1 } });
    const probe = { dataset: 'projects', from: '/app/{id}', identity: { text: 'App' }, sample: 3 };
    expect(await factsOf(at({ templates: [probe] }, fallback))).toMatchObject({ faults: { 'fallback-page': 3 } });
  });
});

describe('who is asked', () => {
  it('A11 nobody outside the hosts of the check, nobody inside that the environment does not allow, and no redacted column is shown', async () => {
    writeFileSync(join(workspace, 'foreign'), 'http://elsewhere.test/a 301 /b\n');
    expect(await factsOf(at({ list: 'foreign' }))).toEqual({ trouble: 'other_host' });
    const before = site.asked.length;
    expect(await factsOf({ ...at({ gone: ['/retired'] }), allow: [] })).toMatchObject({
      verdict: 'inconclusive',
      faults: { unanswered: 1 },
    });
    expect(site.asked.length).toBe(before);
    expect(await factsOf({ ...at({ templates: [template] }), data: data(['slug']) })).toEqual({
      trouble: 'configuration',
    });
  });

  it('no second has more requests than the rate', async () => {
    const startedAt = performance.now();
    await factsOf(at({ templates: [{ ...template, sample: 10 }], rate: 40 }));
    expect(performance.now() - startedAt).toBeGreaterThan(450);
  });
});
