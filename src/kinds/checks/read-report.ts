import type { JsonObject } from '@tminus/verify';

import type { ObservedSource, Reading } from '../../core/check/check.ts';
import { toAgeText } from './age-text.ts';
import { splitStat, toFileFacts } from './file-stat.ts';
import type { WorkspaceStat } from './file-stat.ts';
import { toDurationMs } from './report-spec.ts';
import { toReading, Unreadable } from './unreadable.ts';

/**
 * Returns the facts of a report and, under `file`, those of the files that it stands in. What every report kind refuses is refused here:
 * no file, an empty file, a file older than `maxAge`.
 */
export function readReport(
  spec: JsonObject,
  sources: readonly ObservedSource[],
  read: (files: readonly ObservedSource[]) => JsonObject,
): Reading {
  return toReading(() => {
    const { files, stat } = splitStat(sources);
    if (files.length === 0) throw new Unreadable('missing', 'expected a report, got no file');
    refuseStale(spec['maxAge'], stat);
    files.forEach(refuseEmpty);
    return { ...read(files), file: toFileFacts(files, stat) };
  });
}

/** Returns what `read` finds in one file; a refusal then begins with the name of the file. */
export function readNamed<Found>(file: ObservedSource, read: (bytes: Uint8Array) => Found): Found {
  try {
    return read(file.bytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(error.code, `${file.name}: ${error.message}`);
  }
}

function refuseEmpty(file: ObservedSource): void {
  if (file.bytes.length === 0) throw new Unreadable('empty', `${file.name}: expected a report, got zero bytes`);
}

/** A file from the future would stay fresh for ever; clocks of two machines may differ by this much. */
const clockSkewMs = 60_000;

/** `maxAge` is part of what makes a report usable at all, so it holds whatever the document expects of the counts. */
export function refuseStale(maxAge: unknown, stat: WorkspaceStat | null): void {
  if (typeof maxAge !== 'string' || stat === null) return;
  const limit = toDurationMs(maxAge);
  const early = stat.files.find((file) => file.ageMs < -clockSkewMs);
  if (early)
    throw new Unreadable(
      'stale',
      `${early.path}: expected a file of the past, got one ${toAgeText(-early.ageMs)} ahead`,
    );
  const old = stat.files.find((file) => file.ageMs > limit);
  if (old) throw new Unreadable('stale', `${old.path}: expected at most ${maxAge} old, got ${toAgeText(old.ageMs)}`);
}
