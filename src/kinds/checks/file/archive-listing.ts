import type { JsonObject, JsonValue } from '@tminus/verify';

import type { ObservedSource } from '../../../core/check/check.ts';
import { isObject, parseJson } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

/** What stands in an archive, taken while its bytes went by. */
export interface ArchiveListing {
  /** Digest of the archive that was listed; it has to be the one of the file that was taken. */
  sha256: string;
  entries: { path: string; size: number; sha256: string }[];
  /** Text of the manifest that the check names; null where the archive has none of that name. */
  manifest: string | null;
}

const mediaType = 'application/vnd.tminus.archive+json';
const digest = /^(?:sha256:)?([0-9a-f]{64})$/i;

/** Returns the listing as a source beside the archive. */
export function toListingSource(listing: ArchiveListing): ObservedSource {
  return { name: 'archive.json', mediaType, bytes: new TextEncoder().encode(JSON.stringify(listing)) };
}

/** Parts the listing of an archive from the other sources; null where none was made. */
export function splitListing(sources: readonly ObservedSource[]): {
  rest: ObservedSource[];
  listing: ArchiveListing | null;
} {
  const found = sources.find((source) => source.mediaType === mediaType);
  const rest = sources.filter((source) => source.mediaType !== mediaType);
  if (found === undefined) return { rest, listing: null };
  const listing = parseJson(found.bytes) as unknown as ArchiveListing;
  if (typeof listing?.sha256 !== 'string' || !Array.isArray(listing.entries) || listing.manifest === undefined)
    throw new Unreadable('malformed', 'expected archive.json to hold sha256, entries and manifest');
  return { rest, listing };
}

/** Returns how many entries there are, and how the manifest and the entries agree: every file listed, every listed file there and unchanged. */
export function toArchiveFacts(listing: ArchiveListing, manifestPath: string | null): JsonObject {
  const facts = { entries: listing.entries.length, size: listing.entries.reduce((sum, entry) => sum + entry.size, 0) };
  if (manifestPath === null) return facts;
  if (listing.manifest === null)
    throw new Unreadable('no_manifest', `expected ${manifestPath} in the archive, got none`);
  const declared = readManifest(parseJson(new TextEncoder().encode(listing.manifest)));
  const there = new Map(
    listing.entries.filter((entry) => entry.path !== manifestPath).map((entry) => [entry.path, entry.sha256]),
  );
  const listed = [...declared.entries()];
  return {
    ...facts,
    manifest: {
      listed: declared.size,
      verified: listed.filter(([path, sha256]) => there.get(path) === sha256).length,
      missing: listed.filter(([path]) => !there.has(path)).length,
      changed: listed.filter(([path, sha256]) => there.has(path) && there.get(path) !== sha256).length,
      unlisted: [...there.keys()].filter((path) => !declared.has(path)).length,
    },
  };
}

/** `checksums` or `files`: digests by path, or a list of objects with `path` and `sha256`. */
function readManifest(manifest: JsonValue): Map<string, string> {
  const list = isObject(manifest) ? (manifest['checksums'] ?? manifest['files']) : undefined;
  if (Array.isArray(list))
    return new Map(
      list.map((item) =>
        toPair(isObject(item) ? item['path'] : undefined, isObject(item) ? item['sha256'] : undefined),
      ),
    );
  if (isObject(list))
    return new Map(
      Object.entries(list).map(([path, sha256]) => toPair(path, isObject(sha256) ? sha256['sha256'] : sha256)),
    );
  throw new Unreadable('malformed', 'expected the manifest to hold checksums or files, got neither');
}

function toPair(path: JsonValue | undefined, sha256: JsonValue | undefined): [string, string] {
  const found = typeof sha256 === 'string' ? digest.exec(sha256) : null;
  if (typeof path !== 'string' || !found)
    throw new Unreadable(
      'malformed',
      `manifest: expected a path with its sha256, got ${JSON.stringify(path ?? null)} with ${JSON.stringify(sha256 ?? null)}`,
    );
  return [path.replace(/^\.\//, ''), found[1]!.toLowerCase()];
}
