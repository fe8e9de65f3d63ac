import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { repeatBroken, toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { firstNames, Unreadable } from '../unreadable.ts';
import { parsePlaywright } from './parse-playwright.ts';
import type { PlaywrightReport } from './parse-playwright.ts';

const schema = z.strictObject({ ...fileKeys, minTests: atLeast('tests') });

/** End-to-end test results as Playwright Test writes them with its JSON reporter. */
export const playwrightReader: CheckReader = {
  kind: 'playwright',
  summary: 'Counts the tests of Playwright JSON reports again; one shard of several is not the whole report.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['unexpected == 0', 'errors == 0', 'expected > 0'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl: (spec) => toJsonControl(spec, toBroken(spec)),
};

function toBroken(spec: JsonObject): JsonObject {
  const specs = repeatBroken(spec['minTests'], (index) => ({
    title: `control ${index}`,
    tests: [{ status: 'unexpected', results: [{ status: 'failed' }] }],
  }));
  return { config: { shard: null }, suites: [{ title: 'control', specs }], errors: [] };
}

function toFacts(spec: JsonObject, files: readonly ObservedSource[]): JsonObject {
  const reports = files.map((file) => readNamed(file, parsePlaywright));
  refuseMissingShards(reports);
  const sum = (outcome: keyof PlaywrightReport['counts']): number =>
    reports.reduce((total, report) => total + report.counts[outcome], 0);
  const counts = {
    expected: sum('expected'),
    unexpected: sum('unexpected'),
    flaky: sum('flaky'),
    skipped: sum('skipped'),
  };
  const tests = counts.expected + counts.unexpected + counts.flaky + counts.skipped;
  refuseFewer(spec['minTests'], tests, 'tests');
  return {
    tests,
    ...counts,
    errors: reports.reduce((total, report) => total + report.errors, 0),
    shards: reports.length,
    names: firstNames(reports.flatMap((report) => report.unexpected)),
  };
}

/** A shard that is not there has tests that nobody saw: each of 1 to `total` has to be among the files, once. */
function refuseMissingShards(reports: readonly PlaywrightReport[]): void {
  const shards = reports.flatMap((report) => report.shard ?? []);
  const [first] = shards;
  if (first === undefined) return;
  const seen = new Set(shards.map((shard) => shard.current));
  const isWhole =
    shards.length === reports.length && shards.every(({ total }) => total === first.total) && seen.size === first.total;
  if (!isWhole || shards.length !== first.total)
    throw new Unreadable(
      'partial',
      `expected all ${first.total} shards, got ${[...seen].toSorted((a, b) => a - b).join(', ')}`,
    );
}
