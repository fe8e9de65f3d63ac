import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';
import { indexRules, objectsOf, resolveLevel } from './resolve-level.ts';
import type { Level } from './resolve-level.ts';

/** One result of a scan. */
export interface SarifResult {
  rule: string;
  level: Level;
  /** Nobody has accepted it. */
  open: boolean;
  /** It was already there in the baseline. */
  known: boolean;
  /** The tool could not make up its mind (`open`) or wants a person to look (`review`). */
  undecided: boolean;
}

/** What a SARIF file says. */
export interface SarifReport {
  runs: number;
  tools: string[];
  results: SarifResult[];
  /** What the tools reported about themselves at level error: part of the scan did not happen. */
  toolErrors: number;
}

/**
 * Returns what a SARIF 2.1.0 file says. Throws `Unreadable` where nothing was scanned: no runs, a run without a list of results
 * (3.14.23: the scan did not start or did not end), a run that says itself that it did not succeed.
 */
export function parseSarif(bytes: Uint8Array): SarifReport {
  const log = parseJson(bytes);
  if (!isObject(log) || !Array.isArray(log['runs']))
    throw new Unreadable('wrong_format', 'expected a SARIF log with runs, got other JSON');
  if (log['version'] !== '2.1.0')
    throw new Unreadable('wrong_version', `expected SARIF 2.1.0, got ${JSON.stringify(log['version'] ?? null)}`);
  if (log['runs'].length === 0) throw new Unreadable('nothing_scanned', 'nothing was scanned: runs is empty');
  const runs = log['runs'].map(readRun);
  return {
    runs: runs.length,
    tools: runs.map((run) => run.tool),
    results: runs.flatMap((run) => run.results),
    toolErrors: runs.reduce((sum, run) => sum + run.toolErrors, 0),
  };
}

function readRun(run: JsonValue, index: number): { tool: string; results: SarifResult[]; toolErrors: number } {
  const tool =
    isObject(run) && isObject(run['tool']) && isObject(run['tool']['driver']) ? run['tool']['driver']['name'] : null;
  if (!isObject(run) || typeof tool !== 'string')
    throw new Unreadable('wrong_format', `run ${index}: expected the name of a tool, got none`);
  refuseUnfinished(run, tool);
  const rules = indexRules(run);
  const results = (run['results'] as JsonValue[]).map((result) => {
    if (!isObject(result))
      throw new Unreadable('malformed', `run of ${tool}: expected results to be objects, got another value`);
    return readResult(result, resolveLevel(result, rules));
  });
  return { tool, results, toolErrors: countToolErrors(objectsOf(run['invocations'])) };
}

function refuseUnfinished(run: JsonObject, tool: string): void {
  const elsewhere = isObject(run['externalPropertyFileReferences']) ? run['externalPropertyFileReferences'] : {};
  if (objectsOf(elsewhere['results']).length > 0)
    throw new Unreadable('partial', `run of ${tool}: expected its results in this file, got a reference to others`);
  if (!Array.isArray(run['results']))
    throw new Unreadable(
      'nothing_scanned',
      `run of ${tool}: expected a list of results, got none: the scan did not end`,
    );
  if (objectsOf(run['invocations']).some((invocation) => invocation['executionSuccessful'] === false))
    throw new Unreadable('scan_failed', `run of ${tool}: expected a successful scan, got executionSuccessful false`);
}

function countToolErrors(invocations: readonly JsonObject[]): number {
  const keys = ['toolExecutionNotifications', 'toolConfigurationNotifications'];
  const notifications = invocations.flatMap((invocation) => keys.flatMap((key) => objectsOf(invocation[key])));
  return notifications.filter((notification) => notification['level'] === 'error').length;
}

function readResult(result: JsonObject, level: Level): SarifResult {
  const suppressions = objectsOf(result['suppressions']);
  const state = result['baselineState'];
  return {
    rule: typeof result['ruleId'] === 'string' ? result['ruleId'] : 'unnamed rule',
    level,
    open: state !== 'absent' && !isSuppressed(suppressions),
    known: state === 'unchanged' || state === 'updated',
    undecided: result['kind'] === 'open' || result['kind'] === 'review',
  };
}

/** 3.27.23: suppressed only where there is a suppression and none of them is still under review or rejected. */
function isSuppressed(suppressions: readonly JsonObject[]): boolean {
  return suppressions.length > 0 && suppressions.every(({ status }) => status === undefined || status === 'accepted');
}
