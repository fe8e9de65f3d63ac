import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { pack } from 'tar-stream';
import type { JsonObject } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { readSources } from '../../../core/check/read-sources.ts';
import { fileKind } from './kind.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-file-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));
const now = Date.UTC(2026, 11, 5);
const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

async function read(spec: JsonObject): Promise<Reading> {
  const context = { signal: new AbortController().signal, workspace, allow: [], now: () => now };
  const observation = await fileKind.observe(spec, context);
  if (observation.trouble) return { state: 'unreadable', trouble: observation.trouble };
  return readSources(fileKind, spec, observation.sources);
}
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const factsOf = (reading: Reading): JsonObject =>
  reading.state === 'readable' ? reading.facts : { ...reading.trouble };

type Entry = [header: Parameters<ReturnType<typeof pack>['entry']>[0], text?: string];
async function writeArchive(
  name: string,
  entries: Entry[],
  options: { gzip?: boolean; cut?: number } = {},
): Promise<void> {
  const archive = pack();
  for (const [header, text] of entries) archive.entry(header, text ?? '');
  archive.finalize();
  const bytes = await buffer(archive);
  const packed = options.gzip === false ? bytes : gzipSync(bytes);
  writeFileSync(join(workspace, name), packed.subarray(0, options.cut ?? packed.length));
}
const manifest = (files: { [path: string]: string }): Entry => [
  { name: 'manifest.json' },
  JSON.stringify({ checksums: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)])) }),
];
const files = (all: { [path: string]: string }): Entry[] => Object.entries(all).map(([name, text]) => [{ name }, text]);
const spec = (path: string): JsonObject => ({ path, manifest: 'manifest.json' });

describe('file', () => {
  it('D01 gives presence, size, age and digest of one file', async () => {
    writeFileSync(join(workspace, 'a.txt'), 'hello');
    utimesSync(join(workspace, 'a.txt'), new Date(now - 60_000), new Date(now - 60_000));
    const digest = sha256('hello');
    expect(factsOf(await read({ path: 'a.txt' }))).toEqual({
      exists: true,
      count: 1,
      size: 5,
      ageMs: 60_000,
      sha256: digest,
      kept: 'whole',
      files: [{ path: 'a.txt', size: 5, sha256: digest }],
    });
    expect(codeOf(await read({ path: 'a.txt', maxAge: '59s' }))).toBe('stale');
    expect(codeOf(await read({ path: 'a.txt', maxAge: '60s' }))).toBe('readable');
  });

  it('counts the files of a glob, and gives no digest of many', async () => {
    for (const name of ['x1.log', 'x2.log']) writeFileSync(join(workspace, name), name);
    const facts = factsOf(await read({ path: 'x*.log' }));
    expect(facts).toMatchObject({ exists: true, count: 2, size: 12 });
    expect(facts).not.toHaveProperty('sha256');
  });

  it('U6 a missing file is a fact that fails, and passes only where it is meant to be absent', async () => {
    expect(factsOf(await read({ path: 'none' }))).toEqual({ exists: false, count: 0, size: 0, files: [] });
    expect(fileKind.defaultExpectations({ path: 'none' })).toEqual(['exists == true', 'size > 0']);
    expect(fileKind.defaultExpectations({ path: 'none', absent: true })).toEqual(['exists == false']);
    const control = readSources(fileKind, { path: 'none', absent: true }, fileKind.negativeControl({ absent: true }));
    expect(factsOf(control)).toMatchObject({ exists: true });
  });

  it('says of a large file that only its head was kept', async () => {
    writeFileSync(join(workspace, 'large'), '');
    truncateSync(join(workspace, 'large'), 17 * 1024 * 1024);
    const digest = sha256(Buffer.alloc(17 * 1024 * 1024));
    expect(factsOf(await read({ path: 'large' }))).toMatchObject({
      size: 17 * 1024 * 1024,
      kept: 'head',
      sha256: digest,
    });
  });

  it('refuses an account that its bytes do not bear out', async () => {
    const context = { signal: new AbortController().signal, workspace, allow: [], now: () => now };
    const { sources } = await fileKind.observe({ path: 'a.txt' }, context);
    const other = sources.map((source, index) =>
      index === 0 ? { ...source, bytes: new TextEncoder().encode('hallo') } : source,
    );
    expect(codeOf(readSources(fileKind, { path: 'a.txt' }, other))).toBe('changed');
    expect(codeOf(readSources(fileKind, { path: 'a.txt' }, sources.slice(0, 1)))).toBe('missing');
    expect(codeOf(readSources(fileKind, { path: 'a.txt' }, sources.slice(1)))).toBe('malformed');
  });
});

