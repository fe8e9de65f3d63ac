import type { Shown } from '../engine/acceptance/sight-desk.ts';
import type { Identity } from '../engine/identity/identity.ts';
import type { ApiParts } from './api-parts.ts';

/** An answer to a GET, as it is sent. */
export interface Answer {
  body: string;
  etag: string;
  /** What somebody has seen who gets it; null where nobody asks. */
  shown: Shown | null;
}

interface Kept {
  version: string;
  atMs: number;
  answer: Promise<Answer>;
}

/** How long an answer may be old at most: rights end, and time passes, without an event. */
const freshMs = 1_000;
const mostKept = 500;

const memories = new WeakMap<ApiParts, { kept: Map<string, Kept>; changes: number }>();

/** Notes that something is being changed, or was, over this server: what was answered before is not answered again. */
export function noteChange(parts: ApiParts): void {
  memoryOf(parts).changes += 1;
}

/**
 * Returns what `make` brings, or what it brought to the same asker for the same address a moment ago, while no event, no other change of a launch and no change over this
 * server came since. Many look at the same page, and each tells itself to look again at the same event: the page is made once for each of them, not once for each look.
 */
export function keepAnswer(
  parts: ApiParts,
  { identity, url }: { identity: Identity | null; url: string },
  make: () => Promise<Answer>,
): Promise<Answer> {
  const { kept, changes } = memoryOf(parts);
  const version = `${parts.events.cursor} ${parts.changes.version} ${changes}`;
  const key = JSON.stringify([identity?.person ?? null, identity?.scopes ?? null, url]);
  const known = kept.get(key);
  const atMs = performance.now();
  if (known?.version === version && atMs - known.atMs < freshMs) return known.answer;
  const answer = make();
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, { version, atMs, answer });
  answer.catch(() => kept.delete(key));
  return answer;
}

function memoryOf(parts: ApiParts): { kept: Map<string, Kept>; changes: number } {
  const memory = memories.get(parts) ?? { kept: new Map<string, Kept>(), changes: 0 };
  memories.set(parts, memory);
  return memory;
}
