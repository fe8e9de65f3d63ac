import type { StringRules } from './scan-tuple.ts';

/** Returns the position of the delimiter that ends the statement at `at`, or -1 where the text ends before. What stands in quotes and comments ends nothing. */
export function findStatementEnd(text: string, at: number, delimiter: string, rules: StringRules): number {
  const first = delimiter.charCodeAt(0);
  for (let here = at; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === first && text.startsWith(delimiter, here)) return here;
    const next = skipQuoted(text, here, code, rules);
    if (next === -1) return -1;
    here = next;
  }
  return -1;
}

/** Returns the last position of the quoted stretch or comment that begins at `at`, `at` itself where none does, -1 where it does not end. */
function skipQuoted(text: string, at: number, code: number, rules: StringRules): number {
  if (code === 39 || code === 34 || code === 96) return endOfQuotes(text, at, code !== 96 && rules.backslashEscapes);
  if (code === 35 || (code === 45 && /^--\s/.test(text.slice(at, at + 3)))) return text.indexOf('\n', at);
  const isComment = code === 47 && text.charCodeAt(at + 1) === 42 && !/^\/\*M?!/.test(text.slice(at, at + 4));
  if (!isComment) return at;
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? -1 : end + 1;
}

function endOfQuotes(text: string, at: number, backslashEscapes: boolean): number {
  const quote = text.charCodeAt(at);
  for (let here = at + 1; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === 92 && backslashEscapes) here += 1;
    else if (code === quote) return here;
  }
  return -1;
}
