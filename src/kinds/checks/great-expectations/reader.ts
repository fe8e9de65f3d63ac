import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { repeatBroken, toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseValidations } from './parse-validation.ts';

const schema = z.strictObject({ ...fileKeys, minExpectations: atLeast('expectations') });

/** Data validation as Great Expectations ran it. */
export const greatExpectationsReader: CheckReader = {
  kind: 'great-expectations',
  summary:
    'Counts the expectations of Great Expectations results again; one that raised an exception was not evaluated.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['evaluated > 0', 'unsuccessful == 0', 'raised == 0'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl: (spec) => toJsonControl(spec, toBroken(spec)),
};

function toBroken(spec: JsonObject): JsonObject {
  const results = repeatBroken(spec['minExpectations'], (index) => ({
    success: false,
    exception_info: { raised_exception: true },
    expectation_config: { expectation_type: `control ${index}` },
  }));
  const statistics = {
    evaluated_expectations: results.length,
    successful_expectations: 0,
    unsuccessful_expectations: results.length,
  };
  return { success: false, statistics, results };
}

function toFacts(spec: JsonObject, files: readonly ObservedSource[]): JsonObject {
  const validations = files.flatMap((file) => readNamed(file, parseValidations));
  const sum = (key: 'evaluated' | 'unsuccessful' | 'raised'): number =>
    validations.reduce((total, validation) => total + validation[key], 0);
  refuseFewer(spec['minExpectations'], sum('evaluated'), 'expectations');
  return {
    validations: validations.length,
    evaluated: sum('evaluated'),
    successful: sum('evaluated') - sum('unsuccessful'),
    unsuccessful: sum('unsuccessful'),
    raised: sum('raised'),
    names: firstNames(validations.flatMap((validation) => validation.failed)),
  };
}
