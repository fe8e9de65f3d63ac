import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalize } from './canonicalize.ts';
import { isSignedBy, signEd25519 } from './ed25519.ts';
import { FormatError, quoteShort } from './format-error.ts';
import type { LogKey, LogVerifier } from './log-key.ts';
import { decodeUtf8, parseStrictJson } from './parse-strict-json.ts';

/** Payload type of an in-toto statement (in-toto attestation framework v1, "Envelope"). */
export const statementPayloadType = 'application/vnd.in-toto+json';

/** The bytes that are signed: DSSE v1 pre-authentication encoding, lengths in bytes. */
export function encodePreAuth(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** A DSSE envelope around the RFC 8785 form of a statement, signed by the log key, itself in RFC 8785 form. */
export function sealEnvelope(statement: unknown, key: LogKey): string {
  const payload = Buffer.from(canonicalize(statement));
  const sig = encodeBase64(signEd25519(encodePreAuth(statementPayloadType, payload), key.privateKey));
  return canonicalize({
    payload: encodeBase64(payload),
    payloadType: statementPayloadType,
    signatures: [{ keyid: `${key.name}+${key.keyId}`, sig }],
  });
}

/**
 * The statement inside an envelope, once `key` is known to have signed it. Signatures with other key ids are passed over.
 * Nothing of the payload is parsed before the signature holds.
 */
export function openEnvelope(text: string, key: LogVerifier, where = 'envelope'): unknown {
  const envelope = readEnvelope(parseStrictJson(text, where), where);
  if (envelope.payloadType !== statementPayloadType) {
    const got = quoteShort(envelope.payloadType);
    throw new FormatError({ where: `${where} payloadType`, expected: statementPayloadType, got });
  }
  const payload = decodeBase64(envelope.payload, `${where} payload`);
  const message = encodePreAuth(envelope.payloadType, payload);
  const own = envelope.signatures.filter((line) => line.keyid === `${key.name}+${key.keyId}`);
  const holds = own.every((line) => isSignedBy(message, decodeBase64(line.sig, `${where} sig`), key.publicKey));
  if (own.length === 0 || !holds) {
    const got = own.length === 0 ? 'none' : 'one that does not hold';
    throw new FormatError({ where, expected: `a signature of ${key.name}+${key.keyId}`, got });
  }
  return parseStrictJson(decodeUtf8(payload, `${where} payload`), `${where} payload`);
}

interface Envelope {
  payload: string;
  payloadType: string;
  signatures: { keyid: string; sig: string }[];
}

function readEnvelope(value: unknown, where: string): Envelope {
  const refuse = (): FormatError =>
    new FormatError({ where, expected: 'payload, payloadType and 1 to 16 signatures', got: 'another shape' });
  if (typeof value !== 'object' || value === null) throw refuse();
  const { payload, payloadType, signatures } = value as Record<string, unknown>;
  if (typeof payload !== 'string' || typeof payloadType !== 'string' || !Array.isArray(signatures)) throw refuse();
  if (Object.keys(value).length !== 3 || signatures.length === 0 || signatures.length > 16) throw refuse();
  const lines = signatures.map((line: unknown) => {
    const { keyid, sig } = (typeof line === 'object' && line !== null ? line : {}) as Record<string, unknown>;
    if (typeof keyid !== 'string' || typeof sig !== 'string') throw refuse();
    return { keyid, sig };
  });
  return { payload, payloadType, signatures: lines };
}
