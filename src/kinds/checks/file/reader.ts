import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toControlReport } from '../control-report.ts';
import { splitStat, toStatSource } from '../file-stat.ts';
import type { FileStat } from '../file-stat.ts';
import { refuseFence } from '../no-fence.ts';
import { refuseStale } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { splitListing, toArchiveFacts, toListingSource } from './archive-listing.ts';
import type { ArchiveListing } from './archive-listing.ts';

const schema = z.strictObject({
  ...fileKeys,
  absent: z
    .boolean()
    .meta({ description: 'The check is about a file that must not be there, such as a maintenance flag.' })
    .optional(),
  archive: z.boolean().meta({ description: 'The file is a tar archive, plain or gzip: list it.' }).optional(),
  manifest: z
    .string()
    .min(1)
    .max(1024)
    .meta({ description: 'Path, inside the archive, of the JSON file with the SHA-256 of every other file in it.' })
    .optional(),
});
const agreement = [
  'archive.manifest.listed > 0',
  'archive.manifest.missing == 0',
  'archive.manifest.changed == 0',
  'archive.manifest.unlisted == 0',
];

/** A file, or the files of a folder or glob: there or not, how large, how old, which digest, what is packed in it. */
export const fileReader: CheckReader = {
  kind: 'file',
  summary: 'Looks at files of the launch repository: presence, count, size, age, SHA-256, and what an archive holds.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations(spec) {
    if (spec['absent'] === true) return ['exists == false'];
    return ['exists == true', 'size > 0', ...(spec['manifest'] === undefined ? [] : agreement)];
  },
  parse: (spec, sources) => toReading(() => toFacts(spec, sources)),
  negativeControl,
};

/**
 * Nothing where something should be, and the reverse. Where an archive is asked for, an empty one is there whose manifest fits nothing:
 * of an archive that is absent no number would be known, and an expectation that holds of every archive would go unnoticed.
 */
function negativeControl(spec: JsonObject): ObservedSource[] {
  const wantsListing = spec['archive'] === true || spec['manifest'] !== undefined;
  if (spec['absent'] !== true && !wantsListing) return [toStatSource({ files: [] })];
  const found = toControlReport(spec, { name: 'control', mediaType: 'application/octet-stream', text: '' });
  return spec['absent'] === true ? found : [...found, toListingSource(toBrokenListing(spec))];
}

function toBrokenListing(spec: JsonObject): ArchiveListing {
  const sha256 = digestOf(new Uint8Array());
  if (spec['manifest'] === undefined) return { sha256, entries: [], manifest: null };
  const zeros = '0'.repeat(64);
  return {
    sha256,
    entries: ['changed', 'unlisted'].map((path) => ({ path, size: 0, sha256 })),
    manifest: JSON.stringify({ files: { changed: zeros, missing: zeros } }),
  };
}

function toFacts(spec: JsonObject, sources: readonly ObservedSource[]): JsonObject {
  const { rest, listing } = splitListing(sources);
  const { files, stat } = splitStat(rest);
  if (stat === null) throw new Unreadable('missing', 'expected stat.json beside the files, got none');
  refuseOtherBytes(stat.files, files);
  refuseStale(spec['maxAge'], stat);
  const [only] = stat.files.length === 1 ? stat.files : [];
  if (listing && listing.sha256 !== only?.sha256)
    throw new Unreadable(
      'changed',
      'expected the archive that was listed to be the file that was taken, got another digest',
    );
  const manifest = typeof spec['manifest'] === 'string' ? spec['manifest'] : null;
  return {
    exists: stat.files.length > 0,
    count: stat.files.length,
    size: stat.files.reduce((sum, file) => sum + file.size, 0),
    ...(stat.files.length === 0 ? {} : { ageMs: Math.max(...stat.files.map((file) => file.ageMs)) }),
    ...(only === undefined ? {} : { sha256: only.sha256, kept: only.kept }),
    files: stat.files.slice(0, 20).map(({ path, size, sha256 }) => ({ path, size, sha256 })),
    ...(listing === null ? {} : { archive: toArchiveFacts(listing, manifest) }),
  };
}

/** The account of a file is believed only as far as its bytes are not there to be counted again. */
function refuseOtherBytes(stats: readonly FileStat[], files: readonly ObservedSource[]): void {
  if (stats.length !== files.length)
    throw new Unreadable('malformed', `stat.json tells of ${stats.length} files, the observation has ${files.length}`);
  for (const [index, file] of files.entries()) {
    const stat = stats[index]!;
    const isSame =
      stat.kept === 'head'
        ? file.bytes.length < stat.size
        : file.bytes.length === stat.size && digestOf(file.bytes) === stat.sha256;
    if (file.name !== stat.path || !isSame)
      throw new Unreadable('changed', `${file.name}: expected the bytes that stat.json tells of, got others`);
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
