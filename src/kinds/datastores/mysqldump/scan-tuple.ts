/** What the text of a value is, before it is one. */
export type TokenKind = 'null' | 'plain' | 'quoted' | 'hex' | 'bits';

/** Where the values of one row stand in the text; used again for each row, so that values nobody asks for cost nothing. */
export interface Tuple {
  count: number;
  kinds: TokenKind[];
  starts: number[];
  ends: number[];
  /** The text holds escapes, or bytes beyond ASCII. */
  escaped: boolean[];
  foreign: boolean[];
}

/** How strings are to be read: MySQL takes a backslash for itself under `NO_BACKSLASH_ESCAPES`. */
export interface StringRules {
  backslashEscapes: boolean;
}

/** What stands in a dump where something else was expected; `at` is a position in the text. */
export class DumpFault extends Error {
  readonly at: number;
  readonly code: string;
  constructor(at: number, message: string, code = 'malformed') {
    super(message);
    this.at = at;
    this.code = code;
  }
}

const comma = 44;
const backslash = 92;
const word = /[\w.+-]/;

/** Returns an empty tuple. */
export function createTuple(): Tuple {
  return { count: 0, kinds: [], starts: [], ends: [], escaped: [], foreign: [] };
}

/**
 * Reads the values from the parenthesis at `at` to the one that closes it. Returns the position behind it, or -1 where the text ends before.
 * The text is bytes as characters (latin1), so that no byte is lost before its column says what it is.
 */
export function scanTuple(text: string, at: number, tuple: Tuple, rules: StringRules): number {
  tuple.count = 0;
  let here = at + 1;
  for (;;) {
    here = skipBlanks(text, here);
    here = scanValue(text, here, tuple, rules);
    if (here === -1) return -1;
    here = skipBlanks(text, here);
    const code = text.charCodeAt(here);
    if (code === comma) here += 1;
    else if (code === 41) return here + 1;
    else if (here >= text.length) return -1;
    else throw new DumpFault(here, 'expected a comma or the end of the row behind a value', 'expression');
  }
}

function skipBlanks(text: string, at: number): number {
  let here = at;
  while (text.charCodeAt(here) <= 32) here += 1;
  return here;
}

function scanValue(text: string, at: number, tuple: Tuple, rules: StringRules): number {
  const code = text.charCodeAt(at);
  if (code === 39 || code === 34) return scanString({ text, at, kind: 'quoted', tuple }, rules);
  if ((code >= 48 && code <= 57) || code === 45) return scanNumber(text, at, tuple);
  return scanWord(text, at, tuple, rules);
}

interface StringStart {
  text: string;
  /** Of the quote. */
  at: number;
  kind: TokenKind;
  tuple: Tuple;
}

function scanString({ text, at, kind, tuple }: StringStart, { backslashEscapes }: StringRules): number {
  const quote = text.charCodeAt(at);
  const { length } = text;
  let escaped = false;
  let bits = 0;
  for (let here = at + 1; here < length; here += 1) {
    const code = text.charCodeAt(here);
    bits |= code;
    if (code === backslash && backslashEscapes) {
      escaped = true;
      here += 1;
      bits |= text.charCodeAt(here);
    } else if (code === quote) {
      // The last character of the text may be the first of two quotes.
      if (here + 1 >= length) return -1;
      if (text.charCodeAt(here + 1) !== quote) {
        add(tuple, kind, at + 1, here);
        tuple.escaped[tuple.count - 1] = escaped;
        tuple.foreign[tuple.count - 1] = bits > 127;
        return here + 1;
      }
      escaped = true;
      here += 1;
    }
  }
  return -1;
}

function scanNumber(text: string, at: number, tuple: Tuple): number {
  const isHex = text.charCodeAt(at + 1) === 120 && text.charCodeAt(at) === 48;
  let here = at + 1;
  for (; ; here += 1) {
    const code = text.charCodeAt(here);
    if (code === comma || code === 41) break;
    if (here >= text.length) return -1;
    if (!isNumberPart(code)) break;
  }
  if (isHex) add(tuple, 'hex', at + 2, here);
  else if (text.startsWith('0b', at)) add(tuple, 'bits', at + 2, here);
  else add(tuple, 'plain', at, here);
  return here;
}

function isNumberPart(code: number): boolean {
  // Digits, letters of hex and exponents, point and signs.
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 120) ||
    (code >= 65 && code <= 70) ||
    code === 46 ||
    code === 43 ||
    code === 45
  );
}

/** `NULL`, `_binary '...'`, `_utf8mb4 '...'`, `x'...'`, `b'...'`, `N'...'`, `TRUE`. Anything else is an expression, which only a server can work out. */
function scanWord(text: string, at: number, tuple: Tuple, rules: StringRules): number {
  let end = at;
  while (end < text.length && word.test(text[end]!)) end += 1;
  if (end >= text.length) return -1;
  const name = text.slice(at, end).toUpperCase();
  if (name === 'NULL') {
    add(tuple, 'null', at, end);
    return end;
  }
  const behind = skipBlanks(text, end);
  if (behind >= text.length) return -1;
  const isQuoted = text.charCodeAt(behind) === 39;
  if (isQuoted && name === 'X') return scanString({ text, at: behind, kind: 'hex', tuple }, rules);
  if (isQuoted && name === 'B') return scanString({ text, at: behind, kind: 'bits', tuple }, rules);
  if (isQuoted && /^(?:_BINARY|_UTF8|_UTF8MB[34]|_LATIN1|N)$/.test(name))
    return scanString({ text, at: behind, kind: 'quoted', tuple }, rules);
  if (name.startsWith('_') && text.startsWith('0x', behind)) return scanNumber(text, behind, tuple);
  throw new DumpFault(at, 'expected a value, got an expression that only a server can work out', 'expression');
}

function add(tuple: Tuple, kind: TokenKind, start: number, end: number): void {
  const at = tuple.count;
  tuple.kinds[at] = kind;
  tuple.starts[at] = start;
  tuple.ends[at] = end;
  tuple.escaped[at] = false;
  tuple.foreign[at] = false;
  tuple.count = at + 1;
}
