import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdtemp, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import type { Dataset, PersonalCategory } from '../../../core/dataset/dataset.ts';
import { createOriginals } from '../../../core/dataset/snapshot/find-originals.ts';
import { createPseudonyms } from '../../../core/dataset/snapshot/pseudonym.ts';
import type { Pseudonym } from '../../../core/dataset/snapshot/pseudonym.ts';
import { scrubFaults } from '../../../core/dataset/snapshot/scrub-faults.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { makeFolder } from '../../write-file.ts';
import { encryptTo, requireRecipients } from '../archive/age-stream.ts';
import { exportDatasets } from '../archive/export-datasets.ts';
import type { DatasetExport } from '../archive/export-datasets.ts';
import type { ArchiveWriting } from '../archive/write-archive.ts';
import { scrubSession } from './scrub-session.ts';
import { verifySnapshot } from './verify-snapshot.ts';

/** What is copied, and how people are called in the copy. */
export interface SnapshotWish extends Omit<DatasetExport, 'generatedAt'> {
  generatedAt: string;
  pseudonym: Pseudonym;
  /** Asked with the plain archive once it is verified: that a clone boots. Returns what is wrong. */
  boot: (archive: { file: string; sha256: string; manifest: ArchiveManifest }) => Promise<string[]>;
}

/** A scrubbed copy that was verified. */
export interface TakenSnapshot {
  file: string;
  sha256: string;
  tag: string;
  manifest: ArchiveManifest;
}

/** A seed that can be guessed gives every pseudonym away. */
const shortestSeed = 16;

/** Returns the pseudonyms of a seed. Throws `usage` for one that is too short. */
export function seedPseudonyms(seed: Uint8Array): Pseudonym {
  if (seed.length < shortestSeed)
    throw new ProductError('usage', `seed: expected at least ${shortestSeed} bytes, got ${seed.length}`, {
      hint: 'make one with "openssl rand -hex 32" and keep it as a secret',
    });
  const key = Uint8Array.from(seed);
  return createPseudonyms((text) => createHmac('sha256', key).update(text).digest());
}

/**
 * Writes a copy of datasets without what is personal to a file that is not there yet. It is read again and held against every original value, restored and
 * asked; where anything is wrong, nothing of it remains.
 */
export async function takeSnapshot(wish: SnapshotWish, file: string, writing: ArchiveWriting): Promise<TakenSnapshot> {
  const faults = scrubFaults(wish.datasets);
  if (faults.length > 0) throw refuse(faults);
  await requireRecipients(writing.recipients);
  makeFolder(dirname(file));
  const folder = await mkdtemp(join(dirname(file), '.snapshot-'));
  try {
    const draft = join(folder, 'plain');
    const tag = `snapshot-${wish.generatedAt.slice(0, 10)}`;
    const written = await writeScrubbed(wish, { draft, tag, writing });
    const sealed = await sealFor(writing, draft, join(folder, 'sealed'));
    await link(sealed ?? draft, file).catch((error: unknown) => {
      throw toTaken(file, error);
    });
    const sha256 = sealed === null ? written.sha256 : await digestOfFile(file);
    return { file, sha256, tag, manifest: written.manifest };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeScrubbed(
  wish: SnapshotWish,
  { draft, tag, writing }: { draft: string; tag: string; writing: ArchiveWriting },
): Promise<{ file: string; sha256: string; manifest: ArchiveManifest }> {
  const { signal } = writing;
  const originals = createOriginals();
  const counts = new Map<string, number>();
  const tables = new Map(wish.datasets.map((dataset) => [dataset.id, tableOf(dataset, wish.side)]));
  const categoryOf = createCategories(wish.datasets, wish.side);
  const { pseudonym } = wish;
  const openScrubbed: DatasetExport['open'] = async (id, _access, until) =>
    scrubSession(await wish.open(id, 'read', until), {
      categoryOf: (table, column) => categoryOf(`${id}/${table}`, column),
      pseudonym,
      originals,
      tag,
      onCount: (table, rows) => counts.set(`${id}/${table}`, rows),
      signal,
    });
  const datasets = wish.datasets.map(dropRedacted);
  const written = await exportDatasets({ ...wish, datasets, open: openScrubbed }, draft, {
    ...writing,
    recipients: [],
  });
  const reading = { file: draft, identities: [], signal };
  const faults = await verifySnapshot(reading, {
    sha256: written.sha256,
    originals,
    countOf: (entity) => counts.get(tables.get(entity) ?? '') ?? null,
    categoryOf: (entity, field) => categoryOf(tables.get(entity) ?? '', field),
  });
  if (faults.length > 0) throw refuse(faults);
  const boot = await wish.boot(written);
  if (boot.length > 0) throw refuse(boot);
  return written;
}

/** A column that is redacted has no place in a copy at all: a marker would have to be read as a value. */
function dropRedacted(dataset: Dataset): Dataset {
  const dropped = dataset.redact.map((column) => ({ column, reason: 'the dataset says redact' }));
  return { ...dataset, omit: [...dataset.omit, ...dropped], redact: [] };
}

function tableOf({ source, target }: Dataset, side: 'source' | 'target'): string {
  const { on, table } = side === 'source' || target === null ? source : target;
  return `${on}/${table}`;
}

/** A column is personal under the name that the document gives it and under the one that it has on this side. */
function createCategories(
  datasets: readonly Dataset[],
  side: 'source' | 'target',
): (place: string, column: string) => PersonalCategory | null {
  const categories = new Map<string, PersonalCategory>();
  for (const dataset of datasets) {
    const place = tableOf(dataset, side);
    for (const { column, category } of dataset.personal) {
      const names = side === 'source' ? [] : dataset.map.filter(({ from }) => from === column).map(({ to }) => to);
      for (const name of [column, ...names]) categories.set(JSON.stringify([place, name]), category);
    }
  }
  return (place, column) => categories.get(JSON.stringify([place, column])) ?? null;
}

async function sealFor({ recipients }: ArchiveWriting, plain: string, to: string): Promise<string | null> {
  if (recipients.length === 0) return null;
  const handle = await open(to, 'wx', 0o600);
  try {
    for await (const chunk of (await encryptTo(recipients, createReadStream(plain))) as AsyncIterable<Uint8Array>)
      await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return to;
}

async function digestOfFile(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) digest.update(chunk);
  return digest.digest('hex');
}

function toTaken(file: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return error;
  return new ProductError('output_exists', `${file}: expected no such file, got one`, {
    hint: 'name another folder; a snapshot is never overwritten',
  });
}

function refuse(faults: readonly string[]): ProductError {
  return new ProductError('export_refused', `snapshot: ${faults.slice(0, 10).join('; ')}`, {
    hint: 'declare what is personal, or redact it; nothing was written',
  });
}
