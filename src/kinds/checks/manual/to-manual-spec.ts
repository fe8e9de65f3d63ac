import type { Binding, JsonObject } from '@tminus/verify';

import type { Criterion, Launch } from '../../../core/launch/launch.ts';
import { readSchema } from '../read-schema.ts';
import { manualSchema } from './schema.ts';

/** What a human criterion asks, of which launch, plan, candidate and environment. */
export interface ManualAsking {
  launch: Pick<Launch, 'people' | 'roles'>;
  criterion: Pick<Criterion, 'id' | 'role' | 'proof' | 'check'>;
  binding: Binding;
}

/**
 * The complete spec of the `manual` check behind a human criterion: role and proof as declared, everybody who may be asked with key
 * and roles from the launch, and what the word is bound to. Equal launches give equal specs, so a verifier can make it again
 * from the documents and compare: a record that brought its own people would differ.
 */
export function toManualSpec({ launch, criterion, binding }: ManualAsking): JsonObject {
  const written = criterion.check?.kind === 'manual' ? criterion.check.spec : {};
  const role = criterion.role ?? written['role'] ?? null;
  const people = launch.people.map(({ id, key, human, automation }) => {
    const roles = launch.roles.filter((each) => each.people.includes(id)).map((each) => each.id);
    return { id, key, human, automation, roles: roles.toSorted() };
  });
  const { launch: launchId, planHash, candidateSha256, environment } = binding;
  const bound = { launch: launchId, planHash, candidateSha256, environment };
  const proof = criterion.proof ?? written['proof'] ?? null;
  const sorted = people.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const read = readSchema(manualSchema, {
    ...written,
    role,
    proof,
    criterion: criterion.id,
    binding: bound,
    people: sorted,
  });
  if (!read.ok)
    throw new Error(
      `criterion ${criterion.id}: expected a spec of the manual check, got ${JSON.stringify(read.faults)}`,
    );
  return read.spec;
}
