import { Composer, isMap, isScalar, LineCounter, Parser, visit } from 'yaml';
import type { CST, Document } from 'yaml';

import type { JsonValue } from '@tminus/verify';

import { decodeText } from './decode-text.ts';
import { refuseUnwritable } from './parse-json.ts';
import { Unreadable } from './unreadable.ts';

const deepest = 256;
const mostAliases = 100;
const options = { schema: 'core', uniqueKeys: true, strict: true, merge: false, logLevel: 'silent' } as const;
const refusals: { [fault: string]: string } = { DUPLICATE_KEY: 'duplicate_key', TAG_RESOLVE_FAILED: 'tag_refused' };
/** Everything but c-printable of YAML 1.2, 5.1. The library lets it through, and NUL in a text is no text. */
const unprintable = /[^\t\n\r\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Returns the value of one YAML 1.2 document (core schema). Throws `Unreadable` on keys that stand twice or are no plain words, on tags of
 * its own, on more than one document, and on aliases that would unfold into more than was written.
 */
export function parseYaml(bytes: Uint8Array): JsonValue {
  const text = decodeText(bytes);
  if (text.trim() === '') throw new Unreadable('empty', 'expected YAML, got white space only');
  const stray = unprintable.exec(text)?.[0].codePointAt(0);
  if (stray !== undefined)
    throw new Unreadable(
      'malformed',
      `expected printable text, got U+${stray.toString(16).toUpperCase().padStart(4, '0')}`,
    );
  refuseNesting(text);
  return guardStack(() => {
    const lines = new LineCounter();
    const documents = [...new Composer(options).compose(readTokens(text, lines), true, text.length)];
    const [document] = documents;
    if (document === undefined || documents.length > 1)
      throw new Unreadable('malformed', `expected one YAML document, got ${documents.length}`);
    refuseFaults(document, lines);
    refuseShape(document);
    const value = document.toJS({ maxAliasCount: mostAliases }) as JsonValue;
    refuseUnwritable(value);
    return value;
  });
}

/** Stops at the first token out of place: the library would collect tens of thousands of faults. */
function* readTokens(text: string, lines: LineCounter): Generator<CST.Token> {
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type === 'error') malformed(lines, token.offset, token.message);
    yield token;
  }
}

/**
 * The library takes seconds over nesting that no document has, so it is measured first, from the characters alone: brackets in quotes
 * count too, which can only refuse more.
 */
function refuseNesting(text: string): void {
  let depth = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  const compact = new RegExp(String.raw`(?:[-?:][ \t]+){${deepest}}`);
  if (most > deepest || compact.test(text))
    throw new Unreadable('too_deep', `expected at most ${deepest} nested values, got more`);
}

/** The library walks by recursion: nesting that no document has ends in a RangeError, an alias bomb in a ReferenceError. */
function guardStack(read: () => JsonValue): JsonValue {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError)
      throw new Unreadable('too_deep', `expected at most ${deepest} nested values, got more`);
    if (error instanceof ReferenceError)
      throw new Unreadable('aliases_refused', `expected aliases that stay small, got ${error.message}`);
    throw error;
  }
}

function refuseFaults(document: Document.Parsed, lines: LineCounter): void {
  const fault = document.errors[0] ?? document.warnings[0];
  if (!fault) return;
  malformed(lines, fault.pos[0], fault.message, refusals[fault.code]);
}

function malformed(lines: LineCounter, offset: number, message: string, code = 'malformed'): never {
  const { line, col } = lines.linePos(offset);
  throw new Unreadable(code, `expected strict YAML, got line ${line}, column ${col}: ${message.split('\n')[0]}`);
}

function refuseShape(document: Document.Parsed): void {
  visit(document, {
    Node(_key, node, path) {
      if (path.length > deepest * 2)
        throw new Unreadable('too_deep', `expected at most ${deepest} nested values, got more`);
      if (isMap(node)) node.items.forEach(({ key }) => refuseKey(key));
    },
  });
}

function refuseKey(key: unknown): void {
  if (!isScalar(key) || key.value === null || typeof key.value === 'object')
    throw new Unreadable('malformed', 'expected keys that are plain words, got another key');
  if (key.value === '__proto__') throw new Unreadable('malformed', 'expected plain keys, got __proto__');
}
