import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/spec/lint/finding.ts';
import { type LintedDocument, lintDocuments } from '../../src/spec/lint/lint-documents.ts';
import { readerFindings } from './readers.ts';

const folder = '../shared/samples/documents/';
const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d\d-/.test(name)) : [];
const absent = names.length === 0;
if (absent)
  process.stderr.write(
    `SKIPPED tests/samples: ${folder} is not there, so nothing was checked against real documents\n`,
  );

const inputs = names.map((path) => ({ path, bytes: readFileSync(`${folder}${path}`) }));
const result = lintDocuments(inputs, { exists: (path) => existsSync(`${folder}${path}`) });

function documentOf(number: string): LintedDocument {
  const document = result.documents.find((entry) => entry.path.startsWith(`${number}-`));
  if (document === undefined) throw new Error(`no sample document ${number}`);
  return document;
}

function reports(finding: Finding, code: string, line: number): boolean {
  return finding.code === code && (finding.line === line || finding.related.some((place) => place.line === line));
}

const codesOf = (number: string): string[] => documentOf(number).findings.map((finding) => finding.code);

/** Where the reader warns of a misreading: what lint must have understood, and must not report. */
const understood: { [row: string]: () => void } = {
  '07 68': () =>
    expect(documentOf('07').understanding.phases[0]).toMatchObject({ line: 68, offsetMs: -28 * 86_400_000 }),
  '09 143': () => expect(codesOf('09')).not.toContain('done-with-open-criteria'),
  '10 82': () => expect(documentOf('10').understanding.criteria).toEqual([]),
  '12 122': () =>
    expect(documentOf('12').understanding.roles.map((role) => role.line)).toEqual([122, 123, 124, 125, 126, 127]),
  '15 53': () => {
    expect(documentOf('15').understanding.template).toBe(true);
    expect(codesOf('15').filter((code) => /^(?:done|tick|go)-/.test(code))).toEqual([]);
  },
  '17 75': () => expect(documentOf('17').understanding.criteria.length).toBe(11),
  '24 7': () => expect(codesOf('24')).not.toContain('broken-anchor'),
  '24 46': () => expect(documentOf('24').understanding.criteria.filter((criterion) => criterion.line < 60)).toEqual([]),
  '25 35': () =>
    expect(documentOf('25').understanding.phases.map((phase) => phase.spelling)).toEqual([
      'Friday',
      'Monday',
      'Tuesday',
      'Thursday',
      'Friday',
    ]),
  '30 22': () => expect(documentOf('30').understanding.phases.map((phase) => phase.line)).toContain(22),
};

describe.skipIf(absent)('O18 documents of other teams (skipped without ../shared/samples)', () => {
  it.each(names)('%s is read without a crash and without an encoding finding', (name) => {
    const document = documentOf(name.slice(0, 2));
    expect(document.understanding.title).not.toBe('');
    expect(
      document.findings
        .map((finding) => finding.code)
        .filter((code) => /mojibake|utf|nul|-too-large|too-long|too-deep|too-dense/.test(code)),
    ).toEqual([]);
  });

  it.each(readerFindings.filter((row) => row.code !== null && row.code !== 'understood'))(
    'D10 $document: $says ($code, line $line)',
    ({ document, code, line }) => {
      const { findings } = documentOf(document);
      expect(findings.filter((finding) => reports(finding, code ?? '', line)).length).toBeGreaterThan(0);
    },
  );

  it.each(readerFindings.filter((row) => row.code === 'understood'))(
    'D10 $document: $says is understood, not reported',
    ({ document, line }) => {
      const check = understood[`${document} ${line}`];
      expect(check).toBeTypeOf('function');
      check?.();
    },
  );

  it('no rule cries wolf: most documents have at most four warnings for each hundred lines, and none has ten for each', () => {
    const rates = result.documents.map((document, index) => {
      const lines = new TextDecoder().decode(inputs[index]?.bytes).split('\n').length;
      return (100 * document.findings.filter((finding) => finding.severity !== 'info').length) / lines;
    });
    const sorted = rates.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(4);
    expect(Math.max(...rates)).toBeLessThan(10);
  });

  it("the share of the reader's findings that lint makes is computed, printed, and at least 60 %", () => {
    const made = readerFindings.filter(
      (row) =>
        row.code !== null &&
        (row.code === 'understood' ||
          documentOf(row.document).findings.some((finding) => reports(finding, row.code ?? '', row.line))),
    );
    const share = (100 * made.length) / readerFindings.length;
    const noise = result.documents.map((document) => {
      const count = (severity: Finding['severity']): number =>
        document.findings.filter((finding) => finding.severity === severity).length;
      return `  ${document.path.slice(0, 2)}  blocking ${count('blocking')}, warning ${count('warning')}, info ${count('info')}`;
    });
    process.stdout.write(
      `\nreader's findings made by lint: ${made.length} of ${readerFindings.length} (${share.toFixed(1)} %), of them understood rather than reported: ${made.filter((row) => row.code === 'understood').length}\n` +
        `not machine-findable:\n${readerFindings
          .filter((row) => row.code === null)
          .map((row) => `  ${row.document}  ${row.says}: ${row.why}`)
          .join('\n')}\n` +
        `findings by document:\n${noise.join('\n')}\n`,
    );
    expect(share).toBeGreaterThanOrEqual(60);
  });
});
