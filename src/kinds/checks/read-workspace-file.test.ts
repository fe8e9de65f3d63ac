import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Observation } from '../../core/check/check.ts';
import { splitStat } from './file-stat.ts';
import { readWorkspaceFiles } from './read-workspace-file.ts';
import type { FileRequest } from './read-workspace-file.ts';

const now = Date.UTC(2026, 11, 5);
let outside: string;
let workspace: string;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'tminus-outside-'));
  workspace = join(outside, 'launch');
  mkdirSync(join(workspace, 'reports/deep'), { recursive: true });
  mkdirSync(join(workspace, '..launch'));
  writeFileSync(join(outside, 'secret.xml'), 'secret');
  writeFileSync(join(outside, 'launch-sibling.xml'), 'secret');
  for (const file of ['reports/b.xml', 'reports/a.xml', 'reports/deep/c.XML', 'reports/notes.txt', '..launch/d.xml'])
    writeFileSync(join(workspace, file), file);
  symlinkSync(join(outside, 'secret.xml'), join(workspace, 'leak.xml'));
  symlinkSync(outside, join(workspace, 'leak'));
  symlinkSync('reports/a.xml', join(workspace, 'alias.xml'));
  symlinkSync('nowhere', join(workspace, 'dangling.xml'));
  symlinkSync('circle.xml', join(workspace, 'circle.xml'));
  execFileSync('/usr/bin/env', ['mkfifo', join(workspace, 'pipe.xml')]);
  writeFileSync(join(workspace, 'large.bin'), 'head');
  truncateSync(join(workspace, 'large.bin'), 3 * 1024 * 1024);
  utimesSync(join(workspace, 'reports/a.xml'), new Date(now - 90_000), new Date(now - 90_000));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

function read(
  path: string,
  more: Partial<FileRequest> = {},
  signal = new AbortController().signal,
): Promise<Observation> {
  const request: FileRequest = {
    path,
    extensions: ['.xml'],
    mediaType: 'application/xml',
    keepBytes: 1024 * 1024,
    larger: 'trouble',
    missing: 'trouble',
    ...more,
  };
  return readWorkspaceFiles(request, { signal, workspace, allow: [], now: () => now });
}
const names = (observation: Observation): string[] => splitStat(observation.sources).files.map((file) => file.name);

describe('readWorkspaceFiles', () => {
  it('D01 brings the bytes of a file with its size, digest and age', async () => {
    const observation = await read('reports/a.xml');
    expect(observation.trouble).toBeNull();
    const { files, stat } = splitStat(observation.sources);
    expect(new TextDecoder().decode(files[0]!.bytes)).toBe('reports/a.xml');
    const sha256 = createHash('sha256').update('reports/a.xml').digest('hex');
    expect(stat).toEqual({ files: [{ path: 'reports/a.xml', size: 13, sha256, ageMs: 90_000, kept: 'whole' }] });
  });

  it.each([
    ['reports', ['reports/a.xml', 'reports/b.xml', 'reports/deep/c.XML']],
    ['reports/*.xml', ['reports/a.xml', 'reports/b.xml']],
    ['reports/**/*.{xml,txt}', ['reports/a.xml', 'reports/b.xml', 'reports/notes.txt']],
    ['..launch/d.xml', ['..launch/d.xml']],
    ['alias.xml', ['alias.xml']],
  ])('finds in %s the files that are meant, in order', async (path, expected) => {
    expect(names(await read(path))).toEqual(expected);
  });

  it.each([
    ['absent.xml', 'missing'],
    ['absent/*.xml', 'missing'],
    ['../secret.xml', 'outside_workspace'],
    ['../launch-sibling.xml', 'outside_workspace'],
    ['../*.xml', 'outside_workspace'],
    ['reports/../../secret.xml', 'outside_workspace'],
    ['/etc/passwd', 'outside_workspace'],
    ['leak.xml', 'outside_workspace'],
    ['leak/secret.xml', 'outside_workspace'],
    ['l*.xml', 'outside_workspace'],
    ['pipe.xml', 'not_a_file'],
    ['dangling.xml', 'missing'],
    ['circle.xml', 'missing'],
    ['large.bin', 'too_large'],
    ['a\0b', 'invalid_path'],
  ])('A16 refuses %s as %s and brings no byte', async (path, code) => {
    const observation = await read(path);
    expect(observation).toMatchObject({ sources: [], trouble: { code } });
    expect(JSON.stringify(observation)).not.toContain(outside);
  });

  it('names a file that may not be opened as unreadable, not as missing', async () => {
    const observation = await read('reports/a.xml/below.xml');
    expect(observation.trouble?.code).toMatch(/^(missing|unreadable)$/);
  });

  it('counts the files of a folder together against the limit', async () => {
    expect((await read('reports', { keepBytes: 20 })).trouble?.code).toBe('too_large');
  });

  it('keeps digest and head of a large file where that is asked', async () => {
    const { files, stat } = splitStat((await read('large.bin', { larger: 'head' })).sources);
    expect(files[0]!.bytes.length).toBe(64 * 1024);
    expect(stat!.files[0]).toMatchObject({ size: 3 * 1024 * 1024, kept: 'head' });
    const whole = Buffer.alloc(3 * 1024 * 1024);
    whole.write('head');
    expect(stat!.files[0]!.sha256).toBe(createHash('sha256').update(whole).digest('hex'));
  });

  it('takes no file for a fact where that is asked', async () => {
    const observation = await read('absent.xml', { missing: 'fact' });
    expect(observation.trouble).toBeNull();
    expect(splitStat(observation.sources)).toEqual({ files: [], stat: { files: [] } });
  });

  it('does not mistake a file called stat.json for its own account', async () => {
    writeFileSync(join(workspace, 'stat.json'), '{"files":[]}');
    expect(names(await read('stat.json'))).toEqual(['stat.json']);
  });

  it('says that it was aborted', async () => {
    expect(await read('reports/a.xml', {}, AbortSignal.abort())).toMatchObject({
      sources: [],
      trouble: { code: 'aborted' },
    });
  });

  it('ends a search through a large tree soon after an abort', async () => {
    const abort = new AbortController();
    const searching = readWorkspaceFiles(
      { path: '**/*.nothing', extensions: [], mediaType: 'x', keepBytes: 1, larger: 'trouble', missing: 'trouble' },
      { signal: abort.signal, workspace: process.cwd(), allow: [], now: () => now },
    );
    setTimeout(() => abort.abort(), 5);
    const start = performance.now();
    expect((await searching).trouble?.code).toBe('aborted');
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('refuses a file that grows while it is read', async () => {
    const growing = join(workspace, 'growing.bin');
    writeFileSync(growing, '');
    truncateSync(growing, 60 * 1024 * 1024);
    const reading = read('growing.bin', { larger: 'head', keepBytes: 64 * 1024 * 1024 });
    const grow = setInterval(() => appendFileSync(growing, 'more'), 1);
    const observation = await reading.finally(() => clearInterval(grow));
    expect(observation.trouble?.code).toBe('changed');
  });
});
