import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { challengeOf, encodeAssertion } from './passkey-assertion.ts';
import type { PasskeyAssertion } from './passkey-assertion.ts';
import { formatPasskey } from './person-key.ts';
import type { Signed } from './record.ts';
import { sha256Hex } from './sha256.ts';

/** What a software authenticator and its browser say; a test changes one part, and the answer is then truly signed so. */
export interface Answer {
  /** The site whose digest stands in the authenticator data. */
  rpId: string;
  /** Flags of authenticator data: UP 0x01, UV 0x04, BE 0x08, BS 0x10, AT 0x40, ED 0x80. */
  flags: number;
  counter: number;
  /** Bytes behind the 37 that every answer has. */
  behind: Buffer;
  clientData: { [member: string]: unknown };
  /** Text of the client data in place of the JSON of `clientData`. */
  clientDataText: string | null;
}

/** A passkey in software: real keys, real signatures, and an authenticator that lies where a test wants it to. */
export interface SoftwarePasskey {
  rpId: string;
  /** As it is declared in a launch document. */
  key: string;
  privateKey: KeyObject;
  answer(challenge: string, change?: Partial<Answer>): PasskeyAssertion;
  sign<Statement extends { person: string }>(statement: Statement, change?: Partial<Answer>): Signed<Statement>;
}

/** A new passkey for a site. */
export function newPasskey(rpId = 'tminus.example', algorithm: 'es256' | 'ed25519' = 'es256'): SoftwarePasskey {
  const { publicKey, privateKey } =
    algorithm === 'es256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const key = formatPasskey(rpId, publicKey);
  const answer: SoftwarePasskey['answer'] = (challenge, change = {}) => {
    const said = toAnswer(rpId, challenge, change);
    const clientDataJSON = Buffer.from(said.clientDataText ?? JSON.stringify(said.clientData));
    const head = Buffer.concat([Buffer.from(sha256Hex(said.rpId), 'hex'), Buffer.of(said.flags, 0, 0, 0, 0)]);
    head.writeUInt32BE(said.counter, 33);
    const authenticatorData = Buffer.concat([head, said.behind]);
    const bytes = Buffer.concat([authenticatorData, Buffer.from(sha256Hex(clientDataJSON), 'hex')]);
    const signature = sign(algorithm === 'es256' ? 'sha256' : null, bytes, privateKey);
    return toText({ authenticatorData, clientDataJSON, signature });
  };
  return {
    rpId,
    key,
    privateKey,
    answer,
    sign: (statement, change) => ({
      format: 'tminus/signed/1',
      statement,
      signature: {
        person: statement.person,
        key,
        value: encodeAssertion(answer(challengeOf(statement), change)),
      },
    }),
  };
}

function toAnswer(rpId: string, challenge: string, change: Partial<Answer>): Answer {
  const clientData = { type: 'webauthn.get', challenge, origin: `https://${rpId}`, crossOrigin: false };
  return {
    rpId,
    flags: 0x1d,
    counter: 7,
    behind: Buffer.alloc(0),
    clientDataText: null,
    ...change,
    clientData: { ...clientData, ...change.clientData },
  };
}

function toText(parts: { [Part in keyof PasskeyAssertion]: Buffer }): PasskeyAssertion {
  const { authenticatorData, clientDataJSON, signature } = parts;
  return {
    authenticatorData: authenticatorData.toString('base64url'),
    clientDataJSON: clientDataJSON.toString('base64url'),
    signature: signature.toString('base64url'),
  };
}
