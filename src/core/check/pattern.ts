import { RE2JS } from 're2js';

import type { Cursor } from './cursor.ts';

const flagBits = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL } as const;

/** Reads `/pattern/flags` and keeps it as text; the flags are `i`, `m` and `s`, the syntax is that of RE2. */
export function readPattern(cursor: Cursor): string {
  const start = cursor.at;
  const written = cursor.take(/\/(?:[^/\\]|\\.)+\/[a-z]*(?=\s*$)/y);
  if (written === null)
    cursor.refuse('a pattern such as /^v1\\./', String.raw`write the pattern between slashes, and a slash in it as \/`);
  if (written.includes('{{'))
    cursor.refuse('a pattern without templates', 'use contains or == for a value that is filled in later', start);
  try {
    toPattern(written);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    cursor.refuse(
      `a pattern in the syntax of RE2 (${reason})`,
      'look-around and back-references have no linear-time form',
      start,
    );
  }
  return written;
}

/** Compiles a pattern that `readPattern` kept. RE2 decides in time linear in the text, so hostile text cannot stall a judge. */
export function toPattern(written: string): RE2JS {
  const end = written.lastIndexOf('/');
  let flags = 0;
  for (const letter of written.slice(end + 1)) {
    if (!Object.hasOwn(flagBits, letter)) throw new Error(`unknown flag ${letter}`);
    flags |= flagBits[letter as keyof typeof flagBits];
  }
  return RE2JS.compile(written.slice(1, end).replaceAll(String.raw`\/`, '/'), flags);
}
