import type { ArchiveFinding } from './archive-rules.ts';
import { toFinding } from './archive-rules.ts';
import { archiveFormatVersion, archiveSchemaVersion, manifestPath, partialArchiveVersion } from './manifest.ts';
import type { ArchiveManifest } from './manifest.ts';

/** A manifest that can be worked with, or the first thing that is wrong with it. */
export type ReadManifest = { ok: true; manifest: ArchiveManifest } | { ok: false; finding: ArchiveFinding };

/** What the reader asks for; null where anything is right. */
export interface ManifestWish {
  environment: string | null;
  /** Whether an archive of a window of time is taken, too. Left out, it is refused: it is no backup of anything. */
  takesPartial?: boolean;
}

/** Reads the bytes of a manifest. The version is looked at first: of another one nothing else can be said. */
export function readManifest(bytes: Uint8Array, { environment, takesPartial = false }: ManifestWish): ReadManifest {
  const written = parseObject(bytes);
  if (written === null) return refuse('manifest_malformed', 'no object of JSON');
  const version = whyOtherVersion(written);
  if (version !== null) return refuse('version_unknown', version);
  const fault =
    findFault(written, manifestShape, 'manifest') ??
    findWindowFault(written) ??
    findBrokenName(written as unknown as ArchiveManifest);
  if (fault !== null) return refuse('manifest_malformed', fault);
  const manifest = written as unknown as ArchiveManifest;
  const { window } = manifest;
  if (window !== undefined && !takesPartial)
    return refuse('archive_partial', `one of records since ${window.since}, until ${window.until ?? 'it was written'}`);
  if (environment !== null && manifest.source.environment !== environment)
    return refuse('environment_other', `one of ${manifest.source.environment}, not of ${environment}`);
  const both = manifest.omitted_entities.find(({ entity }) => Object.hasOwn(manifest.entity_files, entity));
  if (both) return refuse('entity_not_omitted', `a file of ${both.entity}, which is said to be left out`);
  return { ok: true, manifest };
}

function refuse(rule: ArchiveFinding['rule'], got: string): ReadManifest {
  return { ok: false, finding: toFinding(rule, got, { file: manifestPath }) };
}

type Plain = { [name: string]: unknown };

function parseObject(bytes: Uint8Array): Plain | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isPlain(value) ? value : null;
  } catch {
    return null;
  }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function whyOtherVersion(written: Plain): string | null {
  const { schema_version: schema, export_format_version: format } = written;
  if (schema === undefined || format === undefined) return null;
  if (schema !== archiveSchemaVersion && schema !== partialArchiveVersion) return `schema ${JSON.stringify(schema)}`;
  if (format === archiveFormatVersion) return null;
  const age = typeof format === 'number' && format > archiveFormatVersion ? 'newer' : 'older';
  return `format ${JSON.stringify(format)}, which is ${age} than ${archiveFormatVersion}`;
}

/** What a place of a manifest holds; a list or a map of a shape, `?` for or null. */
type Shape =
  | 'text'
  | 'text?'
  | 'count'
  | 'count?'
  | 'flag'
  | 'sha256'
  | 'object'
  | { list: Shape; orNull?: true }
  | { map: Shape }
  | { fields: { [name: string]: Shape } };

const names: Shape = { list: 'text' };
const omission: Shape = { fields: { entity: 'text', field: 'text', reason: 'text' } };
const field: Shape = {
  fields: {
    name: 'text',
    type: 'text',
    scale: 'count?',
    native_type: 'text?',
    required: 'flag',
    allowed: { list: 'text', orNull: true },
  },
};
const relation: Shape = { fields: { fields: names, to: 'text', to_fields: names } };
const entity: Shape = {
  fields: {
    name: 'text',
    fields: { list: field },
    key: names,
    relations: { list: relation },
    rules: { list: 'object' },
  },
};
const manifestShape: Shape = {
  fields: {
    schema_version: 'text',
    export_format_version: 'count',
    generated_at: 'text',
    canon_version: 'text',
    source: {
      fields: { environment: 'text', launch: 'text?', versions: 'object', snapshot: 'text', schema: 'count?' },
    },
    app_git_sha: 'text?',
    entities: { list: entity },
    entity_files: { map: 'text' },
    entity_counts: { map: 'count' },
    checksums: { map: { fields: { sha256: 'sha256', bytes: 'count', blocks: { list: 'sha256' } } } },
    redactions: { list: omission },
    omitted_fields: { list: omission },
    omitted_entities: { list: { fields: { entity: 'text', reason: 'text' } } },
  },
};

