import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

/** One validation of Great Expectations, counted expectation by expectation. */
export interface Validation {
  evaluated: number;
  unsuccessful: number;
  /** Of the unsuccessful: those that raised an exception, so that nobody knows whether the data meets them. */
  raised: number;
  failed: string[];
}

/**
 * Returns the validations in a validation result, or in the result of a checkpoint that holds several under `run_results`. Throws
 * `Unreadable` where it is neither, nothing was evaluated, or `success` or the statistics say other than the results.
 */
export function parseValidations(bytes: Uint8Array): Validation[] {
  const report = parseJson(bytes);
  if (!isObject(report)) throw new Unreadable('wrong_format', 'expected a validation result, got other JSON');
  const inner = report['run_results'];
  if (inner === undefined) return [readValidation(report)];
  const runs = isObject(inner) ? Object.values(inner) : [];
  if (runs.length === 0)
    throw new Unreadable('nothing_evaluated', 'expected at least one validation in run_results, got none');
  const validations = runs.map((run) =>
    readValidation(isObject(run) && isObject(run['validation_result']) ? run['validation_result'] : run),
  );
  refuseOtherSuccess(
    report['success'],
    validations.every((validation) => validation.unsuccessful === 0),
  );
  return validations;
}

function readValidation(validation: JsonValue): Validation {
  if (!isObject(validation) || !Array.isArray(validation['results']))
    throw new Unreadable('wrong_format', 'expected a validation result with results, got other JSON');
  const results = validation['results'].map(readResult);
  if (results.length === 0) throw new Unreadable('nothing_evaluated', 'expected at least one expectation, got none');
  const unsuccessful = results.filter((result) => !result.success);
  refuseOtherSuccess(validation['success'], unsuccessful.length === 0);
  refuseDisagreement(validation['statistics'], {
    evaluated_expectations: results.length,
    successful_expectations: results.length - unsuccessful.length,
    unsuccessful_expectations: unsuccessful.length,
  });
  return {
    evaluated: results.length,
    unsuccessful: unsuccessful.length,
    raised: unsuccessful.filter((result) => result.raised).length,
    failed: unsuccessful.map((result) => result.name),
  };
}

/** A success that raised an exception is none. */
function readResult(result: JsonValue): { success: boolean; raised: boolean; name: string } {
  if (!isObject(result) || typeof result['success'] !== 'boolean')
    throw new Unreadable('wrong_format', 'expected every result to say success true or false, got another value');
  const raised = hasRaised(result['exception_info']);
  const config = isObject(result['expectation_config']) ? result['expectation_config'] : ({} as JsonObject);
  return {
    success: result['success'] && !raised,
    raised,
    name: textOf(config['expectation_type'] ?? config['type'] ?? 'unnamed expectation'),
  };
}

/** One object, or since version 1 one object for each metric. */
function hasRaised(info: JsonValue | undefined): boolean {
  if (!isObject(info)) return false;
  return (
    info['raised_exception'] === true ||
    Object.values(info).some((each) => isObject(each) && each['raised_exception'] === true)
  );
}

function refuseOtherSuccess(declared: JsonValue | undefined, seen: boolean): void {
  if (declared !== seen)
    throw new Unreadable('totals_disagree', `declares success ${textOf(declared)}, the results say ${String(seen)}`);
}

function refuseDisagreement(statistics: JsonValue | undefined, counted: { [total: string]: number }): void {
  if (!isObject(statistics)) return;
  for (const [total, count] of Object.entries(counted))
    if (statistics[total] !== undefined && statistics[total] !== count)
      throw new Unreadable(
        'totals_disagree',
        `statistics declares ${total}=${textOf(statistics[total])}, the results add up to ${count}`,
      );
}
