import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { greatExpectationsReader } from './reader.ts';

const met = { success: true };
const raised = { success: false, exception_info: { 'metric-1': { raised_exception: true } } };

function read(given: JsonValue): JsonObject {
  const bytes = new TextEncoder().encode(JSON.stringify(given));
  const reading = greatExpectationsReader.parse({ path: 'x' }, [{ name: 'x', mediaType: 'application/json', bytes }]);
  return reading.state === 'unreadable' ? { code: reading.trouble.code } : reading.facts;
}

describe('parseValidations', () => {
  it.each<[string, JsonValue, string]>([
    [
      'a success over an expectation that failed',
      { success: true, results: [met, { success: false }] },
      'totals_disagree',
    ],
    [
      'a success over an expectation that raised',
      { success: true, results: [{ ...raised, success: true }] },
      'totals_disagree',
    ],
    [
      'statistics over other results',
      { success: true, results: [met], statistics: { evaluated_expectations: 51 } },
      'totals_disagree',
    ],
    [
      'a checkpoint that is more cheerful than its parts',
      { success: true, run_results: { a: { success: false, results: [raised] } } },
      'totals_disagree',
    ],
    ['no expectation', { success: true, results: [] }, 'nothing_evaluated'],
    ['a checkpoint of nothing', { success: true, run_results: {} }, 'nothing_evaluated'],
    ['a result that does not say', { success: true, results: [{ success: 'yes' }] }, 'wrong_format'],
    ['no success at all', { results: [met] }, 'totals_disagree'],
  ])('T24 refuses %s', (_what, given, code) => {
    expect(read(given)).toEqual({ code });
  });

  it('T08 counts what raised an exception as not successful, in either form of its note', () => {
    const old = {
      success: false,
      exception_info: { raised_exception: true },
      expectation_config: { expectation_type: 'old' },
    };
    expect(read({ success: false, results: [met, raised, old] })).toMatchObject({
      evaluated: 3,
      successful: 1,
      unsuccessful: 2,
      raised: 2,
      names: ['unnamed expectation', 'old'],
    });
  });

  it('adds the validations of a checkpoint up, nested or direct', () => {
    const run_results = {
      a: { validation_result: { success: true, results: [met] } },
      b: { success: true, results: [met, met] },
    };
    expect(read({ success: true, run_results })).toMatchObject({ validations: 2, evaluated: 3, unsuccessful: 0 });
  });
});
