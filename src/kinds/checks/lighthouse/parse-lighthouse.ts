import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { toPlainText, Unreadable } from '../unreadable.ts';

/** What one Lighthouse result says. Scores and metrics that it does not have, or that are null, are absent. */
export interface LighthouseResult {
  version: string;
  url: string;
  scores: Map<string, number>;
  metrics: Map<string, number>;
  warnings: number;
}

const metricAudits: { [audit: string]: string } = {
  'largest-contentful-paint': 'lcpMs',
  'cumulative-layout-shift': 'cls',
  'total-blocking-time': 'tbtMs',
  'first-contentful-paint': 'fcpMs',
  'speed-index': 'speedIndexMs',
};

/**
 * Returns what a Lighthouse result (LHR) of version 3 or later says. Throws `Unreadable` where it is none, where the run itself failed
 * (`runtimeError`), or where the score of a category is not what its audits give.
 */
export function parseLighthouse(bytes: Uint8Array): LighthouseResult {
  const lhr = parseJson(bytes);
  if (
    !isObject(lhr) ||
    typeof lhr['lighthouseVersion'] !== 'string' ||
    !isObject(lhr['categories']) ||
    !isObject(lhr['audits'])
  )
    throw new Unreadable(
      'wrong_format',
      'expected a Lighthouse result with lighthouseVersion, categories and audits, got other JSON',
    );
  const version = lhr['lighthouseVersion'];
  if (!(Number.parseInt(version, 10) >= 3))
    throw new Unreadable('wrong_version', `expected Lighthouse 3 or later, got ${version}`);
  refuseFailedRun(lhr['runtimeError']);
  const url = [lhr['finalDisplayedUrl'], lhr['finalUrl'], lhr['requestedUrl']].find((each) => typeof each === 'string');
  if (url === undefined) throw new Unreadable('wrong_format', 'expected the address that was measured, got none');
  return {
    version,
    url,
    scores: readScores(lhr['categories'], lhr['audits']),
    metrics: readMetrics(lhr['audits']),
    warnings: Array.isArray(lhr['runWarnings']) ? lhr['runWarnings'].length : 0,
  };
}

function refuseFailedRun(error: JsonValue | undefined): void {
  if (!isObject(error) || error['code'] === undefined || error['code'] === 'NO_ERROR') return;
  throw new Unreadable(
    'run_failed',
    `Lighthouse could not measure the page: ${toPlainText(`${textOf(error['code'])} ${textOf(error['message'] ?? '')}`)}`,
  );
}

function readScores(categories: JsonObject, audits: JsonObject): Map<string, number> {
  const scores = new Map<string, number>();
  for (const [id, category] of Object.entries(categories)) {
    const score = isObject(category) ? category['score'] : undefined;
    if (score === null) continue;
    if (!isObject(category) || typeof score !== 'number' || score < 0 || score > 1)
      throw new Unreadable(
        'wrong_format',
        `category ${id}: expected a score from 0 to 1, got ${JSON.stringify(score ?? null)}`,
      );
    refuseOtherScore(id, score, meanOfAudits(category, audits));
    scores.set(id, score);
  }
  if (scores.size === 0)
    throw new Unreadable('nothing_measured', 'expected at least one category with a score, got none');
  return scores;
}

/** Scores are written with two digits; older releases cut, newer ones round. */
function refuseOtherScore(id: string, declared: number, counted: number | null): void {
  if (counted === null || Math.abs(declared - counted) <= 0.0101) return;
  throw new Unreadable(
    'totals_disagree',
    `category ${id} declares the score ${declared}, its audits give ${counted.toFixed(3)}`,
  );
}

/** The weighted mean of the audits that count; null where one of them has no score, as after an error. */
function meanOfAudits(category: JsonObject, audits: JsonObject): number | null {
  let sum = 0;
  let weights = 0;
  for (const reference of Array.isArray(category['auditRefs']) ? category['auditRefs'] : []) {
    if (!isObject(reference) || typeof reference['weight'] !== 'number' || reference['weight'] <= 0) continue;
    const audit = audits[textOf(reference['id'])];
    const score = isObject(audit) ? audit['score'] : null;
    if (typeof score !== 'number') return null;
    sum += score * reference['weight'];
    weights += reference['weight'];
  }
  return weights === 0 ? null : sum / weights;
}

function readMetrics(audits: JsonObject): Map<string, number> {
  const metrics = new Map<string, number>();
  for (const [id, name] of Object.entries(metricAudits)) {
    const audit = audits[id];
    if (!isObject(audit) || audit['score'] === null || audit['scoreDisplayMode'] === 'error') continue;
    const value = audit['numericValue'] ?? audit['rawValue'];
    if (typeof value === 'number' && value >= 0) metrics.set(name, value);
  }
  return metrics;
}
