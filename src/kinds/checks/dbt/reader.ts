import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { repeatBroken, toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseDbt } from './parse-dbt.ts';
import type { NodeEnd } from './parse-dbt.ts';

const schema = z.strictObject({ ...fileKeys, minNodes: atLeast('nodes') });

/** Models, tests and source freshness as dbt ended them. */
export const dbtReader: CheckReader = {
  kind: 'dbt',
  summary: 'Counts how the nodes of a dbt run or of a source freshness check ended.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['failed == 0', 'errors == 0', 'skipped == 0', 'passed > 0'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl: (spec) => toJsonControl(spec, toBroken(spec)),
};

function toBroken(spec: JsonObject): JsonObject {
  return {
    metadata: { dbt_schema_version: 'https://control.invalid/dbt/run-results/v6.json', dbt_version: '1.0.0' },
    results: repeatBroken(spec['minNodes'], (index) => ({
      unique_id: `test.control.${index}`,
      status: 'fail',
      failures: 1,
    })),
  };
}

function toFacts(spec: JsonObject, files: readonly ObservedSource[]): JsonObject {
  const artifacts = files.map((file) => readNamed(file, parseDbt));
  const nodes = artifacts.flatMap((artifact) => artifact.nodes);
  refuseFewer(spec['minNodes'], nodes.length, 'nodes');
  const counts: { [end in NodeEnd]: number } = { passed: 0, warned: 0, failed: 0, errors: 0, skipped: 0 };
  for (const { end } of nodes) counts[end] += 1;
  return {
    nodes: nodes.length,
    ...counts,
    artifacts: [...new Set(artifacts.map(({ artifact }) => artifact))],
    versions: firstNames([...new Set(artifacts.map(({ version }) => version))]),
    names: firstNames(nodes.filter(({ end }) => end === 'failed' || end === 'errors').map(({ id }) => id)),
  };
}
