import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonColumn, CanonValue } from '../../../core/dataset/canon.ts';
import type { ArchiveEntity, ArchiveManifest } from '../../../core/dataset/archive/manifest.ts';
import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';
import { readArchive } from './open-archive.ts';
import type { ArchiveReading } from './open-archive.ts';
import { splitLines } from './split-lines.ts';

/** Where rows are restored to. */
export interface RestoreTarget {
  session: DatastoreSession;
  /** Table of an entity, as the session names it. */
  tableOf: (entity: string) => string;
  /** Run in the same transaction, before the first row. */
  prepare: readonly string[];
  onEntity?: (entity: string) => void;
}

/** Restores every entity in one transaction, in the order of the archive, and returns how many rows each has. What was redacted is null. */
export async function restoreRows(
  reading: ArchiveReading,
  manifest: ArchiveManifest,
  { session, tableOf, prepare, onEntity }: RestoreTarget,
): Promise<Map<string, number>> {
  if (session.write === null) throw new Error('scratch: expected a session that writes, got none');
  return session.write(async (transaction) => {
    for (const statement of prepare) await transaction.run(statement, []);
    const restored = new Map<string, number>();
    for await (const { path, bytes } of readArchive(reading)) {
      const entity = manifest.entities.find(({ name }) => manifest.entity_files[name] === path);
      if (entity === undefined) continue;
      onEntity?.(entity.name);
      const target = { table: tableOf(entity.name), columns: toColumns(entity), key: entity.key };
      restored.set(entity.name, await transaction.insertRows(target, toCanonLines(entity, manifest, bytes)));
    }
    return restored;
  });
}

function toColumns({ fields }: ArchiveEntity): CanonColumn[] {
  return fields.map(({ name, type, scale }) => ({ name, type, scale }));
}

const writeAt = 262_144;

async function* toCanonLines(
  { name, fields }: ArchiveEntity,
  { redactions }: ArchiveManifest,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const redacted = new Set(redactions.filter(({ entity }) => entity === name).map(({ field }) => field));
  let text = '';
  for await (const lines of splitLines(bytes)) {
    for (const line of lines) {
      const row = JSON.parse(line.bytes.toString('utf8')) as { [field: string]: CanonValue };
      text += toCanonLine(fields.map((field) => (redacted.has(field.name) ? null : (row[field.name] ?? null))));
    }
    if (text.length < writeAt) continue;
    yield Buffer.from(text, 'utf8');
    text = '';
  }
  if (text !== '') yield Buffer.from(text, 'utf8');
}
