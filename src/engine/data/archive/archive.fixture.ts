import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';

import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow, CanonType } from '../../../core/dataset/canon.ts';
import { blockBytes } from '../../../core/dataset/archive/manifest.ts';
import type { ArchiveDigest, ArchiveEntity, ArchiveField } from '../../../core/dataset/archive/manifest.ts';
import type { ArchiveInput } from './spool-entity.ts';
import type { ArchivePlan } from './write-archive.ts';

const field = (name: string, type: CanonType, over: Partial<ArchiveField> = {}): ArchiveField => ({
  name,
  type,
  scale: null,
  native_type: null,
  required: true,
  allowed: null,
  ...over,
});

export const people: ArchiveEntity = {
  name: 'people',
  fields: [field('id', 'integer'), field('name', 'text'), field('email', 'text', { required: false })],
  key: ['id'],
  relations: [],
  rules: [],
};

export const tasks: ArchiveEntity = {
  name: 'tasks',
  fields: [
    field('id', 'integer'),
    field('owner', 'integer'),
    field('state', 'text', { allowed: ['open', 'done'] }),
    field('proof', 'text', { required: false }),
    field('ended_at', 'timestamptz', { required: false }),
    field('reminder', 'text', { required: false }),
    field('points', 'decimal'),
  ],
  key: ['id'],
  relations: [{ fields: ['owner'], to: 'people', to_fields: ['id'] }],
  rules: [
    { rule: 'proof', field: 'state', values: ['done'], needs: 'proof' },
    { rule: 'lifecycle', field: 'state', values: ['done'], needs: 'ended_at' },
    { rule: 'dedupe', fields: ['owner', 'reminder'] },
  ],
};

export const personRows: CanonRow[] = [
  ['2', 'Zoë\t"quoted"', 'zoe@shop.test'],
  ['10', 'Ten', null],
  ['11', 'Eleven', 'eleven@shop.test'],
];

export const taskRows: CanonRow[] = [
  ['1', '2', 'done', 'ev-1', '2026-11-21T13:05:09.123456Z', 'monday', '10.5'],
  ['9', '2', 'open', null, null, 'tuesday', '0'],
  ['12', '10', 'open', null, null, 'monday', '3'],
];

async function* toLines(rows: readonly CanonRow[]): AsyncGenerator<Uint8Array> {
  for (const row of rows) yield Buffer.from(toCanonLine(row));
}

export function inputOf(entity: ArchiveEntity, rows: readonly CanonRow[], redacted: string[] = []): ArchiveInput {
  return { entity, redacted: new Set(redacted), lines: () => toLines(rows) };
}

export function samplePlan(over: Partial<ArchivePlan> = {}): ArchivePlan {
  return {
    source: { environment: 'staging', launch: 'shop', versions: { engine: 'test' }, snapshot: 'one', schema: null },
    appGitSha: 'a'.repeat(40),
    generatedAt: '2026-11-21T12:00:00.000Z',
    inputs: [inputOf(people, personRows, ['email']), inputOf(tasks, taskRows)],
    redactions: [{ entity: 'people', field: 'email', reason: 'personal data' }],
    omittedFields: [{ entity: 'people', field: 'password', reason: 'a secret' }],
    window: null,
    omittedEntities: [{ entity: 'sessions', reason: 'signed in again' }],
    ...over,
  };
}

/** A file as it stands in a tar archive, by our own hand: also what an honest writer never makes. */
export interface TarFile {
  path: string;
  bytes: Buffer;
  header?: Partial<Header>;
}

export async function packFiles(files: readonly TarFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, bytes, header = {} } of files) {
    const isFile = header.type === undefined;
    if (isFile) archive.entry({ name: path, mtime: new Date(0), ...header }, bytes);
    else archive.entry({ name: path, mtime: new Date(0), ...header });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

/** What an honest manifest says of these bytes. */
export function digestBytes(bytes: Buffer): ArchiveDigest {
  const blocks: string[] = [];
  for (let from = 0; from < bytes.length; from += blockBytes)
    blocks.push(sha256(bytes.subarray(from, from + blockBytes)));
  return { sha256: sha256(bytes), bytes: bytes.length, blocks };
}

function sha256(part: Buffer): string {
  return createHash('sha256').update(part).digest('hex');
}
