import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { sarifReader } from './reader.ts';

function read(log: JsonValue): Reading {
  const bytes = new TextEncoder().encode(JSON.stringify(log));
  return sarifReader.parse({ path: 'x' }, [{ name: 'x.sarif', mediaType: 'application/sarif+json', bytes }]);
}
const run = (results: JsonValue, more: JsonObject = {}): JsonObject => ({
  tool: { driver: { name: 'scanner' } },
  results,
  ...more,
});
const log = (...runs: JsonValue[]): JsonObject => ({ version: '2.1.0', runs });
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const factsOf = (reading: Reading): JsonObject =>
  reading.state === 'readable' ? reading.facts : { trouble: reading.trouble.code };
const withRules = (rules: JsonValue, results: JsonValue, more: JsonObject = {}): JsonObject =>
  log({ ...run(results, more), tool: { driver: { name: 'scanner', rules } } });
const ruleOf = (toolComponent: JsonObject): JsonObject => ({ rule: { id: 'Y', index: 0, toolComponent } });

describe('parseSarif', () => {
  it.each<[string, JsonValue, string]>([
    ['no runs: nothing was scanned', log(), 'nothing_scanned'],
    ['a run without results: the scan did not end', log({ tool: { driver: { name: 's' } } }), 'nothing_scanned'],
    ['results that are null', log(run(null)), 'nothing_scanned'],
    ['a scan that says that it failed', log(run([], { invocations: [{ executionSuccessful: false }] })), 'scan_failed'],
    [
      'one failed run among good ones',
      log(run([]), run([], { invocations: [{ executionSuccessful: false }] })),
      'scan_failed',
    ],
    [
      'results that are kept elsewhere',
      log(run([], { externalPropertyFileReferences: { results: [{ itemCount: 3 }] } })),
      'partial',
    ],
    ['another version', { version: '2.0.0', runs: [run([])] }, 'wrong_version'],
    ['a run without a tool', log({ results: [] }), 'wrong_format'],
    ['other JSON', { results: [] }, 'wrong_format'],
    ['a result that is no object', log(run(['bad'])), 'malformed'],
    ['a level that is none', log(run([{ level: 'fatal' }])), 'malformed'],
  ])('U6 refuses %s', (_what, given, code) => {
    expect(codeOf(read(given))).toBe(code);
  });

  it('takes the level from the result, the override, the rule and the standard, in this order', () => {
    const rules = [{ id: 'A', defaultConfiguration: { level: 'error' } }, { id: 'B' }];
    const results = [
      { ruleId: 'A' },
      { ruleId: 'A', level: 'note' },
      { ruleId: 'B' },
      { ruleId: 'A/sub' },
      { ruleIndex: 0 },
    ];
    expect(factsOf(read(withRules(rules, results)))['open']).toMatchObject({ total: 5, error: 3, warning: 1, note: 1 });
    const overridden = {
      invocations: [
        {
          executionSuccessful: true,
          ruleConfigurationOverrides: [{ descriptor: { id: 'A' }, configuration: { level: 'note' } }],
        },
      ],
    };
    expect(factsOf(read(withRules(rules, [{ ruleId: 'A' }], overridden)))['open']).toMatchObject({ error: 0, note: 1 });
  });

  it('finds rules in extensions, and does not confuse them with those of the driver', () => {
    const tool = {
      driver: { name: 's', rules: [{ id: 'X', defaultConfiguration: { level: 'note' } }] },
      extensions: [{ name: 'pack', rules: [{ id: 'Y', defaultConfiguration: { level: 'error' } }] }],
    };
    const results = [ruleOf({ index: 0 }), ruleOf({ name: 'pack' }), { ruleId: 'X' }, { ruleId: 'Y' }];
    expect(factsOf(read(log({ tool, results })))['open']).toMatchObject({ error: 3, note: 1 });
  });

  it('refuses a rule index that points beside its rule: the level would be of another rule', () => {
    const rules = [{ id: 'A', defaultConfiguration: { level: 'note' } }];
    expect(codeOf(read(withRules(rules, [{ ruleId: 'B', ruleIndex: 0 }])))).toBe('totals_disagree');
    expect(codeOf(read(withRules(rules, [{ ruleId: 'A', ruleIndex: 7 }])))).toBe('totals_disagree');
  });

  it('counts as closed only what is suppressed by an accepted suppression, or gone', () => {
    const results = [
      { level: 'error', suppressions: [{ kind: 'external' }] },
      { level: 'error', suppressions: [{ kind: 'external', status: 'accepted' }] },
      { level: 'error', suppressions: [{ kind: 'external', status: 'underReview' }] },
      { level: 'error', suppressions: [{ kind: 'external' }, { kind: 'external', status: 'rejected' }] },
      { level: 'error', suppressions: [] },
      { level: 'error', baselineState: 'absent' },
      { level: 'error', baselineState: 'unchanged' },
    ];
    expect(factsOf(read(log(run(results))))).toMatchObject({
      results: 7,
      suppressed: 3,
      open: { error: 4 },
      new: { error: 3 },
    });
  });

  it('does not take what a tool could not decide for a pass', () => {
    const facts = factsOf(read(log(run([{ kind: 'pass' }, { kind: 'open' }, { kind: 'review' }]))));
    expect(facts['open']).toMatchObject({ none: 3, undecided: 2 });
    expect(sarifReader.defaultExpectations({})).toContain('open.undecided == 0');
  });

  it('counts what a tool reports about itself as an error', () => {
    const invocations = [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [{ level: 'error' }, { level: 'warning' }],
        toolConfigurationNotifications: [{ level: 'error' }],
      },
    ];
    expect(factsOf(read(log(run([], { invocations }))))['toolErrors']).toBe(2);
  });
});
