import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonValue } from '@tminus/verify';
import { afterAll } from 'vitest';

import { checkKindContract } from '../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../tests/contract/check-kind.ts';
import type { CheckKind } from '../../core/check/check.ts';
import { axeKind } from './axe/kind.ts';
import { coverageKind } from './coverage/kind.ts';
import { ctrfKind } from './ctrf/kind.ts';
import { dbtKind } from './dbt/kind.ts';
import { jsonKind, yamlKind } from './document/kind.ts';
import { fileKind } from './file/kind.ts';
import { greatExpectationsKind } from './great-expectations/kind.ts';
import { junitKind } from './junit/kind.ts';
import { k6Kind } from './k6/kind.ts';
import { lighthouseKind } from './lighthouse/kind.ts';
import { playwrightKind } from './playwright/kind.ts';
import { sarifKind } from './sarif/kind.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-reports-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/** Reports as small as their tools would write them, on which the defaults pass. */
const healthy: { [file: string]: string } = {
  'junit.xml':
    '<testsuites tests="2" failures="0"><testsuite tests="2"><testcase name="a"/><testcase name="b"/></testsuite></testsuites>',
  'lcov.info': 'SF:/a.ts\nFN:1,f\nFNDA:2,f\nDA:1,2\nDA:2,1\nLF:2\nLH:2\nBRDA:1,0,0,1\nBRF:1\nBRH:1\nend_of_record\n',
  'scan.sarif': '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scanner"}},"results":[]}]}',
  'k6.json': JSON.stringify({
    root_group: { name: '', checks: [{ name: 'up', passes: 3, fails: 0 }], groups: [] },
    metrics: {
      iterations: { values: { count: 3 } },
      checks: { values: { rate: 1, passes: 3, fails: 0 }, thresholds: { 'rate>0.99': { ok: true } } },
    },
  }),
  'lighthouse.json': JSON.stringify({
    lighthouseVersion: '13.0.0',
    requestedUrl: 'http://shop.invalid/',
    audits: { fast: { score: 0.95 }, labelled: { score: 1 } },
    categories: {
      performance: { score: 0.95, auditRefs: [{ id: 'fast', weight: 1 }] },
      accessibility: { score: 1, auditRefs: [{ id: 'labelled', weight: 7 }] },
    },
  }),
  'axe.json': JSON.stringify({
    testEngine: { name: 'axe-core', version: '4.10.0' },
    url: 'http://shop.invalid/',
    violations: [],
    passes: [{ id: 'document-title', nodes: [] }],
    incomplete: [],
    inapplicable: [],
  }),
  'ctrf.json': JSON.stringify({
    results: {
      tool: { name: 'runner' },
      summary: { tests: 1, passed: 1, failed: 0, skipped: 0, pending: 0, other: 0 },
      tests: [{ name: 'a', status: 'passed' }],
    },
  }),
  'playwright.json': JSON.stringify({
    config: {},
    suites: [{ specs: [{ title: 'a', tests: [{ status: 'expected', results: [{ status: 'passed' }] }] }] }],
  }),
  'dbt.json': JSON.stringify({
    metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json', dbt_version: '1.12.0' },
    results: [{ unique_id: 'test.shop.a', status: 'pass' }],
  }),
  'validation.json': JSON.stringify({ success: true, results: [{ success: true }] }),
  'facts.json': '{"version":"1.8.0"}',
  'facts.yaml': 'version: 1.8.0\n',
  'garbage.txt': '\u0001\u0002 no report at all }}}<<<',
};
for (const [file, text] of Object.entries(healthy)) writeFileSync(join(workspace, file), text);
mkdirSync(join(workspace, 'empty'));
writeFileSync(join(workspace, 'huge.txt'), '');
truncateSync(join(workspace, 'huge.txt'), 65 * 1024 * 1024);

const at =
  (path: string): (() => ContractCase) =>
  () => ({ written: { path }, workspace });
const misspelt = { written: { pth: 'report.xml' } as JsonValue, wrong: 'pth', meant: 'path' };

const kinds: [CheckKind, string][] = [
  [junitKind, 'junit.xml'],
  [coverageKind, 'lcov.info'],
  [sarifKind, 'scan.sarif'],
  [k6Kind, 'k6.json'],
  [lighthouseKind, 'lighthouse.json'],
  [axeKind, 'axe.json'],
  [ctrfKind, 'ctrf.json'],
  [playwrightKind, 'playwright.json'],
  [dbtKind, 'dbt.json'],
  [greatExpectationsKind, 'validation.json'],
  [jsonKind, 'facts.json'],
  [yamlKind, 'facts.yaml'],
];
for (const [kind, file] of kinds)
  checkKindContract({
    kind,
    success: at(file),
    refusal: at('absent.file'),
    slow: { none: 'it reads a local file' },
    garbage: at('garbage.txt'),
    huge: at('huge.txt'),
    misspelt,
  });

checkKindContract({
  kind: fileKind,
  success: at('facts.json'),
  refusal: at('absent.file'),
  slow: { none: 'it reads a local file' },
  garbage: { none: 'any bytes are a file' },
  huge: { none: 'a large file is a file: its digest is taken and its head kept, as observe.test.ts shows' },
  misspelt,
  stricter: [{ absent: true, maxAge: '15m' }, { archive: true }, { manifest: 'manifest.json', maxAge: '15m' }],
});
