import { RE2JS } from 're2js';

import { misread } from '../canon/misreading.ts';

/** True where one of two texts is the other after it was read in a wrong encoding, or after characters that an encoding lacks were replaced. */
export function isEncodedWrong(a: string, b: string): boolean {
  return misread(a) === b || misread(b) === a || isReplaced(a, b) || isReplaced(b, a);
}

const longest = 300;

/** Question marks, or U+FFFD, only where the other has characters outside ASCII, one or one for each of its bytes. Linear in the texts (RE2). */
function isReplaced(damaged: string, whole: string): boolean {
  if (!/[?\uFFFD]/.test(damaged) || /^[\0-\x7F]*$/.test(whole) || whole.length > longest) return false;
  const pattern = Array.from(whole, (character) =>
    (character.codePointAt(0) ?? 0) < 0x80 ? RE2JS.quote(character) : `(?:${character}|[?\\x{FFFD}]{1,4})`,
  ).join('');
  return RE2JS.compile(pattern, RE2JS.DOTALL).matches(damaged);
}
