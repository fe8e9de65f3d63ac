import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { lintDocuments } from '../../src/spec/lint/lint-documents.ts';
import { readSeeds, seedFolder } from './read-seeds.ts';
import { summarize } from './summarize.ts';

const seeds = readSeeds();
if (seeds.length === 0)
  process.stderr.write(`SKIPPED tests/seeds: ${seedFolder} is not there, so no golden was compared\n`);
const result = lintDocuments(seeds, { exists: (path) => existsSync(`${seedFolder}${path}`) });

const rows = [
  ['000', 'D01 D04 D07 D10'],
  ['001', 'T01 T02'],
  ['002', 'F01 F02 F07'],
  ['003', 'C01 C02 C14 C16'],
  ['004', 'O18 O19 O21 O31'],
] as const;

describe.skipIf(seeds.length === 0)(
  'the five documents that Tminus began with (skipped without ../shared/seeds)',
  () => {
    it.each(rows)(
      'seed %s (%s): what is understood and found equals the golden that was reviewed by hand',
      (number) => {
        const document = result.documents.find((entry) => entry.path.startsWith(number));
        const golden: unknown = JSON.parse(readFileSync(`tests/seeds/${number}.golden.json`, 'utf8'));
        expect(document === undefined ? null : summarize(document)).toEqual(golden);
      },
    );

    it.each(rows)('seed %s (%s): the review speaks of every code that the golden holds', (number) => {
      const golden = JSON.parse(readFileSync(`tests/seeds/${number}.golden.json`, 'utf8')) as { findings: string[] };
      const review = readFileSync(`tests/seeds/${number}.review.md`, 'utf8');
      for (const code of new Set(golden.findings.map((finding) => finding.split(' ')[1] ?? '')))
        expect(review).toContain(`\`${code}\``);
    });
  },
);
