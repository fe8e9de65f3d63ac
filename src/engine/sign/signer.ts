import { formatPersonKey, isPasskey, signStatement } from '@tminus/verify';
import type { Signed } from '@tminus/verify';
import { createPrivateKey, createPublicKey } from 'node:crypto';

import { findPerson } from '../../core/approval/authority.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch, Person } from '../../core/launch/launch.ts';
import type { Prepared } from './prepared.ts';

/** A person at the keyboard, with the key that the launch declares for them. */
export interface Signer {
  person: Person;
  privateKeyPem: string;
}

/** The person of that name, with or without a key; throws `person_unknown`. */
export function toDeclaredPerson(launch: Launch, id: string): Person {
  const person = findPerson(launch, id);
  if (person) return person;
  const known = launch.people.map((each) => each.id).join(', ') || 'nobody';
  throw new ProductError('person_unknown', `person ${id}: expected one of ${known}, got ${id}`, {
    hint: 'declare the person under people in the front matter, with their public key',
  });
}

/** Throws `signature_invalid` where the key of a person is a passkey: it never leaves its authenticator, and no file can stand in for it. */
export function assertSignsByFile(launch: Launch, id: string): void {
  const person = findPerson(launch, id);
  if (!person?.key || !isPasskey(person.key)) return;
  const site = person.key.split(':')[1];
  throw new ProductError('signature_invalid', `${id}: expected a person with a key file, got one with a passkey`, {
    hint: `${id} signs in the browser, at ${site}; or declare a second account with a key of its own and human: ${person.human}`,
    at: person.at,
  });
}

/**
 * The person of that name, if the private key belongs to the public key that the launch declares.
 * Throws `person_unknown` or `signature_invalid`: a statement that no reader could verify is refused before it is sealed.
 */
export function toSigner(launch: Launch, personId: string, privateKeyPem: string): Signer {
  const person = toDeclaredPerson(launch, personId);
  assertSignsByFile(launch, personId);
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

/** A prepared statement with the signature of the one it was prepared for. */
export function signPrepared<Statement extends { person: string }>(
  { statement }: Prepared<Statement>,
  { person, privateKeyPem }: Signer,
): Signed<Statement> {
  return signStatement(statement, person.id, privateKeyPem);
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
