import type { KeyObject } from 'node:crypto';

import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalize } from './canonicalize.ts';
import { isSignedBy, privateKeyFromPem, publicKeyFromRaw, rawPublicKey, signEd25519 } from './ed25519.ts';
import { FormatError, quoteShort } from './format-error.ts';
import type { Signed } from './record.ts';

const keyPrefix = 'ed25519:';

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
 * Returns only when the statement carries the signature of `publicKey` (as declared: `ed25519:` and base64), names that key
 * and no other, and speaks for the person who signed.
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
  const value = decodeBase64(signature.value, `${where} signature`);
  if (value.length !== 64) {
    throw new FormatError({ where: `${where} signature`, expected: '64 bytes', got: `${value.length} bytes` });
  }
  if (!isSignedBy(Buffer.from(canonicalize(statement)), value, key)) {
    const expected = `the signature of ${quoteShort(statement.person)} over these bytes`;
    throw new FormatError({ where: `${where} signature`, expected, got: 'one that does not hold' });
  }
}

/** The public key behind `ed25519:` and base64; any other algorithm is refused. */
export function parsePersonKey(text: string, where = 'person key'): KeyObject {
  if (!text.startsWith(keyPrefix)) {
    throw new FormatError({ where, expected: '"ed25519:" and base64', got: quoteShort(text) });
  }
  const raw = decodeBase64(text.slice(keyPrefix.length), where);
  if (raw.length !== 32) throw new FormatError({ where, expected: '32 bytes', got: `${raw.length} bytes` });
  return publicKeyFromRaw(raw);
}

/** How a person's public key is declared in a launch document and written beside a signature. */
export function formatPersonKey(key: KeyObject): string {
  return `${keyPrefix}${encodeBase64(rawPublicKey(key))}`;
}
