import { resolve } from 'node:path';

import { parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';

import type { JsonValue } from '../core/check/check.ts';
import { ProductError } from '../core/error/product-error.ts';
import { readRegularFile } from '../spec/read-regular-file.ts';
import type { Shell } from './shell.ts';

/** Far beyond what people write: a file of any of these tools has some kilobytes. */
const most = { bytes: 1024 * 1024, documents: 200, nested: 128, aliases: 100, values: 100_000 } as const;
/** Merge keys are unfolded: what a document takes over by `<<` is said by it, too. */
const options = { schema: 'core', uniqueKeys: true, strict: true, merge: true, logLevel: 'silent' } as const;

/** Returns the documents of a file of YAML or JSON that belongs to another tool. Throws a `ProductError` for what is malformed, too large, too deep, or unfolds into more than was written. */
export function readImportedFile(shell: Shell, file: string): JsonValue[] {
  try {
    const bytes = readRegularFile(resolve(shell.directory, file), most.bytes + 1);
    if (bytes.length > most.bytes) throw new Error(`more than ${most.bytes} bytes`);
    const documents = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).map(toValue);
    countValues(documents);
    // An empty document between two lines of dashes says nothing.
    return documents.filter((one) => one !== null);
  } catch (error) {
    const got = (error as Error).message.split('\n')[0] ?? '';
    throw new ProductError('document_unreadable', `${file}: expected a file of YAML or JSON documents, got ${got}`, {
      hint: 'correct the file or its name',
      cause: error,
    });
  }
}

/** Brackets are counted before anything is built of them: the library walks by recursion. */
function parse(text: string): Document[] {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + ('[{'.includes(bracket) ? 1 : -1));
    deepest = Math.max(deepest, depth);
  }
  if (deepest > most.nested) throw new Error(`more than ${most.nested} nested values`);
  const documents: Document[] = [...parseAllDocuments(text, options)];
  if (documents.length > most.documents) throw new Error(`more than ${most.documents} documents`);
  return documents;
}

function toValue(document: Document): JsonValue {
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) throw fault;
  return document.toJS({ maxAliasCount: most.aliases }) as JsonValue;
}

/** An alias of something large costs nothing until somebody walks through it. */
function countValues(documents: readonly JsonValue[]): void {
  const waiting: { value: JsonValue; depth: number }[] = documents.map((value) => ({ value, depth: 1 }));
  for (let count = 0, next = waiting.pop(); next !== undefined; count += 1, next = waiting.pop()) {
    const { value, depth } = next;
    if (count > most.values) throw new Error(`more than ${most.values} values`);
    if (depth > most.nested) throw new Error(`more than ${most.nested} nested values`);
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
  }
}
