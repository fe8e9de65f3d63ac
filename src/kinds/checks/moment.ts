import type { ObservedSource } from '../../core/check/check.ts';
import { isObject, parseJson } from './parse-json.ts';
import { Unreadable } from './unreadable.ts';

const mediaType = 'application/vnd.tminus.moment+json';

/** Returns the source that says when it was looked: the age of a report counts from what is signed in it, and files are touched easily. */
export function toMomentSource(nowMs: number): ObservedSource {
  const bytes = new TextEncoder().encode(JSON.stringify({ lookedAt: new Date(nowMs).toISOString() }));
  return { name: 'moment.json', mediaType, bytes };
}

/** Parts the moment of an observation from its other sources. Throws `Unreadable` where it is missing. */
export function splitMoment(sources: readonly ObservedSource[]): { rest: ObservedSource[]; nowMs: number } {
  const found = sources.find((source) => source.mediaType === mediaType);
  const moment = found === undefined ? null : parseJson(found.bytes);
  const nowMs = isObject(moment ?? undefined) ? Date.parse(String((moment as { lookedAt?: unknown }).lookedAt)) : NaN;
  if (Number.isNaN(nowMs))
    throw new Unreadable('malformed', 'expected moment.json to say when it was looked, got none');
  return { rest: sources.filter((source) => source !== found), nowMs };
}
