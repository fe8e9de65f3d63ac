import { describe, expect, it } from 'vitest';

import type { Finding } from '../finding.ts';
import { lintDocuments } from '../lint-documents.ts';
import { launchRules } from '../launch-gaps.ts';
import { readingRules } from '../reading-rules.ts';
import type { Sample } from '../rule.ts';
import { rules } from './rules.ts';

const encoder = new TextEncoder();

function findingsOf(sample: Sample): Finding[] {
  const files = typeof sample === 'string' ? { 'sample.md': sample } : sample;
  const documents = Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text) }));
  return lintDocuments(documents, { exists: () => false }).documents.flatMap((document) => document.findings);
}

describe('each rule', () => {
  it.each(rules.map((rule) => [rule.code, rule] as const))(
    '%s reports its example and leaves its negative control alone',
    (code, rule) => {
      const fired = findingsOf(rule.fires).filter((finding) => finding.code === code);
      expect(fired.length).toBeGreaterThan(0);
      expect(findingsOf(rule.silent).filter((finding) => finding.code === code)).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.code, rule] as const))(
    '%s names a place inside its document, what is expected, what is there and what to do',
    (code, rule) => {
      const files = typeof rule.fires === 'string' ? { 'sample.md': rule.fires } : rule.fires;
      for (const finding of findingsOf(rule.fires).filter((entry) => entry.code === code)) {
        const lines = (files[finding.file] ?? '').split('\n');
        expect(finding.line).toBeGreaterThanOrEqual(1);
        expect(finding.line).toBeLessThanOrEqual(lines.length);
        expect(finding.column).toBeLessThanOrEqual((lines[finding.line - 1] ?? '').length + 1);
        expect(finding.message).toMatch(/\S/);
        expect(finding.message.endsWith('.')).toBe(false);
        expect(finding.expected).not.toBe('');
        expect(finding.hint).not.toBe('');
      }
    },
  );
});

it('every code is one lower-case name, used once', () => {
  const codes = [...rules, ...readingRules, ...launchRules].map((rule) => rule.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
});

it('no rule reports anything about an empty document', () => {
  expect(findingsOf('')).toEqual([]);
});
