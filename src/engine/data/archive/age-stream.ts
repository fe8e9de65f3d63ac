import { Readable } from 'node:stream';

import type { Encrypter } from 'age-encryption';

import { ProductError } from '../../../core/error/product-error.ts';

/** Throws `usage` for the first that is no recipient: asked before anything is read or written for them. */
export async function requireRecipients(recipients: readonly string[]): Promise<void> {
  if (recipients.length > 0) await openEncrypter(recipients);
}

/** Returns a stream encrypted for these recipients (age-encryption.org/v1); names and values of what is in it cannot be read without one of their identities. */
export async function encryptTo(recipients: readonly string[], plain: Readable): Promise<Readable> {
  const encrypter = await openEncrypter(recipients);
  const stream = await encrypter.encrypt(Readable.toWeb(plain) as unknown as globalThis.ReadableStream<Uint8Array>);
  return Readable.fromWeb(stream);
}

async function openEncrypter(recipients: readonly string[]): Promise<Encrypter> {
  const age = await import('age-encryption');
  const encrypter = new age.Encrypter();
  for (const [index, recipient] of recipients.entries()) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      // What the library says is not repeated: somebody may have given an identity in the place of a recipient.
      throw new ProductError(
        'usage',
        `recipient ${index + 1}: expected an age recipient (age1...), got something else`,
        { hint: 'give the public half, as "age-keygen -y" prints it' },
      );
    }
  }
  return encrypter;
}

/** How an encrypted archive begins. */
export const ageBegin = Buffer.from('age-encryption.org/v1\n');

/** Returns what a stream was encrypted from, or null where none of the identities opens it. */
export async function decryptWith(identities: readonly string[], sealed: Readable): Promise<Readable | null> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    const stream = await decrypter.decrypt(Readable.toWeb(sealed) as unknown as globalThis.ReadableStream<Uint8Array>);
    return Readable.fromWeb(stream);
  } catch {
    sealed.destroy();
    return null;
  }
}
