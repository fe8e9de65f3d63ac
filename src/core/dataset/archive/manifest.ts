import type { JsonObject } from '@tminus/verify';

import type { CanonType } from '../canon.ts';

/** What an archive says that it is. */
export const archiveSchemaVersion = 'tminus.archive.v1';

/** What an archive says that holds a window of time only: who reads whole archives, in any version, refuses it. */
export const partialArchiveVersion = 'tminus.archive.partial.v1';

/** The one version of the format that is written, and the newest that is read. */
export const archiveFormatVersion = 1;

/** What stands in the place of a value that was redacted, of null, too: that there was none is nobody's business. */
export const redactionMarker = '[redacted]';

/** Name of the first file of an archive. */
export const manifestPath = 'manifest.json';

/** Files are hashed whole and in blocks of so many bytes, so that damage has a place. */
export const blockBytes = 1_048_576;

/** A field of an entity, as its lines hold it: a JSON string with canonical text (`canon/1`), or null. */
export interface ArchiveField {
  name: string;
  type: CanonType;
  scale: number | null;
  /** As the engine called it; null where no engine did. */
  native_type: string | null;
  /** Null is refused. */
  required: boolean;
  /** All values that there may be; null for any. */
  allowed: string[] | null;
}

/** Fields that name a row of an entity of the same archive; a row with a null among them names none. */
export interface ArchiveRelation {
  fields: string[];
  to: string;
  to_fields: string[];
}

/**
 * What must hold of the rows of one entity beyond their fields. `proof`: where the field has one of these values, the other is there (a task that is done has
 * proof). `lifecycle`: the other is there exactly where it has one of them (what ended has an end, and nothing else). `dedupe`: no two rows agree in these fields.
 */
export type ArchiveRule =
  | { rule: 'proof' | 'lifecycle'; field: string; values: string[]; needs: string }
  | { rule: 'dedupe'; fields: string[] };

/** Records of one kind: one file, sorted by key. */
export interface ArchiveEntity {
  name: string;
  fields: ArchiveField[];
  key: string[];
  relations: ArchiveRelation[];
  rules: ArchiveRule[];
}

/** Digests of one file: of the whole, and of each block. */
export interface ArchiveDigest {
  sha256: string;
  bytes: number;
  blocks: string[];
}

/** Where the records came from. Holds no host, no account and no path. */
export interface ArchiveSource {
  environment: string;
  /** Launch whose documents declare them; null for the data of Tminus itself. */
  launch: string | null;
  /** Engine and driver with versions. */
  versions: JsonObject;
  /** `one`: every entity was read from one state of one datastore; `each`: one state per entity or datastore. */
  snapshot: 'one' | 'each';
  /** Number of the last migration, for the data of Tminus itself. */
  schema: number | null;
}

/** Which records a partial archive holds: those that were written from `since` on, and before `until`. */
export interface ArchiveWindow {
  /** RFC 3339. */
  since: string;
  /** RFC 3339; null where it goes on to the state that was read. */
  until: string | null;
  /** How it is known that the window begins there, in words. */
  because: string;
  /** For each entity the column that says when a record was written, and how many records say nothing: those are not in it. */
  entities: { [entity: string]: { by: string; undated: number } };
}

/** The first file of an archive: what is in it, and what is left out on purpose. */
export interface ArchiveManifest {
  schema_version: string;
  export_format_version: number;
  generated_at: string;
  canon_version: string;
  source: ArchiveSource;
  /** Commit of the launch repository; null outside of Git. */
  app_git_sha: string | null;
  /** Parents before their children. */
  entities: ArchiveEntity[];
  entity_files: { [entity: string]: string };
  entity_counts: { [entity: string]: number };
  checksums: { [path: string]: ArchiveDigest };
  redactions: { entity: string; field: string; reason: string }[];
  omitted_fields: { entity: string; field: string; reason: string }[];
  omitted_entities: { entity: string; reason: string }[];
  /** Of a partial archive; an archive without it holds every record. */
  window?: ArchiveWindow;
}

/** Returns the path of the file of an entity. */
export function toEntityPath(entity: string): string {
  return `entities/${entity}.jsonl`;
}
