import type { Outcome } from '@tminus/verify';

import { readDocument } from './document/read-document.ts';

/** How one criterion or step stands, for the copy that `tminus render` writes. */
export interface Badge {
  /** Line of the heading or item in the original file, from 1. */
  line: number;
  outcome: Outcome;
  /** A few words: when, by whom, by which evidence. */
  note: string;
}

const words: { [outcome in Outcome]: string } = { pass: 'PASS', fail: 'FAIL', unknown: 'UNKNOWN' };

/**
 * Returns a copy of a document with a badge behind each line that has a result; without results it is the document, byte for byte.
 * The original is never touched: what happened is shown beside what was declared, not written into it.
 */
export function renderDocument(path: string, bytes: Uint8Array, badges: readonly Badge[]): Uint8Array {
  if (badges.length === 0 || readDocument(path, bytes).refused) return bytes.slice();
  const byLine = new Map(badges.map((badge) => [badge.line, badge]));
  const parts: Uint8Array[] = [];
  let line = 1;
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const ends = at === bytes.length || bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10);
    if (!ends) continue;
    const badge = byLine.get(line);
    const end = bytes[at] === 10 && bytes[at - 1] === 13 && at > start ? at - 1 : at;
    if (badge !== undefined) parts.push(bytes.subarray(start, end), new TextEncoder().encode(badgeText(badge)));
    parts.push(bytes.subarray(badge === undefined ? start : end, at + 1));
    line += 1;
    start = at + 1;
  }
  return concatenate(parts);
}

/** Markdown signs in a note are written as entities, so that a note can neither break the item nor bring in markup. */
function badgeText({ outcome, note }: Badge): string {
  const safe = note
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>|~#&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return ` — **${words[outcome]}**${safe === '' ? '' : ` (${safe})`}`;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
