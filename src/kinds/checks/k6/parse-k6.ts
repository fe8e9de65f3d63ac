import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';
import { evaluateThreshold } from './evaluate-threshold.ts';

/** One threshold, as the summary says that it came out. */
interface Threshold {
  name: string;
  ok: boolean;
}

/** Checks of the script, or a rate: `passes` of `passes + fails` were true. */
export interface Tally {
  passes: number;
  fails: number;
}

/** What an end-of-test summary of k6 says. A metric that the test did not have is null. */
export interface K6Summary {
  iterations: number;
  thresholds: Threshold[];
  checks: Tally | null;
  failedChecks: string[];
  requestsFailed: Tally | null;
  durationP95: number | null;
  testRunMs: number | null;
}

/** The metrics in one form: `values`, and thresholds that are true where they were met. */
interface Metric {
  values: JsonObject;
  thresholds: Threshold[];
}

/**
 * Returns what a summary of k6 says, as `handleSummary` is given it or as `--summary-export` writes it. Throws `Unreadable` where it is
 * neither, where nothing ran, where the checks do not add up, or where a threshold is called met and its own values say otherwise
 * (k6 calls a threshold met when its metric has no sample at all).
 */
export function parseK6(bytes: Uint8Array): K6Summary {
  const summary = parseJson(bytes);
  if (!isObject(summary) || !isObject(summary['metrics']) || !isObject(summary['root_group']))
    throw new Unreadable('wrong_format', 'expected a k6 summary with metrics and root_group, got other JSON');
  const metrics = new Map(Object.entries(summary['metrics']).map(([name, metric]) => [name, readMetric(name, metric)]));
  const iterations = numberOf(metrics.get('iterations')?.values['count']);
  if (iterations === null || iterations <= 0)
    throw new Unreadable('nothing_ran', 'expected at least one finished iteration, got none');
  const checks = readRate('checks', metrics.get('checks'));
  const state = isObject(summary['state']) ? summary['state'] : {};
  return {
    iterations,
    thresholds: [...metrics.values()].flatMap((metric) => metric.thresholds),
    checks,
    failedChecks: readGroup(summary['root_group'], checks),
    requestsFailed: readRate('http_req_failed', metrics.get('http_req_failed')),
    durationP95: numberOf(metrics.get('http_req_duration')?.values['p(95)']),
    testRunMs: numberOf(state['testRunDurationMs']),
  };
}

function readMetric(name: string, metric: JsonValue): Metric {
  if (!isObject(metric)) throw new Unreadable('wrong_format', `metric ${name}: expected an object, got another value`);
  const values = isObject(metric['values']) ? metric['values'] : metric;
  const thresholds = isObject(metric['thresholds']) ? Object.entries(metric['thresholds']) : [];
  return {
    values,
    thresholds: thresholds.map(([text, said]) =>
      readThreshold(`${name}: ${text}`, said, evaluateThreshold(text, values)),
    ),
  };
}

/** In a `--summary-export` the bare boolean says that the threshold was crossed: true is bad there. */
function readThreshold(name: string, said: JsonValue, seen: boolean | null): Threshold {
  const ok = isObject(said) ? said['ok'] : typeof said === 'boolean' ? !said : null;
  if (typeof ok !== 'boolean')
    throw new Unreadable('wrong_format', `threshold ${name}: expected whether it was met, got neither`);
  if (seen !== null && seen !== ok)
    throw new Unreadable(
      'totals_disagree',
      `threshold ${name} is declared ${ok ? 'met' : 'crossed'}, the values say the opposite`,
    );
  return { name, ok };
}

function readRate(name: string, metric: Metric | undefined): Tally | null {
  if (metric === undefined) return null;
  const { passes, fails } = metric.values;
  const rate = metric.values['rate'] ?? metric.values['value'];
  if (!isCount(passes) || !isCount(fails))
    throw new Unreadable('wrong_format', `metric ${name}: expected counts of passes and fails, got none`);
  const counted = passes + fails === 0 ? 0 : passes / (passes + fails);
  if (typeof rate !== 'number' || Math.abs(rate - counted) > 1e-6)
    throw new Unreadable(
      'totals_disagree',
      `metric ${name} declares the rate ${JSON.stringify(rate ?? null)}, its counts give ${counted}`,
    );
  return { passes, fails };
}

/** Adds the checks of all groups up, compares them with the metric, and returns the names of those that failed. */
function readGroup(root: JsonObject, declared: Tally | null): string[] {
  const checks = listChecks(root);
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const fails = checks.reduce((sum, check) => sum + check.fails, 0);
  if (passes !== (declared?.passes ?? 0) || fails !== (declared?.fails ?? 0))
    throw new Unreadable(
      'totals_disagree',
      `metric checks declares ${declared?.passes ?? 0} passes and ${declared?.fails ?? 0} fails, the groups add up to ${passes} and ${fails}`,
    );
  return checks.filter((check) => check.fails > 0).map((check) => check.name);
}

function listChecks(group: JsonValue): (Tally & { name: string })[] {
  if (!isObject(group))
    throw new Unreadable('wrong_format', 'expected a group of k6 to be an object, got another value');
  const own = membersOf(group['checks']).map((check) => {
    const { name, passes, fails } = isObject(check) ? check : {};
    if (!isCount(passes) || !isCount(fails))
      throw new Unreadable('wrong_format', `check ${textOf(name)}: expected counts, got none`);
    return { name: textOf(name), passes, fails };
  });
  return [...own, ...membersOf(group['groups']).flatMap(listChecks)];
}

/** A list in a `handleSummary`, an object by name in a `--summary-export`. */
function membersOf(value: JsonValue | undefined): JsonValue[] {
  if (isObject(value)) return Object.values(value);
  return Array.isArray(value) ? value : [];
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
