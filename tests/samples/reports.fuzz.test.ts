import { canonicalize } from '@tminus/verify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CheckReader } from '../../src/core/check/check.ts';
import { axeReader } from '../../src/kinds/checks/axe/reader.ts';
import { coverageReader } from '../../src/kinds/checks/coverage/reader.ts';
import { ctrfReader } from '../../src/kinds/checks/ctrf/reader.ts';
import { dbtReader } from '../../src/kinds/checks/dbt/reader.ts';
import { jsonReader, yamlReader } from '../../src/kinds/checks/document/reader.ts';
import { fileReader } from '../../src/kinds/checks/file/reader.ts';
import { greatExpectationsReader } from '../../src/kinds/checks/great-expectations/reader.ts';
import { junitReader } from '../../src/kinds/checks/junit/reader.ts';
import { k6Reader } from '../../src/kinds/checks/k6/reader.ts';
import { lighthouseReader } from '../../src/kinds/checks/lighthouse/reader.ts';
import { playwrightReader } from '../../src/kinds/checks/playwright/reader.ts';
import { sarifReader } from '../../src/kinds/checks/sarif/reader.ts';
import { hasSamples, judgeByDefault, listSamples, readAs, readSample } from './sample-file.ts';

const families: [folder: string, reader: CheckReader][] = [
  ['junit', junitReader],
  ['lcov', coverageReader],
  ['cobertura', coverageReader],
  ['sarif', sarifReader],
  ['k6', k6Reader],
  ['lighthouse', lighthouseReader],
  ['axe', axeReader],
  ['ctrf', ctrfReader],
  ['playwright', playwrightReader],
  ['dbt', dbtReader],
  ['great-expectations', greatExpectationsReader],
];
const readers = [...families.map(([, reader]) => reader), jsonReader, yamlReader, fileReader];
const samples = families.flatMap(([folder, reader]) => listSamples(folder).map((sample) => ({ sample, reader })));

/**
 * Reads until it is within the limit, up to twenty times, and returns the least time that the thread itself worked: code warms up, and other work takes caches
 * and memory from it. What is too slow by its nature is so every time.
 */
function leastTimeOf(reader: CheckReader, bytes: Uint8Array, limitMs: number): number {
  let least = Infinity;
  for (let times = 0; times < 20 && least >= limitMs; times += 1) {
    const start = process.threadCpuUsage();
    readAs(reader, bytes);
    const { user, system } = process.threadCpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

describe('S10 every parser stands hostile bytes', () => {
  it.each(readers)('S10 $kind: random bytes give no report that passes, and no exception', (reader) => {
    // Random bytes can be a small document: `[1]` is JSON and YAML, and the default of those asks for no more.
    const isDocument = reader === jsonReader || reader === yamlReader;
    const bytes = fc.uint8Array({ maxLength: 2000 });
    const standsIt = (given: Uint8Array): boolean =>
      judgeByDefault(reader, readAs(reader, given)) !== 'pass' || isDocument;
    fc.assert(fc.property(bytes, standsIt), { numRuns: 2000 });
  });

  const nests: [string, string][] = [
    ['[', ']'],
    ['{"a":', '}'],
    ['<testsuite>', '</testsuite>'],
    ['- ', ''],
    ['a: [', ']'],
    ['&a [', ']'],
    ['<!--', '-->'],
    ['"', '"'],
  ];
  it.each(readers)(
    'S10 $kind: 100 KB of nesting of any kind passes nothing and takes at most 100 ms (YAML 500)',
    (reader) => {
      const limit = reader === yamlReader ? 500 : 100;
      for (const [open, close] of nests) {
        const times = Math.floor(100_000 / (open.length + close.length));
        for (const text of [open.repeat(times), open.repeat(times) + close.repeat(times)]) {
          const bytes = new TextEncoder().encode(text);
          expect(judgeByDefault(reader, readAs(reader, bytes))).not.toBe('pass');
          expect({ open, ms: leastTimeOf(reader, bytes, limit) }.ms).toBeLessThan(limit);
        }
      }
    },
  );
});

describe.skipIf(!hasSamples)(
  'S10 real reports, damaged (skipped where ../shared/samples does not stand beside the project)',
  () => {
    it.each(samples)('S10 $sample: cut at every fiftieth, it never passes', ({ sample, reader }) => {
      const bytes = readSample(sample);
      for (let cut = 0; cut < 50; cut += 1) {
        const end = Math.floor((bytes.length * cut) / 50);
        if (end === bytes.length || isWholeWithout(bytes, end)) continue;
        expect(judgeByDefault(reader, readAs(reader, bytes.subarray(0, end))), `cut at ${end}`).not.toBe('pass');
      }
    });

    it.each(samples.filter(({ sample }) => readSample(sample).length > 0))(
      'S10 $sample: with bytes flipped it is read or refused, never thrown on',
      ({ sample, reader }) => {
        const bytes = readSample(sample);
        const runs = bytes.length > 100_000 ? 10 : 100;
        fc.assert(
          fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, mask) => {
            const damaged = Uint8Array.from(bytes);
            damaged[place]! ^= mask;
            // Whatever is read has to be fit for an evidence record.
            return canonicalize(readAs(reader, damaged)).length > 0;
          }),
          { numRuns: runs },
        );
      },
    );

    it.each(samples.filter(({ sample }) => readSample(sample).length < 100_000))(
      'S10 $sample is read within 100 ms',
      ({ sample, reader }) => {
        expect(leastTimeOf(reader, readSample(sample), 100)).toBeLessThan(100);
      },
    );
  },
);

/** What is cut away is white space only: the report is still whole. */
function isWholeWithout(bytes: Uint8Array, end: number): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(end)).trim() === '';
}
