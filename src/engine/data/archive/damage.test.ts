import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { archiveRules } from '../../../core/dataset/archive/archive-rules.ts';
import type { ArchiveRuleId } from '../../../core/dataset/archive/archive-rules.ts';
import { archiveSchemaVersion, partialArchiveVersion } from '../../../core/dataset/archive/manifest.ts';
import type { ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import { digestBytes, packFiles, samplePlan } from './archive.fixture.ts';
import type { TarFile } from './archive.fixture.ts';
import { readArchive } from './open-archive.ts';
import { verifyArchive } from './verify-archive.ts';
import type { ArchiveVerifying, VerifiedArchive } from './verify-archive.ts';
import { writeArchive } from './write-archive.ts';

const signal = AbortSignal.timeout(600_000);
let folder: string;
let count = 0;
let whole: TarFile[];
let wholeFile: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tminus-archive-'));
  wholeFile = join(folder, 'whole.tar.gz');
  await writeArchive(samplePlan(), wholeFile, { signal, recipients: [] });
  whole = [];
  for await (const { path, bytes } of readArchive({ file: wholeFile, identities: [], signal }))
    whole.push({ path, bytes: await buffer(bytes) });
});
afterAll(() => rmSync(folder, { recursive: true }));

function verify(file: string, over: Partial<ArchiveVerifying> = {}): Promise<VerifiedArchive> {
  return verifyArchive({ file, identities: [], signal, expectedSha256: null, environment: null, ...over });
}

function write(bytes: Buffer): string {
  count += 1;
  const file = join(folder, `damaged-${count}.tar.gz`);
  writeFileSync(file, bytes);
  return file;
}

const taskFile = 'entities/tasks.jsonl';
const personFile = 'entities/people.jsonl';

type Files = Map<string, TarFile>;
type Damage = (files: Files) => TarFile[] | undefined;

/** Changes the manifest, as somebody does who writes one anew. */
function inManifest(change: (manifest: ArchiveManifest & { [name: string]: unknown }) => void): Damage {
  return (files) => {
    const file = files.get('manifest.json')!;
    const manifest = JSON.parse(file.bytes.toString()) as ArchiveManifest & { [name: string]: unknown };
    change(manifest);
    file.bytes = Buffer.from(JSON.stringify(manifest));
    return undefined;
  };
}

/** Changes the lines of a file and everything that the manifest says of it, as a writer does that has a fault. */
function inLines(path: string, change: (lines: string[]) => string[], counts = true): Damage {
  return (files) => {
    const file = files.get(path)!;
    const lines = change(file.bytes.toString().trimEnd().split('\n'));
    file.bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    return inManifest((manifest) => {
      manifest.checksums[path] = digestBytes(file.bytes);
      if (counts) manifest.entity_counts[path.slice('entities/'.length, -'.jsonl'.length)] = lines.length;
    })(files);
  };
}

const replaceIn = (path: string, from: string, to: string): Damage =>
  inLines(path, (lines) => {
    expect(lines.join('\n')).toContain(from);
    const at = lines.findIndex((line) => line.includes(from));
    return lines.with(at, lines[at]!.replace(from, to));
  });

const add =
  (file: TarFile): Damage =>
  (files) => [...files.values(), file];

function makePartial(manifest: ArchiveManifest): void {
  const entities = Object.fromEntries(manifest.entities.map(({ name }) => [name, { by: 'at', undated: 0 }]));
  manifest.schema_version = partialArchiveVersion;
  manifest.window = { since: '2026-11-21T11:00:00.000Z', until: null, because: 'a test', entities };
}

