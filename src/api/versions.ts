import { createHash } from 'node:crypto';

import { VersionConflict } from '../core/error/version-conflict.ts';

/** Version of an answer: its digest, short enough for a header (RFC 9110 section 8.8.3). */
export function toVersion(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 22);
}

/** Throws `version_conflict` where somebody has seen another version than holds now; a change that names none is refused with what holds (D16). */
export function requireVersion(what: string, seen: string | null | undefined, current: string): void {
  if (seen !== current) throw new VersionConflict(what, seen ?? 'in If-Match or expectedVersion', current);
}
