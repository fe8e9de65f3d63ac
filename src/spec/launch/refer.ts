import type { Place } from '../../core/launch/place.ts';
import type { Draft, Reference } from './draft.ts';

/** Keeps a reference until all documents are read. */
export function refer(draft: Draft, reference: Reference): void {
  draft.references.push(reference);
}

/** Keeps a reference to a role. */
export function referRole(
  draft: Draft,
  use: string,
  role: { value: string; at: Place },
  settle: (id: string) => void,
): void {
  refer(draft, { use: `role of ${use}`, target: 'role', name: role.value, at: role.at, settle });
}
