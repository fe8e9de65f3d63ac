import type { JsonObject } from '@tminus/verify';

/** What people are told; the same in every attempt, so that a repeat of the key is a repeat of the message. */
export type Message = { subject: string; text: string; key: string; mode: string };

/** How sending ended: what the other side said, or why it did not take the message. */
export type Sending = { ok: true; facts: JsonObject } | { ok: false; reason: string };

/** Hosts inside that may be reached, and those that must not be touched, whatever is allowed. */
export interface SendingContext {
  allow: readonly string[];
  forbidden: readonly string[];
}
