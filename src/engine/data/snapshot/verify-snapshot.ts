import { renderFinding } from '../../../core/dataset/archive/archive-rules.ts';
import type { ArchiveEntity, ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonValue } from '../../../core/dataset/canon.ts';
import type { PersonalCategory } from '../../../core/dataset/dataset.ts';
import type { Originals } from '../../../core/dataset/snapshot/find-originals.ts';
import { readArchive } from '../archive/open-archive.ts';
import type { ArchiveReading } from '../archive/open-archive.ts';
import { splitLines } from '../archive/split-lines.ts';
import { verifyArchive } from '../archive/verify-archive.ts';

/** What a snapshot is held against. */
export interface SnapshotExpectation {
  sha256: string;
  originals: Originals;
  /** Rows of an entity, as the datastore counted them itself. */
  countOf: (entity: string) => number | null;
  categoryOf: (entity: string, field: string) => PersonalCategory | null;
}

/**
 * Reads what was written from its file again and returns what is wrong with it, without a value: damage, rows that are missing, relations that lead nowhere, and
 * whatever was there of a person before.
 */
export async function verifySnapshot(reading: ArchiveReading, expected: SnapshotExpectation): Promise<string[]> {
  const archive = await verifyArchive({ ...reading, expectedSha256: expected.sha256, environment: null });
  const { manifest } = archive;
  if (manifest === null || archive.findings.length > 0) return archive.findings.map(renderFinding);
  const faults = manifest.entities.flatMap(({ name }) => countFaults(manifest, name, expected.countOf(name)));
  const betrayals = new Map<string, number>();
  for await (const { path, bytes } of readArchive(reading)) {
    const entity = manifest.entities.find(({ name }) => manifest.entity_files[name] === path);
    if (entity === undefined) continue;
    for await (const batch of splitLines(bytes))
      for (const line of batch) {
        const row = JSON.parse(line.bytes.toString('utf8')) as { [field: string]: CanonValue };
        for (const one of judgeRow(entity, row, expected)) betrayals.set(one, (betrayals.get(one) ?? 0) + 1);
      }
  }
  return [...faults, ...[...betrayals].map(([what, rows]) => `${what} in ${rows} rows`)];
}

function countFaults({ entity_counts: counts }: ArchiveManifest, entity: string, expected: number | null): string[] {
  const got = counts[entity];
  return got === expected ? [] : [`${entity}: expected ${expected ?? 'a count of'} rows, got ${got ?? 'none'}`];
}

function judgeRow(
  { name, fields, key: keyFields }: ArchiveEntity,
  row: { [field: string]: CanonValue },
  { originals, categoryOf }: SnapshotExpectation,
): string[] {
  const key = toCanonLine(keyFields.map((field) => row[field] ?? null));
  return fields.flatMap(({ name: column, type }) => {
    const category = categoryOf(name, column);
    const betrayal = originals.judge({ column, category, type, key, value: row[column] ?? null });
    return betrayal === null ? [] : [`${name}.${column}: expected nothing of a person, got ${betrayal}`];
  });
}
