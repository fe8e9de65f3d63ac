import { FormatError } from './format-error.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { isSha256 } from './sha256.ts';

/** What `bundle.json` says: whose bundle it is, and every other file with digest and size. */
export interface BundleIndex {
  format: 'tminus/bundle/1';
  launch: string;
  /** Origin of the log. */
  origin: string;
  /** Number of log entries. */
  entries: number;
  /** Sorted by name; every file but `bundle.json` itself. */
  files: { name: string; sha256: string; size: number }[];
}

/** The index behind the text of `bundle.json`; refuses another format, another shape, and names out of order or twice. */
export function readBundleIndex(text: string): BundleIndex {
  const value = parseStrictJson(text, 'bundle.json');
  if (!isIndex(value)) {
    throw new FormatError({ where: 'bundle.json', expected: 'a tminus/bundle/1 index', got: 'another shape' });
  }
  for (const [at, file] of value.files.entries()) {
    const before = value.files[at - 1];
    if (before !== undefined && before.name >= file.name) {
      const where = `bundle.json files[${at}]`;
      throw new FormatError({ where, expected: 'names in rising order, each once', got: JSON.stringify(file.name) });
    }
  }
  return value;
}

function isIndex(value: unknown): value is BundleIndex {
  if (!isRecord(value) || Object.keys(value).length !== 5) return false;
  const { format, launch, origin, entries, files } = value;
  return (
    format === 'tminus/bundle/1' &&
    typeof launch === 'string' &&
    typeof origin === 'string' &&
    isCount(entries) &&
    Array.isArray(files) &&
    files.every(isFile)
  );
}

function isFile(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 3) return false;
  return typeof value['name'] === 'string' && isSha256(value['sha256']) && isCount(value['size']);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
