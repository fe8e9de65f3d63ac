import type { JsonObject } from '@tminus/verify';

import type { ObservedSource } from '../../core/check/check.ts';
import { parseJson } from './parse-json.ts';
import { Unreadable } from './unreadable.ts';

/** What was measured of one file when its bytes were taken. */
export interface FileStat {
  /** Relative to the workspace, with `/`. */
  path: string;
  size: number;
  sha256: string;
  /** Milliseconds between its last change and the observation; negative where its clock runs ahead. */
  ageMs: number;
  /** `head`: too large to be kept, so only its first bytes are among the sources and size and digest were measured on the way. */
  kept: 'whole' | 'head';
}

export interface WorkspaceStat {
  files: FileStat[];
}

/** Tells our own account apart from a file of the workspace that happens to be called stat.json. */
const mediaType = 'application/vnd.tminus.stat+json';

/** Returns the source that stands beside the files of an observation: what cannot be read from their bytes again. */
export function toStatSource(stat: WorkspaceStat): ObservedSource {
  return { name: 'stat.json', mediaType, bytes: new TextEncoder().encode(JSON.stringify(stat)) };
}

/** Parts the files of an observation from the account of them; null where there is none, as in a negative control. */
export function splitStat(sources: readonly ObservedSource[]): { files: ObservedSource[]; stat: WorkspaceStat | null } {
  const stats = sources.filter((source) => source.mediaType === mediaType);
  const files = sources.filter((source) => source.mediaType !== mediaType);
  if (stats.length > 1) throw new Unreadable('malformed', `expected one stat.json, got ${stats.length}`);
  return { files, stat: stats[0] === undefined ? null : readStat(stats[0]) };
}

function readStat(source: ObservedSource): WorkspaceStat {
  const stat = parseJson(source.bytes) as unknown as WorkspaceStat;
  if (!Array.isArray(stat?.files) || !stat.files.every(isFileStat))
    throw new Unreadable('malformed', 'expected stat.json to list files with path, size, sha256, ageMs and kept');
  return stat;
}

function isFileStat(file: Partial<FileStat> | null): boolean {
  return (
    typeof file?.path === 'string' &&
    typeof file.size === 'number' &&
    typeof file.sha256 === 'string' &&
    typeof file.ageMs === 'number' &&
    (file.kept === 'whole' || file.kept === 'head')
  );
}

/** Returns how many files, how large together and how old the oldest is; ages only where they were measured. */
export function toFileFacts(files: readonly ObservedSource[], stat: WorkspaceStat | null): JsonObject {
  const measured = stat?.files ?? [];
  return {
    count: files.length,
    size: files.reduce((sum, file) => sum + file.bytes.length, 0),
    ...(measured.length === 0 ? {} : { ageMs: Math.max(...measured.map((file) => file.ageMs)) }),
  };
}