/** One damage for every rule that is asked inside of a container; where the finding has to be, where there is a place. */
const inside: [string, ArchiveRuleId, Damage, { file?: string; line?: number; byte?: number; field?: string }][] = [
  [
    'a symbolic link',
    'entry_forbidden',
    add({ path: 'entities/x', bytes: Buffer.alloc(0), header: { type: 'symlink', linkname: '/etc/passwd' } }),
    {},
  ],
  [
    'a hard link',
    'entry_forbidden',
    add({ path: 'entities/x', bytes: Buffer.alloc(0), header: { type: 'link', linkname: '../x' } }),
    {},
  ],
  [
    'a device',
    'entry_forbidden',
    add({ path: 'entities/x', bytes: Buffer.alloc(0), header: { type: 'block-device' } }),
    {},
  ],
  ['a path that leads out', 'entry_forbidden', add({ path: '../../etc/cron.d/x', bytes: Buffer.from('x') }), {}],
  ['an absolute path', 'entry_forbidden', add({ path: '/etc/cron.d/x', bytes: Buffer.from('x') }), {}],
  ['a file twice', 'entry_duplicate', (files) => [...files.values(), files.get(taskFile)!], { file: taskFile }],
  ['no manifest', 'manifest_missing', (files) => [...files.values()].slice(1), { file: personFile }],
  [
    'a manifest that is half written',
    'manifest_malformed',
    (files) => void (files.get('manifest.json')!.bytes = files.get('manifest.json')!.bytes.subarray(0, 200)),
    { file: 'manifest.json' },
  ],
  ['an archive of a window of time', 'archive_partial', inManifest(makePartial), { file: 'manifest.json' }],
  [
    'a window in a whole archive',
    'manifest_malformed',
    inManifest((manifest) => {
      makePartial(manifest);
      manifest.schema_version = archiveSchemaVersion;
    }),
    { file: 'manifest.json' },
  ],
  [
    'a partial archive that says no window of an entity',
    'manifest_malformed',
    inManifest((manifest) => {
      makePartial(manifest);
      Reflect.deleteProperty(manifest.window!.entities, 'tasks');
    }),
    { file: 'manifest.json' },
  ],
  [
    'a manifest without a field',
    'manifest_malformed',
    inManifest((manifest) => void Reflect.deleteProperty(manifest, 'entity_counts')),
    {},
  ],
  ['a newer format', 'version_unknown', inManifest((manifest) => void (manifest.export_format_version = 2)), {}],
  ['an older format', 'version_unknown', inManifest((manifest) => void (manifest.export_format_version = 0)), {}],
  [
    'another schema',
    'version_unknown',
    inManifest((manifest) => void (manifest.schema_version = 'dataops.execution.v1')),
    {},
  ],
  [
    'a file of what was left out',
    'entity_not_omitted',
    inManifest((manifest) => void manifest.omitted_entities.push({ entity: 'tasks', reason: 'x' })),
    {},
  ],
  [
    'a file that is gone',
    'file_missing',
    (files) => [...files.values()].filter(({ path }) => path !== taskFile),
    { file: taskFile },
  ],
  [
    'a file that nobody listed',
    'file_unexpected',
    add({ path: 'entities/more.jsonl', bytes: Buffer.from('{}\n') }),
    { file: 'entities/more.jsonl' },
  ],
  [
    'two files that changed places',
    'file_swapped',
    (files) =>
      void ([files.get(taskFile)!.bytes, files.get(personFile)!.bytes] = [
        files.get(personFile)!.bytes,
        files.get(taskFile)!.bytes,
      ]),
    {},
  ],
  [
    'a file cut short',
    'size_differs',
    (files) => void (files.get(taskFile)!.bytes = files.get(taskFile)!.bytes.subarray(0, 100)),
    { file: taskFile, byte: 100 },
  ],
  [
    'a changed bit',
    'checksum_differs',
    (files) => void (files.get(taskFile)!.bytes[40]! ^= 1),
    { file: taskFile, byte: 0 },
  ],
  ['a row too few', 'count_differs', inLines(taskFile, (lines) => lines.slice(0, -1), false), { file: taskFile }],
  ['a line that is none', 'line_malformed', replaceIn(taskFile, '}', ''), { file: taskFile, line: 1, byte: 0 }],
  [
    'white space in a line',
    'line_malformed',
    replaceIn(taskFile, '"id":"9"', '"id": "9"'),
    { file: taskFile, line: 2 },
  ],
  [
    'fields in another order',
    'line_malformed',
    replaceIn(taskFile, '"id":"9","owner":"2"', '"owner":"2","id":"9"'),
    { line: 2 },
  ],
  ['a field that is missing', 'field_missing', replaceIn(taskFile, ',"points":"0"', ''), { line: 2, field: 'points' }],
  [
    'a field too many',
    'field_unexpected',
    replaceIn(taskFile, ',"points":"0"', ',"points":"0","more":null'),
    { line: 2 },
  ],
  [
    'a field that was left out',
    'field_not_omitted',
    replaceIn(personFile, '"email":"[redacted]"', '"email":"[redacted]","password":null'),
    { line: 1, field: 'password' },
  ],
  [
    'null where a value is required',
    'required_null',
    replaceIn(taskFile, '"points":"0"', '"points":null'),
    { line: 2, field: 'points' },
  ],
  [
    'a value of another type',
    'value_malformed',
    replaceIn(taskFile, '"points":"0"', '"points":"none"'),
    { line: 2, field: 'points' },
  ],
  [
    'a number of JSON',
    'value_malformed',
    replaceIn(taskFile, '"points":"0"', '"points":0'),
    { line: 2, field: 'points' },
  ],
  [
    'a date of another form',
    'date_malformed',
    replaceIn(taskFile, '2026-11-21T', '2026-11-31T'),
    { line: 1, field: 'ended_at' },
  ],
  [
    'a value that is not one of those',
    'value_not_allowed',
    replaceIn(taskFile, '"state":"open"', '"state":"odd"'),
    { line: 2, field: 'state' },
  ],
  ['a key twice', 'key_duplicate', replaceIn(personFile, '"id":"11"', '"id":"10"'), { line: 3, file: personFile }],
  [
    'rows in another order',
    'rows_unsorted',
    inLines(personFile, (lines) => [lines[0]!, lines[2]!, lines[1]!]),
    { line: 3 },
  ],
  [
    'a row of nobody',
    'relation_broken',
    replaceIn(taskFile, '"owner":"10"', '"owner":"99"'),
    { line: 3, field: 'owner' },
  ],
  [
    'a value that was to be redacted',
    'redaction_missing',
    replaceIn(personFile, '"email":"[redacted]"', '"email":"zoe at home"'),
    { line: 1, field: 'email' },
  ],
  [
    'a secret in a value',
    'secret_found',
    replaceIn(personFile, '"Ten"', ['"AKIA', 'Q3EGRT2WXY7ZPLMN"'].join('')),
    { line: 2 },
  ],
  [
    'a secret in a value behind a name',
    'secret_found',
    replaceIn(personFile, '"Ten"', '"password=hunter2x!rt"'),
    { line: 2 },
  ],
  [
    'done without proof',
    'proof_missing',
    replaceIn(taskFile, '"proof":"ev-1"', '"proof":null'),
    { line: 1, field: 'proof' },
  ],
  [
    'an end before it ended',
    'lifecycle_broken',
    replaceIn(taskFile, '"ended_at":null', '"ended_at":"2026-11-21T13:05:09.123457Z"'),
    { line: 2, field: 'ended_at' },
  ],
  [
    'ended without an end',
    'lifecycle_broken',
    replaceIn(taskFile, '"2026-11-21T13:05:09.123456Z"', 'null'),
    { line: 1, field: 'ended_at' },
  ],
  ['a reminder twice', 'row_repeated', replaceIn(taskFile, '"reminder":"tuesday"', '"reminder":"monday"'), { line: 2 }],
];

