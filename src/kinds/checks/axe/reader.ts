import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { repeatBroken, toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseAxe } from './parse-axe.ts';
import type { AxeViolation } from './parse-axe.ts';

const schema = z.strictObject({ ...fileKeys, minPages: atLeast('pages', 10_000) });

/** Accessibility as axe-core found it. */
export const axeReader: CheckReader = {
  kind: 'axe',
  summary: 'Counts the rules that pages break by impact, from axe-core results, axe-cli pages or the raw reporter.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['violations.critical == 0', 'violations.serious == 0', 'violations.unrated == 0'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl: (spec) => toJsonControl(spec, repeatBroken(spec['minPages'], toBrokenPage)),
};

function toBrokenPage(index: number): JsonObject {
  return {
    testEngine: { name: 'axe-core', version: '4.0.0' },
    url: `http://control.invalid/${index}`,
    violations: ['critical', 'serious', 'moderate', 'minor'].map((impact) => ({
      id: `control-${impact}`,
      impact,
      nodes: [{ impact, html: '<control>' }],
    })),
    passes: [],
    incomplete: [],
    inapplicable: [],
  };
}

function toFacts(spec: JsonObject, files: readonly ObservedSource[]): JsonObject {
  const pages = files.flatMap((file) => readNamed(file, parseAxe));
  refuseFewer(spec['minPages'], pages.length, 'pages');
  const violations = pages.flatMap((page) => page.violations);
  const sum = (key: 'passes' | 'incomplete' | 'inapplicable'): number =>
    pages.reduce((total, page) => total + page[key], 0);
  return {
    pages: pages.length,
    urls: firstNames(pages.flatMap((page) => page.url ?? [])),
    violations: {
      total: violations.length,
      ...byImpact(violations),
      nodes: violations.reduce((total, each) => total + each.nodes, 0),
    },
    passes: sum('passes'),
    incomplete: sum('incomplete'),
    inapplicable: sum('inapplicable'),
    rules: firstNames([...new Set(violations.map((violation) => violation.rule))]),
  };
}

function byImpact(violations: readonly AxeViolation[]): JsonObject {
  const counts = { critical: 0, serious: 0, moderate: 0, minor: 0, unrated: 0 };
  for (const { impact } of violations) counts[impact] += 1;
  return counts;
}