const plain: { readonly [Kind in Extract<Shape, string>]: (value: unknown) => boolean } = {
  text: (value) => typeof value === 'string' && value !== '',
  'text?': (value) => value === null || (typeof value === 'string' && value !== ''),
  count: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'count?': (value) => value === null || (Number.isSafeInteger(value) && (value as number) >= 0),
  flag: (value) => typeof value === 'boolean',
  sha256: (value) => typeof value === 'string' && /^[\da-f]{64}$/.test(value),
  object: isPlain,
};

const windowShape: Shape = {
  fields: {
    since: 'text',
    until: 'text?',
    because: 'text',
    entities: { map: { fields: { by: 'text', undated: 'count' } } },
  },
};

/** What is partial says of which window, for every entity; what is whole has none. */
function findWindowFault({ schema_version: schema, window, entity_files: files }: Plain): string | null {
  if (schema === archiveSchemaVersion) return window === undefined ? null : 'a window in a whole archive';
  const fault = findFault(window, windowShape, 'manifest.window');
  if (fault !== null) return fault;
  const { entities } = window as { entities: Plain };
  const lost = Object.keys(files as Plain).find((name) => !Object.hasOwn(entities, name));
  return lost === undefined ? null : `no window of ${lost}`;
}

/** The first place that is not of its shape, in words; null where all are. */
function findFault(value: unknown, shape: Shape, at: string): string | null {
  if (typeof shape === 'string')
    return plain[shape](value) ? null : `${at} without a ${shape.replace('?', ' or null')}`;
  if ('list' in shape) {
    if (value === null && shape.orNull) return null;
    if (!Array.isArray(value)) return `${at} without a list`;
    return firstFault(value.map((each, index) => [each, shape.list, `${at}[${index}]`]));
  }
  if (!isPlain(value)) return `${at} without an object`;
  if ('map' in shape)
    return firstFault(Object.entries(value).map(([name, each]) => [each, shape.map, `${at}.${name}`]));
  return firstFault(Object.entries(shape.fields).map(([name, each]) => [value[name], each, `${at}.${name}`]));
}

function firstFault(parts: readonly [unknown, Shape, string][]): string | null {
  for (const [value, shape, at] of parts) {
    const fault = findFault(value, shape, at);
    if (fault !== null) return fault;
  }
  return null;
}

/** Entities, files, counts and digests are about the same things, and keys and relations name what is there. */
function findBrokenName({ entities, entity_files, entity_counts, checksums }: ArchiveManifest): string | null {
  const known = new Map(entities.map((each) => [each.name, new Set(each.fields.map(({ name }) => name))]));
  if (Object.keys(entity_files).toSorted().join() !== [...known.keys()].toSorted().join())
    return 'files of other entities';
  for (const { name, key, relations } of entities) {
    const path = entity_files[name] ?? '';
    if (entity_counts[name] === undefined) return `no count of ${name}`;
    if (!Object.hasOwn(checksums, path)) return `no checksum of ${path}`;
    const lost = key.find((each) => known.get(name)?.has(each) !== true);
    if (lost !== undefined) return `${name} without its key ${lost}`;
    const astray = relations.find(({ to, to_fields }) => to_fields.some((each) => known.get(to)?.has(each) !== true));
    if (astray) return `a relation of ${name} to ${astray.to}, which is not there`;
  }
  return null;
}
