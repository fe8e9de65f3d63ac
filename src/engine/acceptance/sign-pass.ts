import type { Attestation, Signed } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { findCriterion } from '../../core/launch/find-criterion.ts';
import { endPass, insertPass } from '../../store/acceptance.ts';
import type { Appended } from '../sign/append-signed.ts';
import { appendSignedAttestation, prepareAttestation } from '../sign/attestation.ts';
import type { Prepared } from '../sign/prepared.ts';
import { toDeclaredPerson } from '../sign/signer.ts';
import type { Scene } from '../scene.ts';
import { readPass } from './read-pass.ts';
import type { AcceptancePass, PassParts } from './read-pass.ts';

/** What the person of a pass says of it. */
export interface PassWish {
  pass: string;
  /** The `[HUMAN]` criterion whose proof the pass is. */
  criterion: string;
  role: string | null;
  comment: string;
}

/** Begins a pass of a person in the environment of a scene, and returns it. Throws `person_unknown`, and `role_missing` for an automation. */
export async function beginPass(parts: PassParts, scene: Scene, person: string): Promise<AcceptancePass> {
  const { launch, environment } = scene;
  if (toDeclaredPerson(launch, person).automation) {
    throw new ProductError('role_missing', `${person}: expected a human, got an automation`, {
      hint: 'let a person go through their work, and sign for it',
    });
  }
  const id = await insertPass(parts.store, { launch: launch.id, environment: environment.id }, person);
  return readPass(parts, launch.id, id);
}

/** The word of a person that they went through their work, with the digest of what they did as its proof. Writes nothing. Throws `acceptance_refused` for a pass that is not theirs, not whole or over. */
export async function preparePass(
  parts: PassParts,
  scene: Scene,
  person: string,
  wish: PassWish,
): Promise<Prepared<Attestation>> {
  const pass = await findOpen(parts, scene, { person, id: wish.pass });
  const { criterion, role, comment } = wish;
  const proof = toProof(scene, criterion, pass);
  return prepareAttestation(parts.store, scene, person, { criterion, role, comment, proof });
}

/** Seals a signed pass as evidence of its criterion, and ends the pass. Throws as `preparePass`, and `statement_stale` where another pass or another state of it was signed. */
export async function appendSignedPass(
  parts: PassParts,
  scene: Scene,
  { id, signed }: { id: string; signed: Signed<Attestation> },
): Promise<Appended> {
  const { person, criterion, proof } = signed.statement;
  const pass = await findOpen(parts, scene, { person, id });
  const wanted = toProof(scene, criterion, pass);
  if (proof?.sha256 !== wanted?.sha256 || proof?.value !== wanted?.value) {
    throw new ProductError(
      'statement_stale',
      `acceptance pass ${id}: expected its digest ${wanted?.sha256}, got ${proof?.sha256}`,
      {
        hint: 'nothing was written; prepare it again, and sign what it shows now',
      },
    );
  }
  const place = await appendSignedAttestation(parts.store, scene, signed);
  await endPass(parts.store, id, { record: pass.record ?? {}, entry: place.id });
  return { id: place.id, index: place.index };
}

async function findOpen(
  parts: PassParts,
  { launch, environment }: Scene,
  { person, id }: { person: string; id: string },
): Promise<AcceptancePass> {
  const pass = await readPass(parts, launch.id, id);
  const lacks = pass.acts.flatMap(({ action, row }) => (row === null ? [action] : []));
  if (pass.person !== person) throw refuse(id, `one of ${person}`, `one of ${pass.person}`);
  if (pass.environment !== environment.id) throw refuse(id, `one in ${environment.id}`, `one in ${pass.environment}`);
  if (pass.endedAt !== null) throw refuse(id, 'one that is open', `one that ended at ${pass.endedAt}`);
  if (pass.record === null) throw refuse(id, 'all six actions', `none of ${lacks.join(', ')}`);
  return pass;
}

function refuse(id: string, expected: string, got: string): ProductError {
  return new ProductError('acceptance_refused', `acceptance pass ${id}: expected ${expected}, got ${got}`, {
    hint: 'do what is missing in the cockpit, or begin a new pass',
  });
}

function toProof({ launch }: Scene, id: string, { id: pass, sha256 }: AcceptancePass): Attestation['proof'] {
  const kind = findCriterion(launch, id).proof ?? 'artifact';
  return { kind, value: `acceptance pass ${pass}`, sha256 };
}
