import type { JsonObject } from '@tminus/verify';

/** What people are told. */
export type Message = { subject: string; text: string; launchStep: string; attempt: number; mode: string };

/** How sending ended: what the other side said, or why it did not take the message. */
export type Sending = { ok: true; facts: JsonObject } | { ok: false; reason: string };
