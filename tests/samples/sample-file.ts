import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, Reading } from '../../src/core/check/check.ts';
import { judge } from '../../src/core/check/judge.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import { readSources } from '../../src/core/check/read-sources.ts';

const folder = new URL('../../../shared/samples/reports/', import.meta.url);

/** Says whether the real reports stand beside the project; without them their tests are skipped, and say so. */
export const hasSamples = existsSync(folder);

/** Lists the samples of one family, `junit/go-035.xml`; none where the folder is absent. */
export function listSamples(family: string): string[] {
  if (!hasSamples) return [];
  const entries = readdirSync(new URL(`${family}/`, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(fileURLToPath(folder), file)).toSorted();
}

/** Brings the bytes of one sample. */
export function readSample(sample: string): Uint8Array {
  return readFileSync(new URL(sample, folder));
}

/** Reads a report as if it stood alone in a workspace. */
export function readAs(reader: CheckReader, bytes: Uint8Array, spec: JsonObject = { path: 'report' }): Reading {
  return readSources(reader, spec, [{ name: 'report', mediaType: 'application/octet-stream', bytes }]);
}

/** Judges a reading by the expectations that hold where a document gives none. */
export function judgeByDefault(reader: CheckReader, reading: Reading): string {
  const expectations = reader.defaultExpectations({ path: 'report' }).map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(`default expectation ${text} of ${reader.kind} cannot be read`);
    return read.expectation;
  });
  return judge(expectations, reading).outcome;
}
