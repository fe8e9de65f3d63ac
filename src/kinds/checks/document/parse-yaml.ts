import { isMap, isScalar, parseAllDocuments, visit } from 'yaml';
import type { Document } from 'yaml';

import type { JsonValue } from '@tminus/verify';

import { decodeText } from '../decode-text.ts';
import { refuseUnwritable } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const deepest = 256;
const mostAliases = 100;

/**
 * Returns the value of one YAML 1.2 document (core schema). Throws `Unreadable` on keys that stand twice or are no plain words, on tags of
 * its own, on more than one document, and on aliases that would unfold into more than was written.
 */
export function parseYaml(bytes: Uint8Array): JsonValue {
  const text = decodeText(bytes);
  if (text.trim() === '') throw new Unreadable('empty', 'expected YAML, got white space only');
  return guardStack(() => {
    const documents = parseAllDocuments(text, {
      schema: 'core',
      uniqueKeys: true,
      strict: true,
      merge: false,
      logLevel: 'silent',
    });
    const [document] = documents;
    if (!Array.isArray(documents) || document === undefined || documents.length !== 1)
      throw new Unreadable(
        'malformed',
        `expected one YAML document, got ${Array.isArray(documents) ? documents.length : 'none'}`,
      );
    refuseFaults(document);
    refuseShape(document);
    const value = document.toJS({ maxAliasCount: mostAliases }) as JsonValue;
    refuseUnwritable(value);
    return value;
  });
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

function refuseFaults(document: Document.Parsed): void {
  const fault = document.errors[0] ?? document.warnings[0];
  if (!fault) return;
  const place = fault.linePos?.[0];
  const where = place ? `line ${place.line}, column ${place.col}: ` : '';
  const code =
    fault.code === 'DUPLICATE_KEY'
      ? 'duplicate_key'
      : fault.code === 'TAG_RESOLVE_FAILED'
        ? 'tag_refused'
        : 'malformed';
  throw new Unreadable(code, `expected strict YAML, got ${where}${fault.message.split('\n')[0]}`);
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
