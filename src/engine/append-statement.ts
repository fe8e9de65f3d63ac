import { digestOf, formatPersonKey, signStatement } from '@tminus/verify';
import type { ActionVote, Approval, Signed, Waiver } from '@tminus/verify';
import { createPrivateKey, createPublicKey } from 'node:crypto';

import { ProductError } from '../core/error/product-error.ts';
import type { Launch, Person } from '../core/launch/launch.ts';
import { appendEntries } from '../store/evidence-log.ts';
import type { Store } from '../store/open-store.ts';
import { keepLaunch } from './keep-launch.ts';
import type { Scene } from './scene.ts';

/** A person at the keyboard, with the key that the launch declares for them. */
export interface Signer {
  person: Person;
  privateKeyPem: string;
}

/**
 * The person of that name, if the private key belongs to the public key that the launch declares.
 * Throws `person_unknown` or `signature_invalid`: a statement that no reader could verify is refused before it is sealed.
 */
export function toSigner(launch: Launch, personId: string, privateKeyPem: string): Signer {
  const person = launch.people.find(({ id }) => id === personId);
  if (!person) {
    const known = launch.people.map(({ id }) => id).join(', ') || 'nobody';
    throw new ProductError('person_unknown', `person ${personId}: expected one of ${known}`, {
      hint: 'declare the person under people in the front matter, with their public key',
    });
  }
  const got = readPublicKey(privateKeyPem);
  if (person.key === got) return { person, privateKeyPem };
  throw new ProductError(
    'signature_invalid',
    `key of ${personId}: expected ${person.key ?? 'a declared key'}, got ${got}`,
    {
      hint:
        person.key === null
          ? `declare the key: people.${personId}.key: "${got}"`
          : 'sign with the key that the launch declares',
      at: person.at,
    },
  );
}

function readPublicKey(privateKeyPem: string): string {
  let got = 'something else';
  try {
    const key = createPrivateKey(privateKeyPem);
    got = `a key of type ${key.asymmetricKeyType}`;
    return formatPersonKey(createPublicKey(key));
  } catch (error) {
    if (privateKeyPem.includes('ENCRYPTED')) got = 'an encrypted key';
    throw new ProductError('key_unreadable', `private key: expected Ed25519 in PEM without a passphrase, got ${got}`, {
      hint: 'make one with "tminus key create"',
      cause: error,
    });
  }
}

/** The role that the signer speaks in: the one asked for, if they hold it; else one of the `wanted` that they hold, else any. */
export function toHeldRole(
  launch: Launch,
  { person }: Signer,
  asked: string | null,
  wanted: readonly string[] = [],
): string {
  const held = launch.roles.filter(({ people }) => people.includes(person.id)).map(({ id }) => id);
  const role = asked ?? held.find((each) => wanted.includes(each)) ?? held[0];
  if (role !== undefined && held.includes(role)) return role;
  throw new ProductError(
    'role_missing',
    `${person.id}: expected the role ${asked ?? 'of somebody'}, got ${held.join(', ') || 'no role'}`,
    {
      hint: `name ${person.id} under roles in the front matter, or ask somebody who holds the role`,
    },
  );
}

/**
 * Signs a waiver or a vote and appends it to the log. Returns its id and place. `findFault` is the rule of core that the decision will use:
 * a statement that could not count is refused before it is written, and its person learns why.
 */
export async function appendStatement<Statement extends Waiver | Approval | ActionVote>(
  store: Store,
  scene: Scene,
  signer: Signer,
  { statement, findFault }: { statement: Statement; findFault: (signed: Signed<Statement>) => string | null },
): Promise<{ id: string; index: number }> {
  const signed = signStatement(statement, signer.person.id, signer.privateKeyPem);
  const fault = findFault(signed);
  if (fault !== null) throw refused(signer, fault);
  await keepLaunch(store, scene);
  const entry = signed as Signed<Waiver> | Signed<Approval> | Signed<ActionVote>;
  const [place] = await appendEntries(store, scene.launch.id, [{ entry, blobs: [] }]);
  return { id: place?.id ?? digestOf(entry), index: place!.index };
}

function refused({ person }: Signer, fault: string): ProductError {
  return new ProductError('statement_void', `statement of ${person.id}: expected one that counts, got none: ${fault}`, {
    hint: 'nothing was written; let somebody sign who may, on what stands now',
  });
}
