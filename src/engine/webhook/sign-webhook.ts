import { createHmac } from 'node:crypto';

/** What is signed: the very bytes of the body, when they are sent, and which message they are. */
export interface SignedParts {
  /** The same for every try of a message. */
  id: string;
  seconds: number;
  body: string;
}

const prefix = 'whsec_';
/** Standard Webhooks 1.0, section "Signature scheme": a key has 24 to 64 bytes. */
const fewestBytes = 24;

/** Returns the bytes of a signing secret: `whsec_` and base64, or the secret as it is. Null for one that is too short to protect anything. */
export function readSigningKey(secret: Uint8Array): Uint8Array | null {
  const text = new TextDecoder().decode(secret).trim();
  const key = text.startsWith(prefix) ? Buffer.from(text.slice(prefix.length), 'base64') : Buffer.from(text);
  return key.length < fewestBytes ? null : key;
}

/** Returns the headers that prove where a message is from (Standard Webhooks 1.0). */
export function signWebhook(key: Uint8Array, { id, seconds, body }: SignedParts): Record<string, string> {
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