const outside: [string, ArchiveRuleId, (bytes: Buffer) => Buffer, Partial<ArchiveVerifying>][] = [
  ['no archive at all', 'archive_unreadable', () => Buffer.from('PK\u0003\u0004 something else'), {}],
  ['an empty file', 'archive_truncated', () => Buffer.alloc(0), {}],
  ['a file cut short', 'archive_truncated', (bytes) => bytes.subarray(0, bytes.length - 200), {}],
  ['a changed bit in the middle', 'archive_corrupted', (bytes) => flip(bytes, Math.floor(bytes.length / 2)), {}],
  ['a changed bit in the checksum', 'archive_corrupted', (bytes) => flip(bytes, bytes.length - 7), {}],
  ['an older copy', 'archive_other', (bytes) => bytes, { expectedSha256: '0'.repeat(64) }],
  ['another environment', 'environment_other', (bytes) => bytes, { environment: 'production' }],
];

function flip(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at]! ^= 0x10;
  return damaged;
}

describe('verifyArchive', () => {
  it('D31 an archive as it was written has no finding', async () => {
    const { findings, manifest } = await verify(wholeFile);
    expect(findings).toEqual([]);
    expect(manifest?.entity_counts).toEqual({ people: 3, tasks: 3 });
  });

  it.each(inside)('F65 D31 %s: exactly %s', async (_, rule, damage, place) => {
    const files = new Map(whole.map(({ path, bytes }) => [path, { path, bytes: Buffer.from(bytes) }]));
    const { findings } = await verify(write(await packFiles(damage(files) ?? [...files.values()])));
    expect(findings.length).toBeGreaterThan(0);
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    expect(findings[0]).toMatchObject(place);
  });

  it.each(outside)('F43 F44 F66 %s: exactly %s', async (_, rule, damage, over) => {
    const { findings } = await verify(write(damage(readFileSync(wholeFile))), over);
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
  });

  it('F66 A47 an encrypted archive cannot be read by another, and its names cannot either', async () => {
    const [own, other] = await Promise.all([generateX25519Identity(), generateX25519Identity()]);
    const file = join(folder, 'sealed.tar.gz.age');
    await writeArchive(samplePlan(), file, { signal, recipients: [await identityToRecipient(own)] });
    expect((await verify(file, { identities: [own] })).findings).toEqual([]);
    expect((await verify(file, { identities: [other] })).findings.map(({ rule }) => rule)).toEqual(['key_wrong']);
    expect((await verify(file)).findings.map(({ rule }) => rule)).toEqual(['key_wrong']);
    expect(readFileSync(file).includes('people')).toBe(false);
    const changed = write(flip(readFileSync(file), 400));
    expect((await verify(changed, { identities: [own] })).findings.map(({ rule }) => rule)).toEqual([
      'archive_corrupted',
    ]);
  });

  it('D30 whoever cannot be a recipient is said so before a row is read, and nothing is left', async () => {
    const into = join(folder, 'for-nobody');
    const writing = { signal, recipients: ['age1...'] };
    await expect(writeArchive(samplePlan(), join(into, 'sealed.tar.gz.age'), writing)).rejects.toThrow(
      'recipient 1: expected an age recipient (age1...), got something else',
    );
    expect(existsSync(into)).toBe(false);
  });

  it('D31 every rule has a damage that it alone names', () => {
    const covered = new Set([...inside.map(([, rule]) => rule), ...outside.map(([, rule]) => rule), 'key_wrong']);
    expect([...covered].toSorted()).toEqual(Object.keys(archiveRules).toSorted());
    expect(inside.length + outside.length).toBeGreaterThanOrEqual(24);
  });
});
