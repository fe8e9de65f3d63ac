import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

interface Options {
  challenge: string;
}

/** Answers of an authenticator that may be wrong in one way. */
export interface Wrong {
  origin?: string;
  rpId?: string;
  /** Whether it verified its user. */
  verified?: boolean;
  counter?: number;
  key?: KeyObject;
}

/** A passkey in software: one ES256 key, and a counter that goes up. */
export class Authenticator {
  readonly id = randomBytes(16).toString('base64url');
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #origin: string;
  counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The public key as an uncompressed point, in base64. */
  get point(): string {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64');
  }

  register({ challenge }: Options, wrong: Wrong = {}) {
    const point = Buffer.from(this.point, 'base64');
    const cose = Buffer.concat([hex('a5010203262001215820'), point.subarray(1, 33), hex('225820'), point.subarray(33)]);
    const credential = Buffer.concat([Buffer.alloc(16), hex('0010'), Buffer.from(this.id, 'base64url'), cose]);
    const data = Buffer.concat([this.#data(wrong, 0x40), credential]);
    const length = Buffer.of(0x58, data.length);
    const none = Buffer.concat([hex('a363'), Buffer.from('fmt'), hex('64'), Buffer.from('none'), hex('67')]);
    const parts = [none, Buffer.from('attStmt'), hex('a068'), Buffer.from('authData'), length, data];
    const attestationObject = Buffer.concat(parts).toString('base64url');
    const clientDataJSON = this.#client('webauthn.create', challenge, wrong).toString('base64url');
    return this.#wrap({ attestationObject, clientDataJSON, transports: ['internal'] });
  }

  assert({ challenge }: Options, wrong: Wrong = {}) {
    this.counter += 1;
    const data = this.#data(wrong, 0);
    const client = this.#client('webauthn.get', challenge, wrong);
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
    const signature = sign('sha256', signed, wrong.key ?? this.#keys.privateKey).toString('base64url');
    const said = { authenticatorData: data.toString('base64url'), clientDataJSON: client.toString('base64url') };
    return this.#wrap({ ...said, signature });
  }

  #wrap(response: Record<string, unknown>) {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response };
  }

  #data({ rpId, verified = true, counter }: Wrong, flags: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    const host = createHash('sha256')
      .update(rpId ?? new URL(this.#origin).hostname)
      .digest();
    return Buffer.concat([host, Buffer.of(flags | (verified ? 5 : 1)), count]);
  }

  #client(type: string, challenge: string, { origin = this.#origin }: Wrong): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
