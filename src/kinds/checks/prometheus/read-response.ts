import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson } from '../parse-json.ts';
import { toPlainText, Unreadable } from '../unreadable.ts';

/** One series of an answer: its labels and its samples in order of time. */
export interface Series {
  labels: JsonObject;
  samples: { at: number; value: number }[];
}

/** A successful answer of the HTTP API (Prometheus documentation, HTTP API, expression queries). */
export interface PrometheusAnswer {
  resultType: 'scalar' | 'vector' | 'matrix';
  series: Series[];
  warnings: string[];
}

/** Reads an answer; throws `Unreadable` on an error, on an answer that says it is partial, and on values that are no numbers. */
export function readResponse(bytes: Uint8Array): PrometheusAnswer {
  const body = parseJson(bytes);
  if (!isObject(body)) throw malformed('an object', body);
  if (body['status'] === 'error') {
    throw new Unreadable('query_failed', `${textOf(body['errorType'])}: ${textOf(body['error'])}`);
  }
  const data = body['data'];
  if (body['status'] !== 'success' || !isObject(data))
    throw malformed('status success and data', body['status'] ?? null);
  const warnings = [...textsOf(body['warnings']), ...textsOf(body['infos'])];
  const partial = warnings.find((warning) => /partial/i.test(warning));
  if (partial !== undefined || body['isPartial'] === true) {
    throw new Unreadable('partial', `expected the whole answer, got a partial one: ${partial ?? 'isPartial'}`);
  }
  const { resultType } = data;
  if (resultType !== 'scalar' && resultType !== 'vector' && resultType !== 'matrix') {
    throw malformed('a scalar, vector or matrix', resultType ?? null);
  }
  return { resultType, series: readSeries(resultType, data['result'] ?? null), warnings };
}

function readSeries(resultType: PrometheusAnswer['resultType'], result: JsonValue): Series[] {
  if (!Array.isArray(result)) throw malformed('a list of results', result);
  if (resultType === 'scalar') return [{ labels: {}, samples: [readSample(result)] }];
  return result.map((item) => {
    if (!isObject(item) || !isObject(item['metric'])) throw malformed('a series with labels', item);
    if ('histogram' in item || 'histograms' in item) {
      throw new Unreadable(
        'histogram',
        'expected numbers, got native histograms; use histogram_quantile or histogram_sum',
      );
    }
    const samples = resultType === 'vector' ? [item['value'] ?? null] : (item['values'] ?? null);
    if (!Array.isArray(samples) || samples.length === 0) throw malformed('samples', samples);
    return { labels: item['metric'], samples: samples.map(readSample) };
  });
}

/** `[seconds, "value"]`. Not a number and infinities are answers about nothing (0/0, an empty bucket), so nothing is judged by them. */
function readSample(pair: JsonValue): { at: number; value: number } {
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') {
    throw malformed('a pair of time and value', pair);
  }
  const [seconds, text] = pair;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new Unreadable('not_a_number', `expected a finite value, got ${toPlainText(text, 40)} at ${seconds}`);
  }
  return { at: Math.round(seconds * 1000), value };
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

function textOf(value: JsonValue | undefined): string {
  return toPlainText(typeof value === 'string' ? value : JSON.stringify(value ?? null), 300);
}

function malformed(expected: string, got: JsonValue): Unreadable {
  return new Unreadable('malformed', `expected ${expected}, got ${toPlainText(JSON.stringify(got), 60)}`);
}