describe('file with an archive', () => {
  const good = { 'data/a.jsonl': '{"id":1}\n', 'data/b.jsonl': '{"id":2}\n' };

  it.each([true, false])('D01 holds every file of an archive against its manifest (gzip %s)', async (gzip) => {
    await writeArchive('good.bin', [[{ name: 'data/', type: 'directory' }], ...files(good), manifest(good)], { gzip });
    expect(factsOf(await read(spec('good.bin')))).toMatchObject({
      archive: { entries: 3, manifest: { listed: 2, verified: 2, missing: 0, changed: 0, unlisted: 0 } },
    });
  });

  it('D01 sees a changed, a missing and an unlisted file', async () => {
    await writeArchive('bad.tgz', [...files({ 'data/a.jsonl': 'other', 'data/c.jsonl': 'new' }), manifest(good)]);
    expect(factsOf(await read(spec('bad.tgz')))['archive']).toMatchObject({
      manifest: { listed: 2, verified: 0, missing: 1, changed: 1, unlisted: 1 },
    });
  });

  it.each<[string, Entry[]]>([
    ['a path that climbs', [[{ name: '../evil' }, 'x']]],
    ['a path that climbs from within', [[{ name: 'data/../../evil' }, 'x']]],
    ['an absolute path', [[{ name: '/etc/cron.d/evil' }, 'x']]],
    ['a path of another system', [[{ name: String.raw`C:\evil` }, 'x']]],
    ['backslashes', [[{ name: String.raw`..\evil` }, 'x']]],
    ['a symbolic link', [[{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }]]],
    ['a hard link', [[{ name: 'link', type: 'link', linkname: '../../etc/passwd' }]]],
    ['a device', [[{ name: 'dev', type: 'character-device' }]]],
    ['a pipe', [[{ name: 'pipe', type: 'fifo' }]]],
    [
      'one path twice',
      [
        [{ name: 'a' }, '1'],
        [{ name: './a' }, '2'],
      ],
    ],
  ])('A16 refuses %s', async (_what, entries) => {
    await writeArchive('evil.tgz', [...files(good), ...entries, manifest(good)]);
    expect(codeOf(await read(spec('evil.tgz')))).toBe('unsafe_archive');
  });

  it('refuses an archive that is cut, none at all, one without the manifest, and a manifest without digests', async () => {
    await writeArchive('cut.tgz', [...files(good), manifest(good)], { cut: 120 });
    expect(codeOf(await read(spec('cut.tgz')))).toBe('malformed');
    await writeArchive('cut.tar', [...files(good), manifest(good)], { gzip: false, cut: 1100 });
    expect(codeOf(await read(spec('cut.tar')))).toBe('malformed');
    writeFileSync(join(workspace, 'text.tgz'), 'no archive');
    expect(codeOf(await read(spec('text.tgz')))).toBe('malformed');
    await writeArchive('bare.tgz', files(good));
    expect(codeOf(await read(spec('bare.tgz')))).toBe('no_manifest');
    await writeArchive('loose.tgz', [...files(good), [{ name: 'manifest.json' }, '{"files":{"data/a.jsonl":"yes"}}']]);
    expect(codeOf(await read(spec('loose.tgz')))).toBe('malformed');
  });

  it('lists many files for a glob nowhere: an archive is one file', async () => {
    expect(codeOf(await read({ path: '*.tgz', archive: true }))).toBe('ambiguous');
  });
});
