import type { KeyObject } from 'node:crypto';

import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalize } from './canonicalize.ts';
import { isSignedBy, privateKeyFromPem, signEd25519 } from './ed25519.ts';
import { FormatError, quoteShort } from './format-error.ts';
import { verifyAssertion } from './passkey-assertion.ts';
import { formatPersonKey, parsePersonKey } from './person-key.ts';
import type { Signed } from './record.ts';

/** A person's statement with their signature over its RFC 8785 bytes. */
export function signStatement<Statement extends { person: string }>(
  statement: Statement,
  person: string,
  privateKeyPem: string,
): Signed<Statement> {
  if (statement.person !== person) {
    const where = 'signed statement';
    throw new FormatError({
      where,
      expected: `a statement of ${quoteShort(person)}`,
      got: quoteShort(statement.person),
    });
  }
  const key = privateKeyFromPem(privateKeyPem);
  const value = encodeBase64(signEd25519(Buffer.from(canonicalize(statement)), key));
  return { format: 'tminus/signed/1', statement, signature: { person, key: formatPersonKey(key), value } };
}

/**
 * Returns only when the statement carries the signature of `publicKey` (as declared, a key file's or a passkey's), names that
 * key and no other, and speaks for the person who signed.
 */
export function verifySigned(signed: Signed<{ person: string }>, publicKey: string, where = 'signed statement'): void {
  const { statement, signature } = signed;
  const key = parsePersonKey(publicKey, `${where} key`);
  if (signature.key !== publicKey) {
    throw new FormatError({ where: `${where} key`, expected: publicKey, got: quoteShort(signature.key) });
  }
  if (signature.person !== statement.person) {
    const got = quoteShort(signature.person);
    throw new FormatError({ where: `${where} signer`, expected: quoteShort(statement.person), got });
  }
  if (key.kind === 'passkey') verifyAssertion(statement, signature.value, key, `${where} signature`);
  else verifyBytes(signed, key.publicKey, `${where} signature`);
}

function verifyBytes({ statement, signature }: Signed<{ person: string }>, key: KeyObject, where: string): void {
  const value = decodeBase64(signature.value, where);
  if (value.length !== 64) throw new FormatError({ where, expected: '64 bytes', got: `${value.length} bytes` });
  if (!isSignedBy(Buffer.from(canonicalize(statement)), value, key)) {
    const expected = `the signature of ${quoteShort(statement.person)} over these bytes`;
    throw new FormatError({ where, expected, got: 'one that does not hold' });
  }
}
