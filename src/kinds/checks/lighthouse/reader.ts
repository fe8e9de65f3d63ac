import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseLighthouse } from './parse-lighthouse.ts';

const schema = z.strictObject({ ...fileKeys });
const brokenReport = {
  lighthouseVersion: '13.0.0',
  requestedUrl: 'http://control.invalid/',
  finalDisplayedUrl: 'http://control.invalid/',
  runWarnings: [],
  audits: { control: { id: 'control', score: 0 } },
  categories: Object.fromEntries(
    ['performance', 'accessibility', 'best-practices', 'seo'].map((id) => [
      id,
      { id, score: 0, auditRefs: [{ id: 'control', weight: 1 }] },
    ]),
  ),
};

/** Page quality as Lighthouse measured it. */
export const lighthouseReader: CheckReader = {
  kind: 'lighthouse',
  summary:
    'Reads Lighthouse results: category scores held against their audits, and the web vitals behind them; the worst page counts.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['scores.performance >= 0.9', 'scores.accessibility == 1'],
  parse: (spec, sources) => readReport(spec, sources, toFacts),
  negativeControl: (spec) => toJsonControl(spec, brokenReport),
};

function toFacts(files: readonly ObservedSource[]): JsonObject {
  const results = files.map((file) => readNamed(file, parseLighthouse));
  return {
    pages: results.length,
    urls: firstNames([...new Set(results.map((result) => result.url))]),
    versions: firstNames([...new Set(results.map((result) => result.version))]),
    scores: worstOf(
      results.map((result) => result.scores),
      Math.min,
    ),
    ...worstOf(
      results.map((result) => result.metrics),
      Math.max,
    ),
    warnings: results.reduce((sum, result) => sum + result.warnings, 0),
  };
}

/** The worst value of each name over all pages. A name that one page lacks is absent: nobody knows its worst. */
function worstOf(pages: readonly ReadonlyMap<string, number>[], worse: (...values: number[]) => number): JsonObject {
  const names = [...(pages[0]?.keys() ?? [])].filter((name) => pages.every((page) => page.has(name)));
  return Object.fromEntries(names.map((name) => [name, worse(...pages.map((page) => page.get(name)!))]));
}
