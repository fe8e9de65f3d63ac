import { createHash } from 'node:crypto';

import type { JsonObject, JsonValue } from '@tminus/verify';

import type { ObservedSource } from '../../core/check/check.ts';
import { toStatSource } from './file-stat.ts';
import { toDurationMs } from './report-spec.ts';

const centuryMs = 100 * 365 * 86_400_000;

/**
 * Returns a broken report as if it had been found in the workspace, as old as its check allows. A control that the check itself refuses
 * as stale or partial would be unreadable, and nothing can be judged on what cannot be read.
 */
export function toControlReport(
  spec: JsonObject,
  report: { name: string; mediaType: string; text: string },
): ObservedSource[] {
  const { name, mediaType, text } = report;
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const stat = { path: name, size: bytes.length, sha256, ageMs: toControlAge(spec), kept: 'whole' } as const;
  return [{ name, mediaType, bytes }, toStatSource({ files: [stat] })];
}

/** Returns a broken report whose format is JSON, see `toControlReport`. */
export function toJsonControl(spec: JsonObject, report: JsonValue, mediaType = 'application/json'): ObservedSource[] {
  return toControlReport(spec, { name: 'control.json', mediaType, text: JSON.stringify(report) });
}

/** Returns as many broken things as the check says that a report must at least hold, and one where it says nothing. */
export function repeatBroken<Thing>(least: unknown, toBroken: (index: number) => Thing): Thing[] {
  return Array.from({ length: typeof least === 'number' ? least : 1 }, (_, index) => toBroken(index));
}

/** Returns the greatest age that `maxAge` allows, or one that no check for a fresh file can take. */
export function toControlAge(spec: JsonObject): number {
  return typeof spec['maxAge'] === 'string' ? toDurationMs(spec['maxAge']) : centuryMs;
}
